"""The overview of one engagement's year: what stands where and what to do next, all of one engagement (T G-1)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from closing_host.closing.entries import EXPORTABLE, UNSETTLED
from closing_host.closing.openings import Openings
from closing_host.engagements.changed_periods import changed_periods
from closing_host.engagements.changed_since import ODD
from closing_host.engagements.clients import ClientRow, client_row
from closing_host.engagements.new_year import opening_differences
from closing_host.engagements.next_steps import Next, Situation, next_steps
from closing_host.engagements.period_progress import PeriodLine, year_progress
from closing_host.engagements.system_entries import system_year
from closing_host.storage.engagements import EngagementYear
from closing_host.web.books_desk import BooksDesk
from closing_host.web.entry_desk import EntryDesk
from closing_host.web.house import House


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year with books. `before`: those of the year before, if it has any."""

    books: BooksDesk
    entries: EntryDesk
    before: BooksDesk | None


class OverviewDesk:
    """Engagement `engagement_id`, and one of its years: None without any. `shown`: None for a year without books.

    `newest`: no year follows.
    """

    def __init__(
        self, house: House, engagement_id: int, year: EngagementYear | None, shown: YearShown | None, *, newest: bool
    ) -> None:
        self._host: Final = house.host
        self._engagement_id: Final = engagement_id
        self._shown: Final = shown
        self.year: Final = year
        self.newest: Final = newest

    @cached_property
    def client(self) -> ClientRow:
        """The engagement's row of *Mina uppdrag*."""
        return client_row(self._host, self._engagement_id)

    @cached_property
    def lines(self) -> tuple[PeriodLine, ...]:
        """The year's periods; none without books."""
        if self._shown is None:
            return ()
        return year_progress(self._host, self._shown.books.books, keep=self._shown.books.kept)

    @cached_property
    def openings(self) -> Openings | None:
        """Where the year does not open as last year closed; None when one of them has no books."""
        if self._shown is None or self._shown.before is None:
            return None
        books, before = self._shown.books.books, self._shown.before.books
        versions = tuple((each.id, each.version) for each in before.entries)
        key = ("openings", before.books.snapshot.id, versions)
        return self._shown.books.kept(key, lambda: opening_differences(books, before), lambda found: found.size)

    @property
    def monthly(self) -> pl.DataFrame | None:
        """The year month by month."""
        return None if self._shown is None else self._shown.books.monthly

    @cached_property
    def next(self) -> tuple[Next, ...]:
        """What to do, the most urgent first."""
        return next_steps(self.situation)

    @cached_property
    def situation(self) -> Situation:
        """What the next step follows from."""
        entries = () if self._shown is None else self._shown.books.books.entries
        statuses = [each.status for each in entries]
        return Situation(
            step=self.client.standing.step,
            has_books=self._shown is not None,
            today=self._host.store.clock().date(),
            year_start=None if self.year is None else self.year.year_start,
            periods=tuple(each.progress for each in self.lines),
            to_export=sum(each in EXPORTABLE for each in statuses),
            unsettled=sum(each in UNSETTLED for each in statuses),
            odd_entries=0
            if self._shown is None
            else sum(each.status in ODD for each in self._shown.entries.listed.own),
            locked_changed=self._locked_changed,
            system_due=self._system_due,
            openings=self.openings.differing.height if self.openings is not None else 0,
            newest=self.newest,
        )

    @property
    def _locked_changed(self) -> int:
        """How many locked periods imports have changed since."""
        if self._shown is None or not any(each.period.lock for each in self.lines):
            return 0
        books = self._shown.books
        return len(changed_periods(self._host, books.books, locked_only=True, keep=books.kept))

    @property
    def _system_due(self) -> bool:
        """Whether system entries are missing or out of date; asked only when the year's end is what is left."""
        left = next((each for each in self.lines if each.period.state != "locked"), None)
        if self._shown is None or left is None or not left.period.period.is_year_end:
            return False
        return not system_year(self._host, self._shown.entries.year).in_step
