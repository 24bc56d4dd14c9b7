"""What a user does with closing entries: each function is one transaction of rule, record and audit.

The year's system entries follow in one of their own.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from closing_host.api.errors import DataError
from closing_host.closing.entries import (
    BOOKED,
    EDITABLE,
    UNSETTLED,
    ClosingEntry,
    EntryContent,
    Origin,
    Status,
    month_of,
)
from closing_host.closing.entry_mirrors import correction
from closing_host.closing.entry_rules import check, check_not_for_transfer, problems
from closing_host.engagements.entry_reversals import Notice, correction_of, keep_in_step, reversal_of
from closing_host.engagements.entry_year import AccountEffect, EntryYear, with_entries_now
from closing_host.engagements.host import Host
from closing_host.engagements.periods import check_entry_period
from closing_host.engagements.system_making import follow
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.entries import EntryRecords

BY_HAND = Origin()


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry as it now stands, its reversal, what it did to the year's balances, and what the user must know."""

    entry: ClosingEntry
    reversal: ClosingEntry | None
    effect: tuple[AccountEffect, ...]
    notices: tuple[Notice, ...]


Work = Callable[[Trail, EntryRecords], ClosingEntry]


def add_entry(
    host: Host, year: EntryYear, content: EntryContent, *, origin: Origin = BY_HAND, draft: bool = False
) -> Saved:
    """Make a V, with its reversal when it says so.

    Raises `DataError` for the first thing that is wrong (`closing.entry_rules.problems`), of a draft only what not even
    a draft may have; `ClosingError` `entry-period-locked`, `period-paused`.
    """
    check(content, year.chart, draft=draft)
    status = Status.DRAFT if draft else Status.READY
    return _save(
        host,
        year,
        lambda trail, records: records.add(trail, year.year.year_start, "V", content, origin, status),
        periods=[content.period],
    )


def edit_entry(
    host: Host, year: EntryYear, entry: ClosingEntry, content: EntryContent, *, draft: bool | None = None
) -> Saved:
    """Change a V that was not transferred; `entry` is the version that the user saw.

    `draft`: True makes it a draft, False makes it ready to be sent, None leaves that. The reversal follows. Raises as
    `add_entry`, and `ClosingError` `entry-not-editable`, `entry-deleted`, `entry-changed-meanwhile`; `DataError`
    `entry-by-rule`, `entry-is-reversal`.
    """
    _refuse_foreign(year, entry)
    status = entry.status
    if draft is not None:
        status = Status.DRAFT if draft else Status.READY
    elif status is Status.FAILED:
        status = Status.READY
    check(content, year.chart, draft=status is Status.DRAFT)
    if status is Status.NOT_FOR_TRANSFER:
        check_not_for_transfer(replace(entry, content=content), entry.reason)
    return _save(
        host,
        year,
        lambda trail, records: records.edit(trail, entry.id, content, version=entry.version, status=status),
        periods=[entry.content.period, content.period],
    )


def delete_entry(host: Host, year: EntryYear, entry: ClosingEntry) -> Saved:
    """Delete an entry that was not transferred: a state, in which its number stays taken. The reversal goes with it.

    Raises as `edit_entry`.
    """
    _refuse_foreign(year, entry)
    if entry.status not in EDITABLE:
        raise DataError("entry-deleted" if entry.status is Status.DELETED else "entry-not-editable", entry=entry.label)

    def work(trail: Trail, records: EntryRecords) -> ClosingEntry:
        deleted = records.set_status(trail, entry.id, Status.DELETED, by="user", allowed={entry.status})
        if entry.origin.kind == "correction":  # what it corrected is reversed again
            keep_in_step(trail, records, records.get(int(entry.origin.subject)), year.year.year_end)
        return deleted

    return _save(host, year, work, periods=[entry.content.period])


def restore_entry(host: Host, year: EntryYear, entry: ClosingEntry) -> Saved:
    """Bring a deleted entry back: ready, or a draft when something is wrong with it now.

    Raises `DataError` `entry-not-deleted`, `entry-by-rule`, `entry-is-reversal`, `entry-already-corrected`.
    """
    _refuse_foreign(year, entry)
    if entry.status is not Status.DELETED:
        raise DataError("entry-not-deleted", entry=entry.label)
    status = Status.DRAFT if problems(entry.content, year.chart) else Status.READY

    def work(trail: Trail, records: EntryRecords) -> ClosingEntry:
        restored = records.set_status(trail, entry.id, status, by="user", allowed={Status.DELETED})
        if entry.origin.kind == "correction":
            original = records.get(int(entry.origin.subject))
            _refuse_corrected(original, records.all(), but=entry.id)
            keep_in_step(trail, records, original, year.year.year_end)
        return restored

    return _save(host, year, work, periods=[entry.content.period])


def not_for_transfer(host: Host, year: EntryYear, entry: ClosingEntry, reason: str) -> Saved:
    """*Ej aktuell för överföring*: it counts here and is never sent. The reversal goes.

    For year-end entries, and for any that the source lost (P 7.6.5). Raises `DataError` `entry-not-year-end`,
    `entry-reason-missing`, `entry-is-reversal`, and what is wrong with a draft; `ClosingError`
    `entry-transition-refused`.
    """
    if entry.status in EDITABLE:
        _refuse_reversal(year, entry)
        check_not_for_transfer(entry, reason)
        if entry.kind == "V":  # a rule may use accounts that the chart lacks
            check(entry.content, year.chart, draft=False)
    elif not reason.strip():
        raise DataError("entry-reason-missing", entry=entry.label)
    return _save(
        host,
        year,
        lambda trail, records: records.set_status(
            trail, entry.id, Status.NOT_FOR_TRANSFER, by="user", reason=reason.strip(), allowed={entry.status}
        ),
    )


def correct_entry(host: Host, year: EntryYear, entry: ClosingEntry, day: date | None = None) -> Saved:
    """*Skapa rättelse*: a V that takes back what was booked, dated as the entry or on `day` of the year.

    The entry's reversal goes when it is not booked; when it is, the correction is reversed as well. Raises `DataError`
    `entry-already-corrected` and what `entry_mirrors.correction` and `add_entry` raise.
    """
    content = correction(entry)
    if day is not None and day != content.date:
        content = replace(content, date=day, period=month_of(day))
    present = reversal_of(entry, year.entries)
    if present is not None and present.status in BOOKED | UNSETTLED:
        content = replace(content, reversed_next=True)
    check(content, year.chart, draft=False)
    notices = (Notice("entry-correction-of-changed", {"entry": entry.label}),)

    def work(trail: Trail, records: EntryRecords) -> ClosingEntry:
        _refuse_corrected(entry, records.all())
        origin = Origin("correction", str(entry.id))
        made = records.add(trail, year.year.year_start, "V", content, origin)
        if not content.reversed_next:
            keep_in_step(trail, records, records.get(entry.id), year.year.year_end)
        return made

    return _save(host, year, work, notices if entry.status is Status.CHANGED else (), periods=[content.period])


def _save(
    host: Host, year: EntryYear, work: Work, notices: tuple[Notice, ...] = (), *, periods: Collection[str] = ()
) -> Saved:
    """`periods`: those in which it enters something, which must not wait for an earlier one (P 7.2)."""

    def change(connection: Connection) -> tuple[int, tuple[Notice, ...], tuple[ClosingEntry, ...]]:
        for each in periods:
            check_entry_period(connection, year.engagement.id, year.year, each)
        trail = host.store.trail(connection, host.actor)
        records = EntryRecords(connection, year.engagement.id)
        entry = work(trail, records)
        told = keep_in_step(trail, records, entry, year.year.year_end)
        return entry.id, told, records.all(deleted=True)

    key, told, entries = host.store.database.transact(change)
    if follow(host, year.engagement.id, known=year):
        entries = with_entries_now(host, year).entries
    entry = next(each for each in entries if each.id == key)
    return Saved(entry, reversal_of(entry, entries), year.effect(entries), notices + told)


def _refuse_foreign(year: EntryYear, entry: ClosingEntry) -> None:
    """What the user may not change by hand: an entry of a rule, and a reversal apart from its entry."""
    if entry.kind != "V":
        raise DataError("entry-by-rule", entry=entry.label)
    _refuse_reversal(year, entry)


def _refuse_reversal(year: EntryYear, entry: ClosingEntry) -> None:
    if entry.origin.kind == "reversal":
        original = next(each for each in year.entries if str(each.id) == entry.origin.subject)
        if original.status in EDITABLE | {Status.DELETED}:
            raise DataError("entry-is-reversal", entry=entry.label, original=original.label)


def _refuse_corrected(entry: ClosingEntry, entries: tuple[ClosingEntry, ...], *, but: int = 0) -> None:
    made = correction_of(entry, tuple(each for each in entries if each.id != but))
    if made is not None:
        raise DataError("entry-already-corrected", entry=entry.label, correction=made.label)
