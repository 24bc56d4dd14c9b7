"""The final looks at a batch at rest: is anything booked twice, or after all? (T 3a step 10, B3, B4)

The first comes at once, since a proxy may have sent a voucher twice; after an unknown outcome more follow, for a day,
since the source may book late. What is found is told and never deleted: a person books the reversal.
"""

from collections import defaultdict
from dataclasses import dataclass

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.vouchers import VoucherRecord
from closing_host.closing.entries import EXPORTABLE
from closing_host.storage.audit import Action
from closing_host.storage.journal import Journal
from closing_host.storage.journal_lease import release
from closing_host.storage.journal_records import BOOKED, Batch, JournalVoucher
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting import verdicts
from closing_host.transfers.exporting.company import refuse_other_company
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.limits import retry_in
from closing_host.transfers.exporting.look import Wanted, can_look, search, wanted
from closing_host.transfers.exporting.rest import next_sweep, resting_state, to_sweep
from closing_host.transfers.exporting.steps import Step


@dataclass(frozen=True, slots=True)
class _Sent:
    """A voucher that was sent or found, what to look for, and every series into which its entry was ever sent."""

    voucher: JournalVoucher
    wanted: Wanted
    series: frozenset[str]


async def final_look(desk: Desk, opened: OpenConnection) -> None:
    """Look at everything of the batch that was sent, and give the batch up until the next look, if there is one.

    The source's errors do not come out: the look is then due again soon. Raises `LeaseLost`.
    """
    batch, vouchers = desk.read()
    sent: tuple[_Sent, ...] = ()
    records: tuple[VoucherRecord, ...] = ()
    try:
        if can_look(opened):
            sent = _sent(desk, batch, to_sweep(vouchers))
        if sent:
            refuse_other_company(desk.store, opened, batch)
            records = await _records(desk, opened, batch, sent)
    except ClosingError as error:
        return look_failed(desk, batch, error)
    with desk.step("sweep") as step:
        for each in sent:
            _judge(step, each, each.wanted.everywhere(records))
        judged = step.journal.vouchers(batch.id)
        state = resting_state(judged)
        following = next_sweep(batch, step.now) if sent and to_sweep(judged) else None
        step.journal.change(
            step.lease, state=state, next_look=following, sweeps=batch.sweeps + bool(sent), failed_looks=0
        )
        step.tell(Action.EXPORT_SWEPT, state=str(state), vouchers=len(sent), found=len(records))
        release(step.trail.connection, step.lease)


def _judge(step: Step, sent: _Sent, found: tuple[VoucherRecord, ...]) -> None:
    """More than one is a conflict. Exactly one that the journal does not know of came late: it is booked after all."""
    voucher = sent.voucher
    if len(found) > 1:
        verdicts.conflict(step, voucher, "export-booked-twice", found)
    elif found and voucher.state not in BOOKED:
        entry = step.entries.get(voucher.entry_id)
        if entry.status in EXPORTABLE:
            verdicts.booked(step, voucher, sent.wanted.draft, found[0], "found")


def look_failed(desk: Desk, batch: Batch, problem: ClosingError) -> None:
    """The look could not be made: it is due again soon, if one is due at all. Gives the batch up until then."""
    with desk.step("sweep") as step:
        due = step.now + retry_in(batch.failed_looks) if batch.next_look is not None else None
        step.journal.change(step.lease, next_look=due, failed_looks=batch.failed_looks + 1)
        step.tell(Action.EXPORT_WAITS, until=due.isoformat() if due else "", reason=problem.code)
        release(step.trail.connection, step.lease)


def _sent(desk: Desk, batch: Batch, vouchers: tuple[JournalVoucher, ...]) -> tuple[_Sent, ...]:
    with desk.store.database.read() as connection:
        journal = Journal(connection, batch.engagement_id)
        made = {each.id: journal.of_entry(each.entry_id) for each in vouchers}
    return tuple(
        _Sent(
            each,
            wanted(desk.store, batch, each),
            frozenset({one.booked_series or one.series for one in made[each.id] if one.attempts or one.booked_series}),
        )
        for each in vouchers
    )


async def _records(
    desk: Desk, opened: OpenConnection, batch: Batch, sent: tuple[_Sent, ...]
) -> tuple[VoucherRecord, ...]:
    markers: dict[str, set[str]] = defaultdict(set)
    for each in sent:
        for series in each.series:
            markers[series].update(each.wanted.markers)
    records: list[VoucherRecord] = []
    for series in sorted(markers):
        above = batch.high_water.get(series)
        found = await search(desk.store, opened, batch.year, series, markers[series], above=above)
        if not found.complete:
            raise TemporaryError("export-look-incomplete", series=series)
        records += found.vouchers
    return tuple(records)
