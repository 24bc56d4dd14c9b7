import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.runs import runner
from closing_host.runs.runner import Handle, Task, carry_out, sweep
from closing_host.storage.audit import Actor
from closing_host.storage.runs import LEASE, Progress, Run, Runs
from closing_host.storage.store import Store

ASA = Actor("asa")


class SetClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 10, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    with Store.open(tmp_path / "data", clock=clock) as opened:
        yield opened


def only_run(store: Store) -> Run:
    with store.database.read() as connection:
        (run,) = Runs(connection, store.clock).newest()
    return run


def test_a_run_that_ends_well_is_recorded_as_done(store: Store) -> None:
    async def work(handle: Handle) -> str:
        assert only_run(store).state == "running"
        return handle.run_id

    run_id = asyncio.run(carry_out(store, ASA, Task("import"), work))
    run = only_run(store)
    assert (run.id, run.state, run.created_by, run.lease_until) == (run_id, "done", "asa", None)


def test_an_error_is_recorded_and_carries_the_runs_id(store: Store) -> None:
    async def work(handle: Handle) -> None:
        raise DataError("year-not-stated", file="x.se")

    with pytest.raises(DataError) as raised:
        asyncio.run(carry_out(store, ASA, Task("import"), work))
    run = only_run(store)
    assert raised.value.run == run.id
    assert (run.state, run.error_code, run.error_parameters) == ("failed", "year-not-stated", {"file": "x.se"})


def test_a_fault_of_our_own_is_recorded_by_its_kind_and_goes_on(store: Store) -> None:
    async def work(handle: Handle) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(carry_out(store, ASA, Task("import"), work))
    run = only_run(store)
    assert (run.state, run.error_code, run.error_detail) == ("failed", "unexpected-fault", "ZeroDivisionError")


def test_progress_reaches_the_watcher_at_once_and_the_record_now_and_then(store: Store, clock: SetClock) -> None:
    seen: list[tuple[str, int, int | None]] = []
    recorded: list[Progress] = []

    async def work(handle: Handle) -> None:
        for done, passed in ((1, 0.1), (2, 10), (3, 0.1)):
            clock.now += timedelta(seconds=passed)
            handle.progress("rows", done, 3)
            recorded.append(only_run(store).progress)

    asyncio.run(carry_out(store, ASA, Task("import"), work, watch=lambda *reported: seen.append(reported)))
    assert seen == [("rows", 1, 3), ("rows", 2, 3), ("rows", 3, 3)]
    assert recorded == [Progress(), Progress("rows", 2, 3), Progress("rows", 2, 3)]


def test_a_cancelled_run_is_recorded_and_its_threads_hear_of_it(store: Store) -> None:
    handles: list[Handle] = []

    async def scenario() -> None:
        started = asyncio.Event()

        async def work(handle: Handle) -> None:
            handles.append(handle)
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(carry_out(store, ASA, Task("import"), work))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert only_run(store).state == "cancelled"
    with pytest.raises(asyncio.CancelledError):
        handles[0].progress("rows", 1, None)


def test_only_one_active_run_holds_a_lock_key(store: Store) -> None:
    task = Task("import", lock_key="import:1:2025-01-01")

    async def second(handle: Handle) -> None:
        raise AssertionError("must not start")

    async def first(handle: Handle) -> None:
        with pytest.raises(ClosingError) as refused:
            await carry_out(store, ASA, task, second)
        assert refused.value.parameters["run"] == handle.run_id

    asyncio.run(carry_out(store, ASA, task, first))
    assert only_run(store).state == "done"


def test_a_run_whose_process_died_is_declared_interrupted(store: Store, clock: SetClock) -> None:
    with store.database.write() as connection:
        runs = Runs(connection, store.clock)
        runs.start(runs.create("import", by="asa").id, owner="gone")
    clock.now += LEASE - timedelta(seconds=1)
    assert sweep(store) == 0
    clock.now += timedelta(seconds=2)
    assert sweep(store) == 1
    assert only_run(store).state == "interrupted"


def test_a_silent_run_keeps_its_lease(store: Store, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "LEASE", timedelta(seconds=0.03))

    async def work(handle: Handle) -> None:
        clock.now += timedelta(seconds=40)
        before = only_run(store).lease_until
        while only_run(store).lease_until == before:  # noqa: ASYNC110 - the beat comes from a thread
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(carry_out(store, ASA, Task("import"), work), timeout=10))
    assert only_run(store).state == "done"
