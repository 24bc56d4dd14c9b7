"""Attachments of a large company: 50,000 invoices and payments beside their ledger.

Nothing is asked: sub-ledger and ledger are made in memory, the same for the same arguments. Invoices and payments have
their vouchers; some are missing or wrong, and some vouchers belong to nobody, so there is a difference to explain.

    python -m benchmarks.attachments                     # 25,000 invoices, 25,000 payments
    python -m benchmarks.attachments --invoices 250000
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.subledger import Document, Payment, SubLedger, VoucherRef
from closing_host.closing import attachment_at, attachment_of, daily_series, item_changes, link, open_items
from closing_host.ledgers.periods import months
from closing_host.storage.attachment_facts import put_facts, read_facts
from closing_host.storage.blobs import LocalBlobs
from closing_host.storage.clock import utc_now

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
TODAY = date(2026, 2, 14)


def made(invoices: int) -> tuple[Ledger, SubLedger]:
    """As many payments as invoices: nine of ten whole, the rest in two parts, one of them in the new year."""
    documents, payments = [], []
    vouchers: list[tuple[str, str, date, int]] = []
    for n in range(invoices):
        number, dated = str(n + 1), YEAR.start + timedelta(days=n * 365 // invoices)
        total = 10_000 + n * 7_919 % 5_000_000
        counted = None if n % 997 == 0 else _book(vouchers, "B", dated, total - (n % 1_009 == 0))
        paid = dated + timedelta(days=10 + n * 31 % 50)
        parts = (
            [(paid, total)] if n % 10 else [(paid, total // 2), (TODAY - timedelta(days=n % 40), total - total // 2)]
        )
        if n % 20:
            payments += [
                Payment(f"{number}-{place}", number, day, amount, True, voucher=_book(vouchers, "C", day, -amount))
                for place, (day, amount) in enumerate(parts)
                if day <= TODAY
            ]
        left = total - sum(amount for day, amount in parts if day <= TODAY) if n % 20 else total
        party = str(n * 13 % 2_000)
        documents.append(
            Document(
                number, party, f"Kund {party}", dated, dated + timedelta(days=30), total, left, True, False, counted
            )
        )
    facts = SubLedger("receivables", ("1510",), tuple(documents), tuple(payments), YEAR.start, TODAY)
    return _ledger(vouchers), facts


def _book(vouchers: list[tuple[str, str, date, int]], series: str, day: date, amount: int) -> VoucherRef:
    if day <= YEAR.end:
        vouchers.append((series, str(len(vouchers) + 1), day, amount))
        return VoucherRef(YEAR.start, series, str(len(vouchers)))
    return VoucherRef(date(2026, 1, 1), series, str(len(vouchers)))


def _ledger(vouchers: list[tuple[str, str, date, int]]) -> Ledger:
    """A row on 1510 and one against it per voucher, and a hundred vouchers that no document knows of."""
    alone = [("A", str(n), YEAR.start + timedelta(days=3 * n), 100 + n) for n in range(1, 101)]
    heads = pl.DataFrame(vouchers + alone, schema=["series", "number", "date", "amount"], orient="row").with_row_index(
        "voucher"
    )
    rows = pl.concat(
        [
            heads.select("voucher", row=pl.lit(0), kind=pl.lit("booked"), account=pl.lit("1510"), amount="amount"),
            heads.select(
                "voucher", row=pl.lit(1), kind=pl.lit("booked"), account=pl.lit("1930"), amount=-pl.col("amount")
            ),
        ]
    )
    builder = LedgerBuilder(Company("Exempel AB"), [YEAR])
    builder.extend("vouchers", heads.drop("amount"))
    builder.extend("rows", rows.sort("voucher", "row"))
    return builder.build()


def measure(invoices: int) -> list[tuple[str, float, str]]:
    """What was done, the best of three in seconds, and what came out."""
    ledger, facts = made(invoices)
    linked = link(ledger, facts)
    series = daily_series(linked)
    results: list[tuple[str, float, str]] = []

    def run(name: str, work: Callable[[], Any], tell: Callable[[Any], str]) -> None:
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            outcome = work()
            best = min(best, time.perf_counter() - began)
        results.append((name, best, tell(outcome)))

    def classes(outcome: Any) -> str:
        return ", ".join(f"{letter} {amount:,}" for letter, amount in outcome.explanation.amounts.items() if amount)

    ends = [end for _, end in months(YEAR.start, YEAR.end)]
    run("link to the ledger", lambda: link(ledger, facts), lambda found: f"{found.entries.height:,} entries")
    run("every day of the year", lambda: daily_series(linked), lambda frame: f"{frame.height} days")
    run("open items of one day", lambda: open_items(linked, YEAR.end), lambda frame: f"{frame.height:,} items")
    run("one attachment, from the facts", lambda: attachment_of(ledger, facts), classes)
    run(
        "twelve attachments, linked once",
        lambda: [attachment_at(linked, end, series=series) for end in ends],
        lambda all_: f"{len(all_)} of them",
    )
    with tempfile.TemporaryDirectory() as folder:
        blobs = LocalBlobs(Path(folder), Path(folder), utc_now)
        names = put_facts(blobs, facts)
        size = sum(blobs.path(sha).stat().st_size for sha in names.values())
        run("facts stored", lambda: put_facts(blobs, facts), lambda _: f"{size / 2**20:.1f} MiB")
        run("facts read again", lambda: read_facts(blobs, names), lambda found: f"equal: {found == facts}")
    items = open_items(linked, YEAR.end)
    run("two versions compared", lambda: item_changes(items, items), lambda frame: f"{frame.height} changes")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--invoices", type=int, default=25_000)
    invoices = parser.parse_args().invoices
    began = time.perf_counter()
    ledger, facts = made(invoices)
    size = f"{len(facts.documents):,} invoices, {len(facts.payments):,} payments, {ledger.vouchers.height:,} vouchers"
    print(f"{size}, made in {time.perf_counter() - began:.2f} s\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':40}{'seconds':>9}  result")
    for name, seconds, result in measure(invoices):
        print(f"{name:40}{seconds:>9.3f}  {result}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:,.0f} MB; {before:,.0f} MB of it is the interpreter and the books")


if __name__ == "__main__":
    main()
