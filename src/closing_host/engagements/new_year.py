"""*Nytt räkenskapsår* (design 2.7): the next year of an engagement, and whether it opens where the last one closed.

Connection, control accounts, the series that exports preselect and the proposed counter accounts are the engagement's,
so a new year has them from the beginning; nothing is copied. What the last year's system entries book in it is made.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.openings import Openings, openings
from closing_host.engagements.books import spell_year
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.register import Overview, overview
from closing_host.engagements.system_making import follow
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords, EngagementYear
from closing_host.storage.snapshot_records import Snapshot

USUAL_MONTHS: Final = 12
MOST_MONTHS: Final = 18
"""Bokföringslagen 3:1 and 3:3: twelve months, and up to eighteen when the first or a changed year is extended."""


@dataclass(frozen=True, slots=True)
class NextYear:
    """The year that comes next. `known`: it is in the engagement already, without books; then its end is stated.

    `latest`: the last day that it can end on.
    """

    start: date
    end: date
    latest: date
    known: bool = False


def next_year(client: Overview) -> NextYear:
    """The year after the engagement's newest one, twelve months long; the newest itself while it has no books.

    Raises `DataError` `new-year-without-previous` for an engagement without years: its first one comes with its books.
    """
    if not client.years:
        raise DataError("new-year-without-previous", name=client.engagement.name)
    newest, snapshot = client.years[0]
    if snapshot is None:
        return NextYear(newest.year_start, newest.year_end, newest.year_end, known=True)
    start = newest.year_end + timedelta(days=1)
    return NextYear(start, _last_day(start, USUAL_MONTHS), _last_day(start, MOST_MONTHS))


def add_next_year(host: Host, engagement_id: int, end: date | None = None) -> EngagementYear:
    """Add the next year, without books yet; once also when it is asked for twice. `end`: its last day, by default
    twelve months on.

    Raises `DataError` `new-year-without-previous`, `new-year-ends-early`, `new-year-too-long`, and `new-year-known` for
    another end than that of a year that is there already; `ClosingError` `engagement-unknown`.
    """
    client = overview(host, engagement_id)
    coming = next_year(client)
    last = coming.end if end is None else end
    if coming.known and last != coming.end:
        raise DataError("new-year-known", year=f"{coming.start} – {coming.end}")
    if last <= coming.start:
        raise DataError("new-year-ends-early", start=coming.start, end=last)
    if last > coming.latest:
        raise DataError("new-year-too-long", start=coming.start, end=last, latest=coming.latest)

    def add(connection: Connection) -> EngagementYear:
        records = EngagementRecords(connection, engagement_id)
        added = records.add_year(host.store.trail(connection, host.actor), coming.start, last)
        if end not in (None, added.year_end):  # somebody else was quicker
            raise DataError("new-year-known", year=spell_year(added))
        return added

    added = host.store.database.transact(add)
    follow(host, engagement_id)
    return added


def year_before(client: Overview, year_start: date) -> tuple[EngagementYear, Snapshot] | None:
    """The year that ends the day before, with what it shows; None when it has no books or is not there."""
    last = year_start - timedelta(days=1)
    return next(((year, each) for year, each in client.years if each is not None and year.year_end == last), None)


def opening_differences(books: EffectiveBooks, before: EffectiveBooks) -> Openings:
    """Where the balance accounts of `books` do not open as those of `before` close, entries that count included."""
    alone = before.books.ledger if before.entries else None
    return openings(books.books.ledger, before.ledger, alone)


def books_before(client: Overview, year: EngagementYear) -> tuple[EngagementYear, Snapshot]:
    """`year_before`, which must be there. Raises `ClosingError` `openings-without-previous`."""
    found = year_before(client, year.year_start)
    if found is None:
        raise ClosingError("openings-without-previous", year=spell_year(year), name=client.engagement.name)
    return found


def _last_day(start: date, months: int) -> date:
    """The last day of a year of so many months from `start`."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    same_day = date(year, month, min(start.day, monthrange(year, month)[1]))
    return same_day - timedelta(days=1)
