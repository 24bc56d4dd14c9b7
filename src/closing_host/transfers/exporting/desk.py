"""Where one batch is worked on: its lease, the transactions under it, and what is injected.

Every write of an export goes through `Desk.step`: it compares the lease's epoch first, so whoever lost the lease
writes nothing; journal, entry and audit event stand in one transaction; and it lies between two crash points.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from closing_host.sources.pace import Sleep
from closing_host.storage.audit import Action, Actor
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_lease import Lease, LeaseLost, hold, left, take
from closing_host.storage.journal_records import Batch, BatchState, JournalVoucher, VoucherState
from closing_host.storage.store import Store
from closing_host.transfers.exporting.limits import CLIENT_DEADLINE
from closing_host.transfers.exporting.steps import Step, StepName
from closing_host.transfers.exporting.verdicts import still_unknown, unknown


def new_owner() -> str:
    """A name for one piece of work of one process, never used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Desk:
    """One holder's work on one batch. `sleep` waits out seconds; the clock is the store's."""

    def __init__(
        self,
        store: Store,
        actor: Actor,
        batch: Batch,
        lease: Lease,
        *,
        sleep: Sleep,
        run_id: str | None = None,
    ) -> None:
        self.store: Final = store
        self.actor: Final = actor
        self.lease: Final = lease
        self.engagement_id: Final = batch.engagement_id
        self.sleep: Final = sleep
        self.run_id: Final = run_id

    @contextmanager
    def step(self, name: StepName) -> Iterator[Step]:
        """A transaction under the lease, which it prolongs. Raises `LeaseLost`, and what the database raises."""
        crashpoint(f"export.before_{name}")
        with self.store.database.write() as connection:
            now = self.store.clock()
            hold(connection, self.lease, now)
            yield Step(
                self.lease,
                Journal(connection, self.engagement_id),
                EntryRecords(connection, self.engagement_id),
                self.store.trail(connection, self.actor),
                now,
                self.run_id,
            )
        crashpoint(f"export.after_{name}")

    def read(self) -> tuple[Batch, tuple[JournalVoucher, ...]]:
        """The batch as it stands, and its vouchers in order."""
        with self.store.database.read() as connection:
            journal = Journal(connection, self.engagement_id)
            return journal.batch(self.lease.batch_id), journal.vouchers(self.lease.batch_id)

    def voucher(self, voucher_id: int) -> JournalVoucher:
        """One of them, as it stands."""
        return next(each for each in self.read()[1] if each.id == voucher_id)

    def may_send(self) -> bool:
        """Whether the lease outlasts a sending that begins now. Asked directly before the call, never remembered."""
        return self._left() > CLIENT_DEADLINE

    def guard(self) -> None:
        """Asked by the wire before a write's first byte, after all waiting: the lease holds yet, and is ours.

        Raises `LeaseLost`.
        """
        if self._left() <= timedelta(0):
            raise LeaseLost(batch=self.lease.batch_id)

    def _left(self) -> timedelta:
        with self.store.database.read() as connection:
            return left(connection, self.lease, self.store.clock())


def take_batch(
    store: Store,
    actor: Actor,
    batch: Batch,
    *,
    sleep: Sleep,
    owner: str,
    run_id: str | None = None,
    force: bool = False,
) -> Desk | None:
    """Begin to work on the batch, or take it over from a holder whose lease has lapsed; None while it has not.

    What the former holder was about to send is unknown from here on, for at least as long as a sending that began
    this moment could still be booked. `force` takes an unlapsed lease too: for a caller who only looks.
    """
    crashpoint("export.before_lease")
    with store.database.write() as connection:
        now = store.clock()
        lease = take(connection, batch.id, owner, now, force=force)
        if lease is None:
            return None
        journal, entries = Journal(connection, batch.engagement_id), EntryRecords(connection, batch.engagement_id)
        step = Step(lease, journal, entries, store.trail(connection, actor), now, run_id)
        for voucher in journal.vouchers(batch.id):
            _leave_unknown(step, voucher)
        if batch.active:
            journal.change(lease, state=BatchState.RUNNING, next_look=None)
        step.tell(Action.EXPORT_TAKEN, state=str(batch.state))
    crashpoint("export.after_lease")
    return Desk(store, actor, batch, lease, sleep=sleep, run_id=run_id)


def _leave_unknown(step: Step, voucher: JournalVoucher) -> None:
    """A voucher that a former holder was sending or looking for: nobody here knows how far it came."""
    if voucher.state is VoucherState.SENDING:
        unknown(step, voucher, "export-interrupted")
    elif voucher.state is VoucherState.READBACK:
        still_unknown(step, voucher, "export-interrupted")
