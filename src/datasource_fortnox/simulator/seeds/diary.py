"""Writing a demo company's books in the order of time, with the clock standing at each event's day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.documents import Line
from datasource_fortnox.simulator.ledger import FinancialYear, Row
from datasource_fortnox.simulator.totals import totals
from datasource_fortnox.simulator.vouchers import Draft, book

__all__ = ["Diary", "carry_over", "taxed"]


def taxed(total: int, account: int, vat_account: int) -> tuple[Line, Line]:
    """A line and its 25 % VAT that add up to ``total`` öre."""
    vat = total // 5
    return Line(account, total - vat), Line(vat_account, vat, vat=True)


def carry_over(before: FinancialYear, after: FinancialYear) -> None:
    """Opening balances: what the balance sheet closed with."""
    for number, amount in totals(before).closing.items():
        after.accounts[number].opening = amount


@dataclass
class Diary:
    """Events of a company; `write` carries them out by day, those of one day in the order they were noted."""

    company: Company
    events: list[tuple[date, int, Callable[[], Any]]] = field(default_factory=list)
    manual: int = 0
    """How many vouchers of series A have been noted."""

    def note(self, day: date, step: Callable[[], Any]) -> None:
        """Something that happens on ``day``."""
        self.events.append((day, len(self.events), step))

    def voucher(self, day: date, text: str, *rows: tuple[int, int] | Row) -> None:
        """A voucher in series A; rows as (account, öre) or `Row`."""
        filled = [row if isinstance(row, Row) else Row(*row) for row in rows]
        self.manual += 1
        self.note(day, lambda: self._book(Draft("A", day, text, filled)))

    def _book(self, draft: Draft) -> None:
        year = self.company.year_of(draft.date)
        assert year is not None, draft.date
        book(self.company, year, draft)

    def write(self) -> None:
        """Carry everything out and forget it."""
        for day, _, step in sorted(self.events, key=lambda event: event[:2]):
            self.company.clock = Clock.frozen(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
            step()
        self.events.clear()
