"""Who may work on a batch: a lease with an epoch, compared by every write of whoever holds it (T 3a, E7).

An exporter that stalls until its lease lapsed, and comes back, finds another epoch: it can write nothing more, and it
asks before it sends. Time alone decides only when others may try; the epoch decides who is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.database import Connection
from closing_host.storage.export_tables import export_batch

LEASE: Final = timedelta(seconds=240)
"""How long a holder may be silent. Four times a sending's deadline, so that no sending outlasts it."""


class LeaseLost(ClosingError):
    """Somebody else works on the batch now. The caller stops at once; what it had begun, the other looks up."""

    code = "export-lease-lost"


@dataclass(frozen=True, slots=True)
class Lease:
    """A right to work on a batch, until it lapses and somebody else takes it."""

    batch_id: int
    owner: str
    epoch: int


def take(connection: Connection, batch_id: int, owner: str, now: datetime, *, force: bool = False) -> Lease | None:
    """Take the batch's lease; None while another's has not lapsed. `force`: take it all the same."""
    found = connection.execute(select(export_batch).where(export_batch.c.id == batch_id)).mappings().one()
    free = _free(now)
    where = [export_batch.c.id == batch_id, export_batch.c.lease_epoch == found["lease_epoch"]]
    taken = update(export_batch).where(*where, *([] if force else [free]))
    epoch = found["lease_epoch"] + 1
    changed = connection.execute(taken.values(lease_owner=owner, lease_until=now + LEASE, lease_epoch=epoch))
    return Lease(batch_id, owner, epoch) if changed.rowcount == 1 else None


def hold(connection: Connection, lease: Lease, now: datetime) -> None:
    """Prolong the lease, as the first statement of every transaction under it. Raises `LeaseLost`."""
    changed = connection.execute(update(export_batch).where(*held_by(lease)).values(lease_until=now + LEASE))
    if changed.rowcount != 1:
        raise LeaseLost(batch=lease.batch_id)


def left(connection: Connection, lease: Lease, now: datetime) -> timedelta:
    """How long the lease holds. Raises `LeaseLost`."""
    until = connection.scalar(select(export_batch.c.lease_until).where(*held_by(lease)))
    if until is None:
        raise LeaseLost(batch=lease.batch_id)
    return timedelta(seconds=(until - now).total_seconds())


def release(connection: Connection, lease: Lease) -> None:
    """Give it up. Raises `LeaseLost`."""
    changed = connection.execute(update(export_batch).where(*held_by(lease)).values(lease_owner=None, lease_until=None))
    if changed.rowcount != 1:
        raise LeaseLost(batch=lease.batch_id)


def held_by(lease: Lease) -> Sequence[Any]:
    """What every write under the lease compares: the batch, and that the lease is still this one."""
    return [export_batch.c.id == lease.batch_id, export_batch.c.lease_epoch == lease.epoch]


def _free(now: datetime) -> Any:
    """Nobody's, lapsed, or ending later than a lease can: from before the clock was set back."""
    until = export_batch.c.lease_until
    return or_(until.is_(None), until <= now, until > now + LEASE)
