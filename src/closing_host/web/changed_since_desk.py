"""What changed in what was signed off, as pages may reach it: of the books of one engagement's year (T G-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from closing_host.engagements.changed_periods import PeriodChange, changed_periods
from closing_host.engagements.changed_since import ChangedSince, changed_since
from closing_host.web.books_desk import BooksDesk
from closing_host.web.found import Part, with_details
from closing_host.web.house import House

GLANCE: Final = 50
"""Vouchers of a period, and accounts, that are shown; the rest is counted."""


@dataclass(frozen=True, slots=True)
class PeriodLines:
    """A signed-off period that changed. `vouchers`: as a comparison shows them, at most `GLANCE`; `figures`: likewise,
    `MOVED_FIGURES`; `more`: vouchers that are not shown, `more_figures`: accounts."""

    change: PeriodChange
    vouchers: Part
    figures: tuple[Mapping[str, Any], ...]

    @property
    def more(self) -> int:
        """Vouchers that are not shown."""
        return self.vouchers.count - len(self.vouchers.lines)

    @property
    def more_figures(self) -> int:
        """Accounts that are not shown."""
        return self.change.figures.height - len(self.figures)


class ChangedSinceDesk:
    """The books of `desk`, held against what was signed off, locked and exported."""

    def __init__(self, house: House, desk: BooksDesk) -> None:
        self._house: Final = house
        self._desk: Final = desk

    @cached_property
    def found(self) -> ChangedSince:
        """All of it."""
        return changed_since(self._house.host, self._desk.books, keep=self._desk.kept)

    @cached_property
    def locked(self) -> tuple[PeriodChange, ...]:
        """The locked periods alone, for the banner."""
        return changed_periods(self._house.host, self._desk.books, locked_only=True, keep=self._desk.kept)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The accounts of the books: one that is gone has no page."""
        return frozenset(self._desk.books.ledger.accounts["account"])

    @cached_property
    def periods(self) -> tuple[PeriodLines, ...]:
        """The signed-off periods that changed, locked ones first, each with its vouchers and figures."""
        ordered = sorted(self.found.periods, key=lambda each: not each.locked)
        return tuple(PeriodLines(each, _vouchers(each), _figures(each)) for each in ordered)


def _vouchers(change: PeriodChange) -> Part:
    found = change.vouchers
    frames = {"voucher_fields": found.fields.lazy(), "rows": found.rows.lazy()}
    lines = tuple(found.vouchers.head(GLANCE).iter_rows(named=True))
    return Part("vouchers", with_details(lines, frames.__getitem__), found.count, 1, 1)


def _figures(change: PeriodChange) -> tuple[Mapping[str, Any], ...]:
    return tuple(change.figures.head(GLANCE).iter_rows(named=True))
