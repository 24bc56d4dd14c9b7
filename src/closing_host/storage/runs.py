"""Runs as records: one import or export, its state, progress and outcome. The runner itself is `closing_host.runs`.

states: queued → running → done | failed | cancelled | interrupted. A running run has an owner and a lease; a run
whose lease is over may be declared interrupted, and then its owner can no longer finish it or publish (fencing).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, Select, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.clock import Clock
from closing_host.storage.database import Connection
from closing_host.storage.tables import run

State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
Ended = Literal["done", "failed", "cancelled", "interrupted"]

LEASE: Final = timedelta(seconds=60)
"""How long a run may be silent before others may declare it interrupted."""

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0, 1, i, l or o: an id is read aloud and typed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is. `total` is None while nobody knows; both count what the stage counts."""

    stage: str = ""
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `error_…` are set when it failed: an error's code, parameters as text, and what the source said."""

    id: str
    kind: str
    engagement_id: int | None
    year_start: date | None
    state: State
    lock_key: str | None
    progress: Progress
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    created_by: str
    error_code: str | None
    error_parameters: Mapping[str, str] | None
    error_detail: str | None
    outcome: Mapping[str, Any] | None
    owner: str | None
    heartbeat_at: datetime | None
    lease_until: datetime | None


class Runs:
    """Runs, of one engagement when `engagement_id` is given: then no other's can be seen or changed."""

    def __init__(self, connection: Connection, clock: Clock, *, engagement_id: int | None = None) -> None:
        self._connection = connection
        self._clock = clock
        self._engagement_id = engagement_id

    def create(
        self,
        kind: str,
        *,
        by: str,
        engagement_id: int | None = None,
        year_start: date | None = None,
        lock_key: str | None = None,
    ) -> Run:
        """Add a queued run. Only one active run may hold a `lock_key` (T C8).

        Raises `ClosingError` `run-active` with that run's id as `run`.
        """
        if lock_key is not None and (other := self.active(lock_key)) is not None:
            raise ClosingError("run-active", run=other.id)
        key = new_id()
        self._connection.execute(
            insert(run).values(
                id=key,
                kind=kind,
                engagement_id=self._engagement_id if engagement_id is None else engagement_id,
                year_start=year_start,
                state="queued",
                lock_key=lock_key,
                progress={},
                created_at=self._clock(),
                created_by=by,
            )
        )
        return self.get(key)

    def get(self, run_id: str) -> Run:
        """The run. Raises `ClosingError` `run-unknown`."""
        row = self._connection.execute(self._select().where(run.c.id == run_id)).mappings().one_or_none()
        if row is None:
            raise ClosingError("run-unknown", run=run_id)
        return _run(row)

    def active(self, lock_key: str) -> Run | None:
        """The queued or running run that holds the key, whoever's it is."""
        query = select(run).where(run.c.lock_key == lock_key, run.c.state.in_(("queued", "running")))
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _run(row)

    def newest(self, *, limit: int = 50) -> tuple[Run, ...]:
        """The latest runs, newest first."""
        rows = self._connection.execute(self._select().order_by(run.c.created_at.desc(), run.c.id).limit(limit))
        return tuple(_run(row) for row in rows.mappings())

    def latest(self, kind: str) -> Run | None:
        """The latest run of the kind; None when there is none."""
        query = self._select().where(run.c.kind == kind).order_by(run.c.created_at.desc(), run.c.id).limit(1)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _run(row)

    def newest_of(self, kind: str) -> tuple[Run, ...]:
        """Each engagement's latest run of the kind, by engagement."""
        rows = self._connection.execute(
            self._select().where(run.c.kind == kind).order_by(run.c.engagement_id, run.c.created_at.desc(), run.c.id)
        )
        newest: dict[int | None, Run] = {}
        for each in map(_run, rows.mappings()):
            newest.setdefault(each.engagement_id, each)
        return tuple(newest.values())

    def queued(self, kind: str) -> tuple[Run, ...]:
        """Runs of the kind that wait to be started, oldest first."""
        query = self._select().where(run.c.kind == kind, run.c.state == "queued").order_by(run.c.created_at, run.c.id)
        return tuple(_run(row) for row in self._connection.execute(query).mappings())

    def stale(self) -> tuple[Run, ...]:
        """Running runs whose lease is over, oldest first: their process is gone or hangs."""
        query = self._select().where(run.c.state == "running", run.c.lease_until < self._clock())
        return tuple(_run(row) for row in self._connection.execute(query.order_by(run.c.created_at)).mappings())

    def start(self, run_id: str, *, owner: str, lease: timedelta = LEASE) -> None:
        """queued → running, held by `owner`. Raises `ClosingError` `run-not-yours` when it is not queued."""
        now = self._clock()
        self._step(
            run_id,
            None,
            "queued",
            state="running",
            owner=owner,
            started_at=now,
            heartbeat_at=now,
            lease_until=now + lease,
        )

    def assign(self, run_id: str, engagement_id: int, year_start: date, *, lock_key: str) -> None:
        """Make a run the engagement's and the year's own, once what it reads has told which these are.

        Raises `ClosingError` `run-active` with the id of another active run that holds the key.
        """
        if (other := self.active(lock_key)) is not None and other.id != run_id:
            raise ClosingError("run-active", run=other.id)
        values = {"engagement_id": engagement_id, "year_start": year_start, "lock_key": lock_key}
        self._connection.execute(update(run).where(run.c.id == run_id).values(**values))

    def report(self, run_id: str, progress: Progress, *, owner: str, lease: timedelta = LEASE) -> None:
        """Store progress and prolong the lease. Raises `ClosingError` `run-not-yours` when it was taken away."""
        now = self._clock()
        stated = {"stage": progress.stage, "done": progress.done, "total": progress.total}
        self._step(run_id, owner, "running", progress=stated, heartbeat_at=now, lease_until=now + lease)

    def finish(
        self,
        run_id: str,
        state: Ended,
        *,
        owner: str,
        outcome: Mapping[str, object] | None = None,
        error: ClosingError | None = None,
    ) -> None:
        """End a running run. Raises `ClosingError` `run-not-yours` when it was taken away or has ended."""
        self._step(run_id, owner, "running", **self._ending(state, outcome, error))

    def cancel_queued(self, run_id: str) -> None:
        """queued → cancelled. Raises `ClosingError` `run-not-yours` when it is not queued."""
        self._step(run_id, None, "queued", **self._ending("cancelled", None, None))

    def interrupt(self, run_id: str) -> bool:
        """Declare a stale run interrupted; False when it has come to life or ended since."""
        if all(late.id != run_id for late in self.stale()):
            return False
        self._step(run_id, None, "running", **self._ending("interrupted", None, None))
        return True

    def _step(self, run_id: str, held_by: str | None, before: State, /, **values: object) -> None:
        where = [run.c.id == run_id, run.c.state == before]
        if held_by is not None:
            where.append(run.c.owner == held_by)
        if self._engagement_id is not None:
            where.append(run.c.engagement_id == self._engagement_id)
        if self._connection.execute(update(run).where(*where).values(**values)).rowcount != 1:
            raise ClosingError("run-not-yours", run=run_id)

    def _ending(
        self, state: Ended, outcome: Mapping[str, object] | None, error: ClosingError | None
    ) -> dict[str, object]:
        ending: dict[str, object] = {"state": state, "finished_at": self._clock(), "lease_until": None}
        if outcome is not None:
            ending["outcome"] = dict(outcome)
        if error is not None:
            ending["error_code"] = error.code
            ending["error_parameters"] = {name: str(value) for name, value in error.parameters.items()}
            ending["error_detail"] = error.detail
        return ending

    def _select(self) -> Select[Any]:
        query = select(run)
        return query if self._engagement_id is None else query.where(run.c.engagement_id == self._engagement_id)


def new_id() -> str:
    """A run's id, such as `k7q2-9mxw`: 31^8 of them."""
    first, second = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return f"{first}-{second}"


def _run(row: RowMapping) -> Run:
    return Run(**{**row, "progress": Progress(**row["progress"])})
