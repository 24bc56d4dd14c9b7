"""Keeping an entry's reversal (*Återförs nästa period*) in step with it, in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from closing_host.closing.entries import EDITABLE, ClosingEntry, Origin, Status
from closing_host.closing.entry_mirrors import reversal, year_after
from closing_host.storage.audit import Trail
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.setup import SetupRecords


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the user must know of what was done: a message code and its parameters."""

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


def reversal_of(entry: ClosingEntry, entries: tuple[ClosingEntry, ...]) -> ClosingEntry | None:
    """The reversal of `entry`, None when it has none or it was deleted."""
    return _linked(entry, "reversal", entries)


def correction_of(entry: ClosingEntry, entries: tuple[ClosingEntry, ...]) -> ClosingEntry | None:
    """The correction of `entry`, None when it has none or it was deleted."""
    return _linked(entry, "correction", entries)


def keep_in_step(trail: Trail, records: EntryRecords, entry: ClosingEntry, year_end: date) -> tuple[Notice, ...]:
    """Make, move, change, delete or bring back the reversal, as the entry now wants it.

    It is wanted while the entry says so, unless it is deleted, not for transfer or corrected. A reversal in the next
    year adds that year to the engagement when it is not there: twelve months, until its books state another end. One
    that is booked or on its way is never touched; then the notice says that it must be corrected.
    """
    entries = records.all(deleted=True)
    gone = entry.status in (Status.DELETED, Status.NOT_FOR_TRANSFER) or correction_of(entry, entries) is not None
    wanted = entry.content.reversed_next and not gone
    present = reversal_of(entry, entries)
    division = SetupRecords(trail.connection, records.engagement_id).get().period or "month"
    content = reversal(entry, year_end, division)
    if present is not None and present.status not in EDITABLE:
        if wanted and present.content == content:
            return ()
        return (Notice("entry-reversal-booked", {"entry": entry.label, "reversal": present.label}),)
    year_start = entry.year_start
    notices: tuple[Notice, ...] = ()
    if content.date > year_end:
        year_start, notices = _next_year(trail, records.engagement_id, year_end, add=wanted)
    if present is not None and (not wanted or present.year_start != year_start):
        records.set_status(trail, present.id, Status.DELETED, by="user")
        present = None
    if not wanted:
        return ()
    status = Status.DRAFT if entry.status is Status.DRAFT else Status.READY
    origin = Origin("reversal", str(entry.id))
    if present is None:
        left = [each for each in entries if each.origin == origin and each.year_start == year_start]
        if not left:
            records.add(trail, year_start, "V", content, origin, status)
            return notices
        present = records.set_status(trail, left[-1].id, status, by="user")
    if present.content != content or (present.status is Status.DRAFT) != (status is Status.DRAFT):
        records.edit(trail, present.id, content, version=present.version, status=status)
    return notices


def _linked(entry: ClosingEntry, kind: Any, entries: tuple[ClosingEntry, ...]) -> ClosingEntry | None:
    origin = Origin(kind, str(entry.id))
    return next((each for each in entries if each.origin == origin and each.status is not Status.DELETED), None)


def _next_year(trail: Trail, engagement_id: int, year_end: date, *, add: bool) -> tuple[date, tuple[Notice, ...]]:
    first, last = year_after(year_end)
    records = EngagementRecords(trail.connection, engagement_id)
    if not add or records.year(first) is not None:
        return first, ()
    records.add_year(trail, first, last)
    return first, (Notice("entry-year-added", {"first": first, "last": last}),)
