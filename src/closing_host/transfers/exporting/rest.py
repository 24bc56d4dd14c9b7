"""How a piece of work on a batch ends: at rest, or waiting for the instant of the next look. Nothing ever blocks."""

from collections.abc import Sequence
from datetime import datetime

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action
from closing_host.storage.journal import stated
from closing_host.storage.journal_lease import release
from closing_host.storage.journal_records import BOOKED, ON_THE_WAY, Batch, BatchState, JournalVoucher, VoucherState
from closing_host.transfers.exporting import verdicts
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.limits import SWEEPS, retry_in


def wait(desk: Desk, until: datetime, problem: ClosingError | None = None, *, failed: int = 0) -> None:
    """Store when to look next, and give the batch up until then."""
    with desk.step("rest") as step:
        step.journal.change(
            step.lease, state=BatchState.WAITING, next_look=until, failed_looks=failed, **_reason(problem)
        )
        step.tell(Action.EXPORT_WAITS, until=until.isoformat(), reason=problem.code if problem else "")
        release(step.trail.connection, step.lease)


def wait_and_retry(desk: Desk, batch: Batch, problem: ClosingError) -> None:
    """A look failed: try again, later each time."""
    now = desk.store.clock()
    wait(desk, now + retry_in(batch.failed_looks), problem, failed=batch.failed_looks + 1)


def stop(desk: Desk, problem: ClosingError | None = None) -> None:
    """Bring the batch to rest. What was not sent is free again; what was sent is looked at once more, from now on.

    The lease is kept, for that look. All booked: COMPLETED; anything double or unsure: NEEDS_HUMAN; else STOPPED.
    """
    with desk.step("rest") as step:
        for voucher in step.journal.vouchers(step.lease.batch_id):
            if voucher.state is VoucherState.PREPARED:
                verdicts.not_sent(step, voucher)
        vouchers = step.journal.vouchers(step.lease.batch_id)
        assert not {each.state for each in vouchers} & ON_THE_WAY
        state = resting_state(vouchers)
        step.journal.change(
            step.lease,
            state=state,
            ended_at=step.now,
            next_look=step.now if to_sweep(vouchers) else None,
            failed_looks=0,
            **_reason(problem),
        )
        booked = sum(each.state in BOOKED for each in vouchers)
        step.tell(
            Action.EXPORT_ENDED,
            state=str(state),
            booked=booked,
            of=len(vouchers),
            reason=problem.code if problem else "",
        )


def resting_state(vouchers: Sequence[JournalVoucher]) -> BatchState:
    """What a batch is called when nothing of it is under way."""
    states = {each.state for each in vouchers}
    if VoucherState.CONFLICT in states:
        return BatchState.NEEDS_HUMAN
    return BatchState.COMPLETED if states <= BOOKED else BatchState.STOPPED


def to_sweep(vouchers: Sequence[JournalVoucher]) -> tuple[JournalVoucher, ...]:
    """Those that the final looks are about: whatever was sent or found, and is not in a person's hands."""
    return tuple(
        each for each in vouchers if (each.attempts or each.state in BOOKED) and each.state is not VoucherState.CONFLICT
    )


def next_sweep(batch: Batch, now: datetime) -> datetime | None:
    """When to look again after a final look at `now`: 10 minutes, an hour and a day after the last unknown outcome."""
    if batch.unknown_at is None:
        return None
    due = (batch.unknown_at + each for each in SWEEPS)
    return min((each for each in due if each > now), default=None)


def _reason(problem: ClosingError | None) -> dict[str, object]:
    if problem is None:
        return {"reason": "", "reason_parameters": {}, "reason_detail": ""}
    return {
        "reason": problem.code,
        "reason_parameters": stated(problem.parameters),
        "reason_detail": problem.detail,
    }
