"""Making a year's system entries, and keeping them in step with what they are computed from (P 7.5.3).

Entries are made by `make` and, once something was chosen, brought in step by `follow` after every import and every
change of a closing entry. What cannot be brought in step, since *Årsavslut* is locked or a rule refuses the choices,
is shown as out of date and changed by nobody.
"""

import logging
from datetime import date
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.closing.entries import ClosingEntry, Origin, Status
from closing_host.closing.system_entries import Standing
from closing_host.closing.system_entries.steps import NEXT_YEARS
from closing_host.engagements.entry_year import EntryYear, read_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.system_entries import SystemYear, refuse_locked, standing_now
from closing_host.engagements.system_sources import SystemSources, read_sources
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.periods import holds_entry
from closing_host.storage.system_choices import SystemChoices

_LOG: Final = logging.getLogger(__name__)


def make(host: Host, year: EntryYear) -> SystemYear:
    """Bring the year's system entries in step with its rules, in one transaction; the rules as they stand then.

    What is not transferred is made, changed or deleted; what is transferred stays, and a further entry takes what is
    missing. Doing it again changes nothing. The usual choices are kept when the user chose nothing before. Raises
    `ClosingError` `system-year-end-locked`, and what a rule raises.
    """
    while True:
        sources = read_sources(host, year)

        def change(connection: Connection, sources: SystemSources = sources) -> SystemYear | None:
            return _made(host, connection, sources) if sources.hold(connection) else None

        made = host.store.database.transact(change)
        if made is not None:
            return made
        with host.store.database.read() as connection:  # an import came in between
            records = EngagementRecords(connection, year.engagement.id)
            engagement, now = records.engagement(), records.year(year.year.year_start)
        assert now is not None, "years are never removed"
        year = read_entry_year(host, engagement, now)


def follow(host: Host, engagement_id: int, known: EntryYear | None = None) -> bool:
    """Bring the system entries of every year in step for which something was chosen; whether that changed any.

    `known`: a year whose books are at hand. What cannot be brought in step stays as it is and is shown as out of date:
    this comes after something that has been done and must not undo it.
    """
    with host.store.database.read() as connection:
        chosen = SystemChoices(connection, engagement_id).all()
        records = EngagementRecords(connection, engagement_id)
        engagement = records.engagement()
        years = [each for each in records.years() if each.year_start in chosen and each.current_snapshot_id is not None]
    changed = False
    for each in sorted(years, key=lambda year: year.year_start):  # what a year books, the next one opens with
        at_hand = known is not None and known.books is not None and known.year == each
        year = known if at_hand and known is not None else read_entry_year(host, engagement, each)
        try:
            after = make(host, year)
        except ClosingError as error:
            _LOG.info("system entries of engagement %d stay as they are: %s", engagement_id, error.code)
            continue
        changed = changed or _versions(after.year.entries) != _versions(year.entries)
    return changed


def _made(host: Host, connection: Connection, sources: SystemSources) -> SystemYear:
    year = sources.year
    wanted = standing_now(connection, sources)
    if wanted.problem is not None:
        raise wanted.problem
    trail = host.store.trail(connection, host.actor)
    records = EntryRecords(connection, year.engagement.id)
    if not wanted.chosen or not wanted.in_step:
        refuse_locked(connection, year)
    if not wanted.chosen:
        SystemChoices(connection, year.engagement.id).put(trail, year.year.year_start, wanted.choices)
    for each in wanted.standings:
        if each.in_step:
            continue
        if each.rule != NEXT_YEARS:
            _bring(trail, records, each, year.year.year_start)
        elif sources.following is not None and not _is_locked(connection, sources, each):
            _bring(trail, records, each, sources.following.year_start)
    return standing_now(connection, sources)


def _is_locked(connection: Connection, sources: SystemSources, standing: Standing) -> bool:
    """Whether the next year's first period is: then its entry waits, and those of this year do not wait for it."""
    contents = [standing.wanted, None if standing.entry is None else standing.entry.content]
    periods = {each.period for each in contents if each is not None}
    following = sources.following
    return following is not None and any(
        holds_entry(connection, sources.year.engagement.id, following.year_start, each) for each in periods
    )


def _bring(trail: Trail, records: EntryRecords, standing: Standing, year_start: date) -> None:
    """Make, change or delete the rule's entry that is not transferred, as the rule wants it."""
    wanted, entry = standing.wanted, standing.entry
    gone = standing.extra if wanted is not None or entry is None else (entry, *standing.extra)
    for each in gone:
        records.set_status(trail, each.id, Status.DELETED, by="user")
    if wanted is None:
        return
    if entry is None and standing.left is not None:  # its number is taken already
        entry = records.set_status(trail, standing.left.id, Status.READY, by="user")
    if entry is None:
        records.add(trail, year_start, "S", wanted, Origin("rule", standing.rule))
    elif entry.content != wanted:
        records.edit(trail, entry.id, wanted, version=entry.version)


def _versions(entries: tuple[ClosingEntry, ...]) -> list[tuple[int, int]]:
    return [(each.id, each.version) for each in entries]
