"""Carries a run out: record, progress, heartbeat, outcome. In this process; the record holds all state (design 2.9).

A run that raises is recorded as failed with the error's code, one that is cancelled as cancelled; the exception goes
on to the caller with the run's id on it. A process that dies leaves a running record whose lease runs out; `sweep`
declares it interrupted, at the start of the next.
"""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from closing_host.api.context import Progress as Report
from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Actor
from closing_host.storage.runs import LEASE, Ended, Progress, Run, Runs
from closing_host.storage.store import Store

T = TypeVar("T")

STORED_EVERY: Final = timedelta(seconds=0.5)
"""Progress reaches the watcher at every call and the database this often."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to run: its kind, whose books, and the key that only one active run may hold."""

    kind: str
    engagement_id: int | None = None
    year_start: date | None = None
    lock_key: str | None = None


class Handle:
    """What the work holds on to: its run's id and owner, and where to report progress."""

    def __init__(self, store: Store, run: Run, owner: str, watch: Report | None) -> None:
        self.run_id: Final = run.id
        self.owner: Final = owner
        self._store = store
        self._watch = watch
        self._latest = Progress()
        self._stored_at = run.created_at
        self._cancelled = threading.Event()

    def progress(self, stage: str, done: int, total: int | None) -> None:
        """Report from any thread. Raises `asyncio.CancelledError` once the run is cancelled."""
        if self._cancelled.is_set():
            raise asyncio.CancelledError
        self._latest = Progress(stage, done, total)
        if self._watch is not None:
            self._watch(stage, done, total)
        if abs(self._store.clock() - self._stored_at) >= STORED_EVERY:
            self.beat()

    def beat(self) -> None:
        """Store the latest progress and prolong the lease."""
        self._stored_at = self._store.clock()
        with self._store.database.write() as connection:
            Runs(connection, self._store.clock).report(self.run_id, self._latest, owner=self.owner)

    def cancel(self) -> None:
        """Make the next `progress` raise: how work in a thread hears of it."""
        self._cancelled.set()


async def carry_out(
    store: Store,
    actor: Actor,
    task: Task,
    work: Callable[[Handle], Awaitable[T]],
    *,
    watch: Report | None = None,
    queued: str | None = None,
) -> T:
    """Run `work` as a recorded run and return what it returns. `queued`: the run that `queue` recorded for it.

    `work` itself finishes the record when its outcome belongs into a transaction with its result (publishing does);
    otherwise the run ends as done without outcome. Raises what `work` raises; a `ClosingError` carries the run's id.
    `ClosingError` `run-active` when another active run holds the lock key.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    with store.database.write() as connection:
        runs = Runs(connection, store.clock)
        run = _recorded(runs, actor, task) if queued is None else runs.get(queued)
        runs.start(run.id, owner=owner)
    handle = Handle(store, run, owner, watch)
    try:
        with _heartbeat(handle):
            result = await work(handle)
    except asyncio.CancelledError:
        handle.cancel()
        _end(store, run.id, owner, "cancelled", None)
        raise
    except ClosingError as error:
        error.run = run.id
        _end(store, run.id, owner, "failed", error)
        raise
    except BaseException as error:
        _end(store, run.id, owner, "failed", ClosingError("unexpected-fault", detail=type(error).__name__))
        raise
    _end(store, run.id, owner, "done", None)
    return result


def queue(store: Store, actor: Actor, task: Task) -> Run:
    """Record what shall run; `carry_out` takes it up, in this process or after a restart in the next.

    Raises `ClosingError` `run-active` with the id of the active run that holds the lock key.
    """
    with store.database.write() as connection:
        return _recorded(Runs(connection, store.clock), actor, task)


def sweep(store: Store) -> int:
    """Declare runs interrupted whose process is gone. Returns how many."""
    with store.database.write() as connection:
        runs = Runs(connection, store.clock)
        return sum(runs.interrupt(run.id) for run in runs.stale())


def _recorded(runs: Runs, actor: Actor, task: Task) -> Run:
    return runs.create(
        task.kind,
        by=actor.name,
        engagement_id=task.engagement_id,
        year_start=task.year_start,
        lock_key=task.lock_key,
    )


def _end(store: Store, run_id: str, owner: str, state: Ended, error: ClosingError | None) -> None:
    """End the run unless the work did so itself, in the transaction of its result."""
    with store.database.write() as connection:
        runs = Runs(connection, store.clock)
        if runs.get(run_id).state == "running":
            runs.finish(run_id, state, owner=owner, error=error)


@contextlib.contextmanager
def _heartbeat(handle: Handle) -> Iterator[None]:
    """Prolongs the lease while the work is silent, such as while one large file is read."""
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(LEASE.total_seconds() / 3):
            with contextlib.suppress(ClosingError):  # a busy database: the next beat is in time
                handle.beat()

    thread = threading.Thread(target=beat, name=f"heartbeat {handle.run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
