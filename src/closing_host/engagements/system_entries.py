"""*Systemverifikationer* (S, P 7.5.3): what a year's rules compute from books and choices, and choosing.

`system_making` makes the entries.
"""

from dataclasses import dataclass
from datetime import date

from closing_host.api.errors import ClosingError
from closing_host.closing.entries import YEAR_END
from closing_host.closing.system_entries import Choices, Computation, Standing, YearBooks, check, rules, standings
from closing_host.closing.system_entries.steps import NEXT_YEARS, is_open
from closing_host.engagements.entry_year import EntryYear, read_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.system_sources import SystemSources, read_sources
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagement, EngagementRecords, EngagementYear
from closing_host.storage.entries import EntryRecords
from closing_host.storage.periods import holds_entry
from closing_host.storage.system_choices import SystemChoices


@dataclass(frozen=True, slots=True)
class SystemYear:
    """A year's rules as they stand now. `chosen`: the user chose `choices`; else they are the usual ones.

    `problem`: why the rules could not be computed to their end; those after it have no computation then. `locked`:
    *Årsavslut* is locked, so nothing is changed.
    """

    year: EntryYear
    books: YearBooks
    choices: Choices
    chosen: bool
    standings: tuple[Standing, ...]
    problem: ClosingError | None
    locked: bool

    @property
    def in_step(self) -> bool:
        """Whether the entries are what the rules want."""
        return self.problem is None and all(each.in_step for each in self.standings)

    @property
    def out_of_date(self) -> bool:
        """Whether there are entries, and they are not what the rules want."""
        return not self.in_step and any(each.entry or each.booked for each in self.standings)


def system_year(host: Host, year: EntryYear, choices: Choices | None = None) -> SystemYear:
    """The rules of `year` as they stand, or as they would with other `choices`.

    Raises `ClosingError` `entry-year-without-books`.
    """
    sources = read_sources(host, year)
    with host.store.database.read() as connection:
        return standing_now(connection, sources, choices)


def choose(host: Host, year: EntryYear, choices: Choices) -> SystemYear:
    """Keep what the user chooses for the year; the entries themselves are made by `make`.

    Raises `ClosingError` `system-year-end-locked`, `entry-year-without-books`, and `DataError` for what cannot be
    chosen: as `closing.system_entries.check`, and whatever a rule says.
    """
    sources = read_sources(host, year)

    def change(connection: Connection) -> SystemYear:
        refuse_locked(connection, year)
        would = standing_now(connection, sources, choices)
        check(choices, would.books)
        if would.problem is not None:
            raise would.problem
        trail = host.store.trail(connection, host.actor)
        SystemChoices(connection, year.engagement.id).put(trail, year.year.year_start, choices)
        return standing_now(connection, sources)

    return host.store.database.transact(change)


def outdated(host: Host, engagement: Engagement, year: EngagementYear) -> frozenset[int]:
    """The system entries of `year`, by id, that are not what their rules want: the year's own rules, and those of the
    year before, whose S-f is booked in it."""
    last = date.fromordinal(year.year_start.toordinal() - 1)
    with host.store.database.read() as connection:
        years = EngagementRecords(connection, engagement.id).years()
        made = EntryRecords(connection, engagement.id).all(year.year_start)
    mine = {each.id for each in made if is_open(each)}
    gathered = {each.id for each in made if is_open(each) and each.origin.subject == NEXT_YEARS}
    found: set[int] = set()
    for each in years:
        wanted = mine if each.year_start == year.year_start else gathered if each.year_end == last else set()
        if wanted and each.current_snapshot_id is not None:
            for standing in system_year(host, read_entry_year(host, engagement, each)).standings:
                if not standing.in_step:
                    found |= {one.id for one in (standing.entry, *standing.extra) if one is not None}
    return frozenset(found & mine)


def standing_now(connection: Connection, sources: SystemSources, choices: Choices | None = None) -> SystemYear:
    """The rules as they stand inside a transaction; with other `choices` as they would."""
    year = sources.year
    engagement_id, year_start = year.engagement.id, year.year.year_start
    entries = EntryRecords(connection, engagement_id).all(deleted=True)
    stored = SystemChoices(connection, engagement_id).get(year_start)
    used = choices or stored or Choices()
    books = sources.books(entries)
    computed: list[Computation] = []
    problem: ClosingError | None = None
    try:
        for each in rules(books, used):
            computed.append(each)
    except ClosingError as error:
        problem = error
    now = EntryYear(year.engagement, year.year, year.books, entries)
    locked = holds_entry(connection, engagement_id, year_start, YEAR_END)
    held = standings(computed, sources.mine(entries))
    return SystemYear(now, books, used, stored is not None, held, problem, locked)


def refuse_locked(connection: Connection, year: EntryYear) -> None:
    """Raises `ClosingError` `system-year-end-locked` when *Årsavslut* is."""
    if holds_entry(connection, year.engagement.id, year.year.year_start, YEAR_END):
        raise ClosingError("system-year-end-locked")
