"""Whether locked periods and account records are what the audit trail says that they are."""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import RowMapping, select

from closing_host.storage.audit import Action
from closing_host.storage.canonical import canonical_json
from closing_host.storage.database import Connection
from closing_host.storage.period_tables import frozen_check, frozen_figure, frozen_last_year, period_lock
from closing_host.storage.reconciliation_tables import account_record
from closing_host.storage.tables import audit

LOCK: Final = "period-lock:"
"""What the trail calls a locking, with its id behind."""
RECORD: Final = "account:"
"""What it calls an account's record, with `record_name` behind."""

_ENDED: Final = ("unlocked_at", "unlocked_by", "unlock_reason")
_RECORDS: Final = (
    Action.ACCOUNT_RECONCILED,
    Action.ACCOUNT_SIGNED_OFF,
    Action.ACCOUNT_REOPENED,
    Action.ACCOUNT_REVIEWED,
)


def lock_hash(connection: Connection, lock_id: int) -> str:
    """What the trail knows a locking by: SHA-256 of when, by whom, why, and of all that was frozen."""
    lock = connection.execute(select(period_lock).where(period_lock.c.id == lock_id)).mappings().one()
    figures, before, checks = frozen_figure.c, frozen_last_year.c, frozen_check.c
    rows = connection.execute(select(frozen_figure).where(figures.lock_id == lock_id).order_by(figures.account))
    then = connection.execute(select(frozen_last_year).where(before.lock_id == lock_id).order_by(before.account))
    said = connection.execute(select(frozen_check).where(checks.lock_id == lock_id).order_by(checks.check_id))
    return _hash(
        {
            "lock": {name: value for name, value in lock.items() if name not in _ENDED},
            "figures": [list(row) for row in rows],
            "last_year": [list(row) for row in then],
            "checks": [list(row) for row in said],
        }
    )


def record_name(row: RowMapping) -> str:
    """Engagement, year, period and account of a record, as its event names it."""
    return f"{row['engagement_id']}:{row['year_start']}:{row['period']}:{row['account']}"


def record_hash(row: RowMapping) -> str:
    """What the trail knows a record by: SHA-256 of all that it says."""
    return _hash(dict(row))


def locks_not_in_trail(connection: Connection) -> Iterator[int]:
    """The ids of lockings that are not what the trail told, that it never told of, or that ended without being told."""
    told: dict[int, str] = {}
    ended: set[int] = set()
    actions = (Action.PERIOD_LOCKED, Action.PERIOD_UNLOCKED)
    query = select(audit.c.object, audit.c.action, audit.c.after_hash).where(audit.c.action.in_(actions))
    for event in connection.execute(query):
        key = int(event.object.removeprefix(LOCK))
        if event.action == Action.PERIOD_LOCKED:
            told[key] = event.after_hash
        else:
            ended.add(key)
    kept = {row.id: row.unlocked_at for row in connection.execute(select(period_lock.c.id, period_lock.c.unlocked_at))}
    for key in sorted(told.keys() | kept.keys()):
        held = key in kept and kept[key] is None
        if key not in kept or told.get(key) != lock_hash(connection, key) or held == (key in ended):
            yield key


def records_not_in_trail(connection: Connection) -> Iterator[str]:
    """The names of account records that are not as the trail last told of them."""
    query = select(audit.c.object, audit.c.after_hash).where(audit.c.action.in_(_RECORDS)).order_by(audit.c.seq)
    told = {event.object.removeprefix(RECORD): event.after_hash for event in connection.execute(query)}
    rows = connection.execute(select(account_record)).mappings()
    kept = {record_name(row): record_hash(row) for row in rows}
    yield from sorted(name for name in told.keys() | kept.keys() if told.get(name) != kept.get(name))


def _hash(content: object) -> str:
    return hashlib.sha256(canonical_json(_plain(content)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Days and instants as text, in whatever they stand."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
