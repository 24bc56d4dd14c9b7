"""How a year stands as a whole, and what to do next in it: what the overview and `closing guide` tell."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from closing_host.closing.entries import EXPORTABLE, UNSETTLED
from closing_host.closing.openings import Openings
from closing_host.engagements.books import Books
from closing_host.engagements.changed_periods import changed_periods
from closing_host.engagements.changed_since import ODD
from closing_host.engagements.effective import EffectiveBooks, effective
from closing_host.engagements.entry_year import EntryYear, read_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.new_year import opening_differences, year_before
from closing_host.engagements.next_steps import Next, Situation, next_steps
from closing_host.engagements.period_progress import PeriodLine, year_progress
from closing_host.engagements.reconciling import Keep, now
from closing_host.engagements.register import Overview, closing_year
from closing_host.engagements.system_entries import system_year
from closing_host.engagements.wizard import Standing, Step
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.snapshot_records import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class OpenYear:
    """A year with books. `before`: those of the year before, if it has any."""

    books: EffectiveBooks
    entries: EntryYear
    before: EffectiveBooks | None


class YearOverview:
    """One of an engagement's years, whose guide stands at `step`: `year` None without any. `open`: None for a year
    without books. `newest`: no year follows. What is asked for is computed once, and kept by `keep`."""

    def __init__(
        self,
        host: Host,
        step: Step,
        year: EngagementYear | None,
        open: OpenYear | None,
        *,
        newest: bool,
        keep: Keep = now,
    ) -> None:
        self._host: Final = host
        self._step: Final = step
        self._open: Final = open
        self._keep: Final = keep
        self.year: Final = year
        self.newest: Final = newest

    @cached_property
    def lines(self) -> tuple[PeriodLine, ...]:
        """The year's periods; none without books. Raises `DataError` `year-too-long`."""
        return () if self._open is None else year_progress(self._host, self._open.books, keep=self._keep)

    @cached_property
    def openings(self) -> Openings | None:
        """Where the year does not open as last year closed; None when one of them has no books."""
        if self._open is None or self._open.before is None:
            return None
        books, before = self._open.books, self._open.before
        versions = tuple((each.id, each.version) for each in before.entries)
        key = ("openings", before.books.snapshot.id, versions)
        return self._keep(key, lambda: opening_differences(books, before), lambda found: found.size)

    @cached_property
    def next(self) -> tuple[Next, ...]:
        """What to do, the most urgent first."""
        return next_steps(self.situation)

    @cached_property
    def situation(self) -> Situation:
        """What the next step follows from."""
        statuses = [] if self._open is None else [each.status for each in self._open.books.entries]
        own = () if self._open is None else self._open.entries.own
        return Situation(
            step=self._step,
            has_books=self._open is not None,
            today=self._host.store.clock().date(),
            year_start=None if self.year is None else self.year.year_start,
            periods=tuple(each.progress for each in self.lines),
            to_export=sum(each in EXPORTABLE for each in statuses),
            unsettled=sum(each in UNSETTLED for each in statuses),
            odd_entries=sum(each.status in ODD for each in own),
            locked_changed=self._locked_changed,
            system_due=self._system_due,
            openings=self.openings.differing.height if self.openings is not None else 0,
            newest=self.newest,
        )

    @property
    def _locked_changed(self) -> int:
        """How many locked periods imports have changed since."""
        if self._open is None or not any(each.period.lock for each in self.lines):
            return 0
        return len(changed_periods(self._host, self._open.books, locked_only=True, keep=self._keep))

    @property
    def _system_due(self) -> bool:
        """Whether system entries are missing or out of date; asked only when the year's end is what is left."""
        left = next((each for each in self.lines if each.period.state != "locked"), None)
        if self._open is None or left is None or not left.period.period.is_year_end:
            return False
        return not system_year(self._host, self._open.entries).in_step


def year_to_tell(client: Overview, today: date) -> EngagementYear | None:
    """The year that is closed now, else the newest one; None without any."""
    closing = closing_year(client, today)
    return closing[0] if closing else next((each for each, _ in client.years), None)


def is_newest(client: Overview, year: EngagementYear | None) -> bool:
    """Whether no year follows."""
    return not client.years or client.years[0][0] == year


def read_year_overview(host: Host, standing: Standing) -> YearOverview:
    """The year of the engagement that is to be told of, with its books as they are now."""
    client = standing.client
    year = year_to_tell(client, host.store.clock().date())
    newest = is_newest(client, year)
    snapshot = next((each for known, each in client.years if known == year), None)
    if year is None or snapshot is None:
        return YearOverview(host, standing.step, year, None, newest=newest)
    before = year_before(client, year.year_start)
    entries = read_entry_year(host, client.engagement, year)
    opened = OpenYear(_read(host, client, snapshot), entries, _read(host, client, before[1]) if before else None)
    return YearOverview(host, standing.step, year, opened, newest=newest)


def _read(host: Host, client: Overview, snapshot: Snapshot) -> EffectiveBooks:
    ledger = host.store.snapshots.load(client.engagement.id, snapshot.id)
    return effective(host, Books(client.engagement, snapshot, ledger))
