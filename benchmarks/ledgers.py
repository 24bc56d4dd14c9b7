"""Fingerprint, trial balance, import controls and comparison on a ledger made in memory.

No file is read: the ledger is made column by column, the same one for the same arguments, in about a second.

    python -m benchmarks.ledgers                     # 100,000 vouchers, about 450,000 rows
    python -m benchmarks.ledgers --vouchers 900000   # a quarter of a gigabyte as a SIE file
"""

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from closing_host.api.ledger import OBJECTS, QUANTITY, Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.ledgers import Comparison, account_ledger, compare, fingerprint, run_controls, trial_balance

BALANCE_ACCOUNTS = [str(1000 + 7 * place) for place in range(280)]
RESULT_ACCOUNTS = [str(3000 + 17 * place) for place in range(320)]
ACCOUNTS = BALANCE_ACCOUNTS + RESULT_ACCOUNTS
COMPANY = Company(name="Exempel AB", organisation_number="556677-8899")
YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))


def spread(expression: pl.Expr, below: int, step: int) -> pl.Expr:
    """Whole numbers below `below` that look unordered and are the same everywhere."""
    return (expression * step + expression // 3) % below


def made(vouchers: int) -> Ledger:
    """A balanced ledger: 3-6 rows per voucher, object lists on a third of them, opening and closing balances."""
    keys = pl.int_range(vouchers, eager=True).alias("voucher").cast(pl.Int64)
    heads = keys.to_frame().with_columns(
        series=pl.lit("A"),
        number=(pl.col("voucher") + 1).cast(pl.String),
        date=pl.lit(YEAR.start).dt.offset_by((pl.col("voucher") * 365 // vouchers).cast(pl.String) + "d"),
        text=pl.lit("Faktura ") + spread(pl.col("voucher"), 9973, 7919).cast(pl.String),
        registered_on=pl.lit(YEAR.end),
        signature=pl.lit("EK"),
        line=pl.col("voucher") * 8,
        rows=3 + spread(pl.col("voucher"), 4, 3),
    )
    rows = (
        heads.select("voucher", "rows", row=pl.int_ranges(0, pl.col("rows")))
        .explode("row")
        .with_columns(seed=pl.col("voucher") * 8 + pl.col("row"))
        .with_columns(amount=spread(pl.col("seed"), 10_000_019, 104_729) + 1)
        # The last row of each voucher takes what the others leave, so every voucher balances.
        .with_columns(
            amount=pl.when(pl.col("row") < pl.col("rows") - 1)
            .then("amount")
            .otherwise(pl.col("amount") - pl.col("amount").sum().over("voucher"))
        )
        .select(
            "voucher",
            "row",
            kind=pl.lit("booked"),
            account=spread(pl.col("seed"), len(ACCOUNTS), 7919).replace_strict(dict(enumerate(ACCOUNTS))),
            amount="amount",
            objects=spread(pl.col("seed"), 300, 31).replace_strict(
                {place: objects(place) for place in range(300)}, return_dtype=OBJECTS
            ),
            text=pl.when(pl.col("row") == 0).then(pl.lit("rad")).otherwise(pl.lit("")),
            quantity=pl.when(pl.col("row") == 1).then(pl.lit(2)).cast(QUANTITY),
            line=pl.col("seed"),
        )
    )
    builder = LedgerBuilder(COMPANY, [YEAR])
    for account in ACCOUNTS:
        builder.add_account(account, f"Konto {account}", type="T" if account < "3000" else "I", sru=["7251"])
    for place in range(1, 21):
        builder.add_object(1, str(place), f"Kostnadsställe {place}")
    sums = dict(rows.group_by("account").agg(pl.col("amount").sum()).iter_rows())
    for account in ACCOUNTS:
        builder.add_balance("UB" if account < "3000" else "RES", account, sums.get(account, 0))
    builder.extend("vouchers", heads.drop("rows"))
    builder.extend("rows", rows)
    return builder.build()


def objects(place: int) -> list[dict[str, object]]:
    """A third of the lists hold a cost centre, some of those a project too."""
    pairs = [(1, str(place % 20 + 1)), (6, f"P{place}")][: (place % 3 == 0) + (place % 9 == 0)]
    return [{"dimension": dimension, "object": code} for dimension, code in pairs]


def with_changes(ledger: Ledger, every: int) -> Ledger:
    """Every so many vouchers with another text and another amount in its first row."""
    chosen = pl.col("voucher") % every == 0
    return replace(
        ledger,
        vouchers=ledger.vouchers.with_columns(
            text=pl.when(chosen).then(pl.col("text") + pl.lit(" ändrad")).otherwise("text")
        ),
        rows=ledger.rows.with_columns(
            amount=pl.when(chosen & (pl.col("row") == 0)).then(pl.col("amount") + 100).otherwise("amount")
        ),
    )


def without_numbers(ledger: Ledger) -> Ledger:
    """As a feeder system's file has them (SIE 4I): matched by content, the slowest way."""
    blank = pl.lit("")
    return replace(ledger, vouchers=ledger.vouchers.with_columns(series=blank, number=blank))


def other_order(ledger: Ledger) -> Ledger:
    """The same books, vouchers and rows in reverse."""
    return replace(ledger, vouchers=ledger.vouchers.reverse(), rows=ledger.rows.reverse())


def measure(vouchers: int) -> list[tuple[str, float, str]]:
    """What was done, the best of three in seconds, and what came out."""
    ledger = made(vouchers)
    changed = with_changes(ledger, 10)
    results: list[tuple[str, float, str]] = []

    def run(name: str, work: Callable[[], Any], tell: Callable[[Any], str]) -> None:
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            outcome = work()
            best = min(best, time.perf_counter() - began)
        results.append((name, best, tell(outcome)))

    def differences(comparison: Comparison) -> str:
        return f"{comparison.count:,} differences"

    run("fingerprint", lambda: fingerprint(ledger), lambda digest: digest[:12])
    run("trial balance by month", lambda: trial_balance(ledger), lambda frame: f"{frame.height:,} lines")
    run("account ledger", lambda: account_ledger(ledger, ACCOUNTS[0]), lambda frame: f"{frame.height:,} rows")
    run("import controls", lambda: run_controls(ledger), lambda all_: f"{sum(each.count for each in all_)} found")
    run("compare, equal", lambda: compare(ledger, ledger), differences)
    run("compare, equal, other order", lambda: compare(ledger, other_order(ledger)), differences)
    run("compare, a tenth changed", lambda: compare(ledger, changed), differences)
    bare, bare_changed = without_numbers(ledger), without_numbers(changed)
    run("compare, no numbers, a tenth changed", lambda: compare(bare, bare_changed), differences)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vouchers", type=int, default=100_000)
    vouchers = parser.parse_args().vouchers
    began = time.perf_counter()
    rows = made(vouchers).rows.height
    print(f"{vouchers:,} vouchers, {rows:,} rows, made in {time.perf_counter() - began:.2f} s\n")
    print(f"{'':40}{'seconds':>9}{'rows/s':>14}  result")
    for name, seconds, result in measure(vouchers):
        print(f"{name:40}{seconds:>9.2f}{rows / seconds:>14,.0f}  {result}")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, both ledgers included")


if __name__ == "__main__":
    main()
