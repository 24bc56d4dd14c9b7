"""What a user decides about entries that imported books lack, hold twice or hold otherwise; and *Ångra import*."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from closing_host.api.errors import DataError
from closing_host.closing.entries import ClosingEntry, Origin, Status
from closing_host.closing.entry_mirrors import correction
from closing_host.closing.recognition import Place, Recognised, listed_places
from closing_host.engagements.host import Host
from closing_host.engagements.system_making import follow
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.entries import EntryRecords
from closing_host.storage.snapshot_records import Snapshot
from closing_host.transfers.recognising import record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MadeCurrent:
    """The snapshot that its year shows now, and what it says of closing entries."""

    snapshot: Snapshot
    recognised: tuple[Recognised, ...]


def make_current(host: Host, engagement_id: int, snapshot_id: int) -> MadeCurrent:
    """*Ångra import*: show an earlier import again, and recognise the closing entries in what is shown then.

    What the snapshot lacks counts again beside it: nobody is asked, so nothing becomes *saknas*. Raises as
    `Snapshots.make_current`.
    """
    year_start = host.store.snapshots.get(engagement_id, snapshot_id).year_start
    ledger = host.store.snapshots.load(engagement_id, snapshot_id)
    recognised: tuple[Recognised, ...] = ()

    def also(trail: Trail) -> None:
        nonlocal recognised
        recognised = record(trail, engagement_id, year_start, ledger, None)

    snapshot = host.store.snapshots.make_current(engagement_id, snapshot_id, actor=host.actor, also=also)
    follow(host, engagement_id)
    return MadeCurrent(snapshot, recognised)


def export_again(host: Host, engagement_id: int, entry_id: int) -> ClosingEntry:
    """*Exportera igen*: ready once more as `V1-2`, with a marker of its own. Every earlier marker is still looked for.

    For an entry that is missing in the source, or of which nobody can tell. Raises `DataError` `entry-in-books-twice`
    for one that is there more than once, `ClosingError` `entry-transition-refused` for any other.
    """

    def work(trail: Trail, records: EntryRecords) -> ClosingEntry:
        entry = records.get(entry_id)
        if len(listed_places(entry)) > 1 and entry.status is Status.DOUBLE:
            raise DataError("entry-in-books-twice", entry=entry.label, vouchers=entry.reason)
        return records.send_again(trail, entry_id)

    return _change(host, engagement_id, work)


def accept_books(host: Host, engagement_id: int, entry_id: int) -> ClosingEntry:
    """Resolve *Dubbelbokad*: the books are right as they are, and the entry is not counted beside them.

    The vouchers that it is about are remembered; one more of them makes it double again. Raises `DataError`
    `entry-not-double`, and `entry-double-not-imported` while no import has shown which vouchers it is about.
    """
    return _change(host, engagement_id, lambda trail, records: _accept(trail, records, entry_id))


def reverse_double(host: Host, engagement_id: int, entry_id: int) -> tuple[ClosingEntry, tuple[ClosingEntry, ...]]:
    """Resolve *Dubbelbokad* by a reversing V for each voucher too many, ready to be looked at and exported.

    Returns the entry and the reversing ones. Raises as `accept_books`, and `DataError` `entry-not-double` when the
    books hold it once.
    """

    def work(trail: Trail, records: EntryRecords) -> tuple[ClosingEntry, tuple[ClosingEntry, ...]]:
        entry = _accept(trail, records, entry_id)
        at = entry.transferred
        assert at is not None
        extra = sorted(listed_places(entry) - {(at.series, at.number)})
        if not extra:
            raise DataError("entry-not-double", entry=entry.label)
        return entry, tuple(_reversing(trail, records, entry, place) for place in extra)

    return _change(host, engagement_id, work)


def _accept(trail: Trail, records: EntryRecords, entry_id: int) -> ClosingEntry:
    entry = records.get(entry_id)
    if entry.status is not Status.DOUBLE:
        raise DataError("entry-not-double", entry=entry.label)
    if entry.transferred is None or not listed_places(entry):
        raise DataError("entry-double-not-imported", entry=entry.label)
    return records.set_status(
        trail, entry_id, Status.EXCLUDED, by="user", reason=entry.reason, seen=True, allowed={Status.DOUBLE}
    )


def _reversing(trail: Trail, records: EntryRecords, entry: ClosingEntry, place: Place) -> ClosingEntry:
    """Takes back one voucher; no correction of the entry, which stays right."""
    assert entry.transferred is not None
    there = replace(entry, transferred=replace(entry.transferred, series=place[0], number=place[1]))
    origin = Origin("check", f"double:{entry.id}:{' '.join(place)}")
    return records.add(trail, entry.year_start, "V", correction(there), origin)


def _change(host: Host, engagement_id: int, work: Callable[[Trail, EntryRecords], T]) -> T:
    def change(connection: Connection) -> T:
        return work(host.store.trail(connection, host.actor), EntryRecords(connection, engagement_id))

    done = host.store.database.transact(change)
    follow(host, engagement_id)
    return done
