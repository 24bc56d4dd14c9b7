"""Recognition at an import: what the source is asked beside the books, and storing what follows (P 7.6.5).

The source is asked after it has brought the books: what is found then and is not in them goes on counting, so that
nothing is counted twice or lost whenever it was booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.api.vouchers import VoucherRecord
from closing_host.closing.entries import EXPORTABLE, UNSETTLED, ClosingEntry, Transferred
from closing_host.closing.recognition import Look, Recognised, recognise, to_look_for
from closing_host.sources.pace import Sleep
from closing_host.storage.audit import Actor, Trail
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting.look import can_look, search
from closing_host.transfers.exporting.matching import carries
from closing_host.transfers.exporting.settle import settle

MOST_SERIES: Final = 8
"""Voucher series that one import asks about, each once; closing entries stand in one or two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the source answered; `problem`: why the answer is not whole, None when it is."""

    look: Look = field(default_factory=Look)
    problem: ClosingError | None = None


async def ask(
    store: Store,
    opened: OpenConnection,
    engagement_id: int,
    year: FinancialYear,
    ledger: Ledger,
    actor: Actor,
    *,
    sleep: Sleep,
    run_id: str | None = None,
) -> Asked:
    """Settle what is on the way, then look for the entries that the books `ledger` do not settle by themselves.

    Each series is asked at most once. The source's errors come back in the answer: the import goes on without it.
    """
    if not can_look(opened):
        return Asked()
    entries = _entries(store, engagement_id, year.start)
    if any(each.status in UNSETTLED for each in entries):
        await settle(store, opened, engagement_id, year.start, actor, sleep=sleep, run_id=run_id)
        entries = _entries(store, engagement_id, year.start)
    wanted = to_look_for(entries, ledger)
    with store.database.read() as connection:
        # What is ready may have been sent by a program whose memory a restored backup took back (T B21).
        chosen = frozenset(Journal(connection, engagement_id).choice(opened.source.id)[0].values())
        ready = [each.id for each in entries if chosen and each.status in EXPORTABLE]
        wanted |= {entry_id: wanted.get(entry_id, frozenset()) | chosen for entry_id in ready}
        markers = EntryRecords(connection, engagement_id).markers(wanted)
    if not wanted:
        return Asked()
    series = sorted({code for codes in wanted.values() for code in codes})
    return await _look(store, opened, year, series, wanted, markers)


async def _look(
    store: Store,
    opened: OpenConnection,
    year: FinancialYear,
    series: list[str],
    wanted: Mapping[int, frozenset[str]],
    markers: Mapping[int, tuple[str, ...]],
) -> Asked:
    sought = [marker for several in markers.values() for marker in several]
    found: list[VoucherRecord] = []
    whole: set[str] = set()
    problem: ClosingError | None = None
    for code in series[:MOST_SERIES]:
        try:
            answer = await search(store, opened, year, code, sought)
        except ClosingError as error:
            problem = error
            break
        found += answer.vouchers
        if answer.complete:
            whole.add(code)
        else:
            problem = TemporaryError("recognition-look-incomplete", source=opened.source.info.name, series=code)
    if len(series) > MOST_SERIES:
        problem = problem or TemporaryError("recognition-many-series", count=len(series), limit=MOST_SERIES)
    complete = frozenset(entry_id for entry_id, codes in wanted.items() if codes and codes <= whole)
    return Asked(Look(_by_entry(found, markers), complete), problem)


def record(
    trail: Trail,
    engagement_id: int,
    year_start: date,
    ledger: Ledger,
    look: Look | None,
    *,
    as_of: date | None = None,
    run_id: str | None = None,
) -> tuple[Recognised, ...]:
    """Recognise every entry of the year in the books and store what moves, in the caller's transaction.

    `look` and `as_of` as `recognise` takes them. Returns what the user is told.
    """
    records = EntryRecords(trail.connection, engagement_id)
    entries = records.all(year_start, deleted=True)
    recognised = recognise(entries, ledger, look, as_of=as_of) if entries else ()
    for each in recognised:
        if each.moves:
            records.set_status(
                trail,
                each.entry.id,
                each.status,
                by="import",
                reason=each.reason,
                transferred=_place(trail, each),
                seen=each.seen,
                run_id=run_id,
            )
    return tuple(each for each in recognised if each.told)


def _place(trail: Trail, recognised: Recognised) -> Transferred | None:
    """Where it is booked, when that is another place than was known, or new whether it was changed there."""
    at, place = recognised.entry.transferred, recognised.place
    if place is None:
        return None
    changed = recognised.outcome == "changed"
    if at is None:
        return Transferred(*place, at=trail.clock(), by=trail.actor.name, evidence="import", changed=changed)
    if (at.series, at.number) == place:
        return replace(at, changed=changed)
    return replace(at, series=place[0], number=place[1], evidence="import", changed=changed)


def _entries(store: Store, engagement_id: int, year_start: date) -> tuple[ClosingEntry, ...]:
    with store.database.read() as connection:
        return EntryRecords(connection, engagement_id).all(year_start, deleted=True)


def _by_entry(
    found: list[VoucherRecord], markers: Mapping[int, tuple[str, ...]]
) -> dict[int, tuple[VoucherRecord, ...]]:
    """The found vouchers by the entry whose marker they carry."""
    carried = {
        entry_id: tuple(each for each in found if any(carries(each, marker) for marker in several))
        for entry_id, several in markers.items()
    }
    return {entry_id: vouchers for entry_id, vouchers in carried.items() if vouchers}
