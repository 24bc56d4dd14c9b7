"""Reading an engagement's books: which snapshot is meant, and its ledger."""

import re
from dataclasses import dataclass
from datetime import date

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Ledger
from closing_host.engagements.host import Host
from closing_host.engagements.register import find_engagement
from closing_host.storage.engagements import Engagement, EngagementRecords, EngagementYear
from closing_host.storage.snapshot_records import Snapshot

PREVIOUS = "previous"

_REFERENCE = re.compile(
    r"(?P<engagement>[^@]+?)(?:/(?P<year>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?(?:@(?P<which>.+))?"
)


@dataclass(frozen=True, slots=True)
class Books:
    """An engagement's year as one snapshot shows it."""

    engagement: Engagement
    snapshot: Snapshot
    ledger: Ledger


def open_books(host: Host, reference: str) -> Books:
    """The books that `reference` names: `ENGAGEMENT[/YEAR][@WHICH]`.

    ENGAGEMENT is as `find_engagement` takes it. YEAR is the year, month or day in which the financial year begins or
    ends (default: the newest). WHICH is a snapshot's number, the beginning of its fingerprint, or `previous`: the
    one before the current (default: the current). Raises `ClosingError` for what cannot be found.
    """
    engagement, snapshot = find_books(host, reference)
    return Books(engagement, snapshot, host.store.snapshots.load(engagement.id, snapshot.id))


def find_books(host: Host, reference: str) -> tuple[Engagement, Snapshot]:
    """Which books `reference` names, as `open_books`, without reading them."""
    parts = _REFERENCE.fullmatch(reference)
    if parts is None:
        raise ClosingError("engagement-unknown", engagement=reference)
    engagement = find_engagement(host, parts["engagement"])
    year = find_year(host, engagement, parts["year"])
    return engagement, find_snapshot(host, engagement, year.year_start, parts["which"])


def find_year(host: Host, engagement: Engagement, stated: str | None = None) -> EngagementYear:
    """The financial year that begins or ends in `stated`; the newest one with books by default."""
    with host.store.database.read() as connection:
        years = EngagementRecords(connection, engagement.id).years()
    if not any(year.current_snapshot_id for year in years):
        raise ClosingError("engagement-without-books", name=engagement.name)
    if stated is None:
        return next(year for year in years if year.current_snapshot_id)
    for moment in ("year_end", "year_start"):
        for year in years:
            if getattr(year, moment).isoformat().startswith(stated):
                return year
    raise ClosingError("year-unknown", year=stated, name=engagement.name, years=", ".join(map(spell_year, years)))


def spell_year(year: EngagementYear) -> str:
    """`2025-01-01 – 2025-12-31`."""
    return f"{year.year_start} – {year.year_end}"


def find_snapshot(host: Host, engagement: Engagement, year_start: date, which: str | None = None) -> Snapshot:
    """The snapshot that `which` names within the year; the current one by default.

    Raises `ClosingError` `year-without-books`, `snapshot-unknown`, or `snapshot-ambiguous` when a fingerprint's
    beginning fits several that differ.
    """
    history = host.store.snapshots.history(engagement.id, year_start)
    current = next((index for index, each in enumerate(history) if each.current), None)
    if which is None or which == PREVIOUS:
        if current is None:
            raise ClosingError("year-without-books", year=year_start)
        place = current + (which == PREVIOUS)
        if place >= len(history):
            raise ClosingError("snapshot-unknown", snapshot=PREVIOUS, engagement=engagement.id)
        return history[place]
    found = [each for each in history if str(each.id) == which]
    found = found or [each for each in history if each.fingerprint.startswith(which)]
    if not found:
        raise ClosingError("snapshot-unknown", snapshot=which, engagement=engagement.id)
    if len({each.fingerprint for each in found}) > 1:
        raise ClosingError("snapshot-ambiguous", snapshot=which, count=len(found))
    return found[0]
