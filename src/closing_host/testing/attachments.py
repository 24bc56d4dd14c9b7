"""Receivables and payables: what was open, day by day, held against what the fake server says."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final

import polars as pl

from closing_host.api.context import AttachmentsRequest
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.api.subledger import Attachments, OpenItems, SubLedger, VoucherRef
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.cases import year_of
from closing_host.testing.rules import expect, rule

_HOOK: Final = "attachments"
_NEEDS: Final = ("import_ledger", _HOOK)

Open = dict[str, int]
"""Document number to open öre."""


class AttachmentTests(Author):
    """The `attachments` hook."""

    @rule("attachments", *_NEEDS, abilities=("books", "open_items"), files=False)
    def test_open_items_are_right_on_every_day(self, bench: Bench) -> None:
        """Documents less payments are what the fake server has open at the end of each day of the year."""
        year, sides, _ = _asked(bench)
        (_, imported), *_ = self.imports(bench)
        last = min(year.end, bench.clock().date())
        for side, part in sides.items():
            days = [part.as_at] if isinstance(part, OpenItems) else _days(year.start, last)
            held = {day: dict(bench.fake.open_items(side, day)) for day in days}
            expect(
                any(held.values()),
                f"The fake server has no {side} open on any day.",
                "Let it hold some documents, with payments on other days.",
            )
            found = (
                {part.as_at: {each.number: each.amount for each in part.items}}
                if isinstance(part, OpenItems)
                else _open(part, imported.ledger, days)
            )
            for day in days:
                wrong = sorted(set(found[day].items()) ^ set(held[day].items()))
                expect(
                    not wrong,
                    f"At the end of {day} your {side} have {dict(found[day])} öre open; the server has {held[day]}.",
                    "State every document that was open on any day of the year, and every payment of it with its day "
                    "and its sign (positive is what is owed).",
                )

    @rule("attachments", *_NEEDS, abilities=("books",), files=False)
    def test_sub_ledgers_cover_the_asked_days(self, bench: Bench) -> None:
        """Complete from the year's first day through the asked day."""
        year, sides, through = _asked(bench)
        expect(bool(sides), "Your `attachments` returned nothing.", "Return a part for each side that the source has.")
        for side, part in sides.items():
            if isinstance(part, SubLedger):
                expect(
                    part.complete_from <= year.start and part.complete_to >= through,
                    f"Your {side} are complete {part.complete_from} to {part.complete_to}; asked was {year.start} to "
                    f"{through}.",
                    "Read from the year's first day through `request.through`, and say so.",
                )
            expect(
                bool(part.control_accounts),
                f"Your {side} name no control account.",
                "Use `request.control_accounts` for the side, or what the source itself is set to.",
            )

    @rule("attachments", *_NEEDS, abilities=("books",), files=False)
    def test_documents_can_be_told_apart(self, bench: Bench) -> None:
        """Document numbers do not repeat, and each payment names one of them."""
        _, sides, _ = _asked(bench)
        for side, part in sides.items():
            numbers = [each.number for each in (part.items if isinstance(part, OpenItems) else part.documents)]
            expect(
                len(set(numbers)) == len(numbers) and all(numbers),
                f"In your {side} a document's number is empty or stands twice.",
                "Give the number by which the source names the document.",
            )
            strays = [] if isinstance(part, OpenItems) else [p for p in part.payments if p.document not in set(numbers)]
            expect(
                not strays,
                f"In your {side} {len(strays)} payments are for documents that are not stated.",
                "State the document too: all payments of a stated document, and none else.",
            )


def _asked(bench: Bench) -> tuple[FinancialYear, Attachments, date]:
    async def work() -> tuple[FinancialYear, Attachments, date]:
        login: Login = await bench.connect()
        year = await year_of(bench, login, bench.fake.books())
        through = bench.clock().date()
        return year, await bench.call(_HOOK, AttachmentsRequest(year, through, {}), login), through

    return bench.run(work())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _open(part: SubLedger, ledger: Ledger, days: list[date]) -> dict[date, Open]:
    """Total less payments, each counted from the day of its voucher, or its own when it names none (P 7.4.2)."""
    start = ledger.year.start if ledger.year else days[0]
    booked: dict[tuple[str, str], date] = {
        (series, number): day
        for series, number, day in ledger.vouchers.filter(pl.col("date").is_not_null())
        .select("series", "number", "date")
        .iter_rows()
    }

    def counts_from(voucher: VoucherRef | None, dated: date) -> date:
        if voucher is not None and voucher.year_start == start:
            return booked.get((voucher.series, voucher.number), dated)
        return dated if voucher is None else max(dated, voucher.year_start)

    changes: defaultdict[date, list[tuple[str, int]]] = defaultdict(list)
    since = {}
    for document in part.documents:
        if document.booked and not document.cancelled:
            since[document.number] = counts_from(document.voucher, document.dated)
            changes[since[document.number]].append((document.number, document.total))
    for payment in part.payments:
        if payment.booked and payment.document in since:
            day = max(counts_from(payment.voucher, payment.dated), since[payment.document])
            changes[day].append((payment.document, -payment.amount))
    found: dict[date, Open] = {}
    left: defaultdict[str, int] = defaultdict(int)
    moments = sorted(changes)
    for day in days:
        while moments and moments[0] <= day:
            for number, amount in changes[moments.pop(0)]:
                left[number] += amount
        found[day] = {number: amount for number, amount in left.items() if amount}
    return found
