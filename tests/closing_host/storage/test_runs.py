from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from closing_host.api.errors import ClosingError, DataError
from closing_host.storage.engagements import Engagements
from closing_host.storage.runs import LEASE, Progress, Runs, new_id
from closing_host.storage.tables import run as run_table
from stored_books import ANNA, YEAR_START, World


def test_a_run_from_queue_to_end(world: World) -> None:
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock, engagement_id=1)
        run = runs.create("import", by="anna", year_start=YEAR_START)
        assert (run.state, run.engagement_id, run.progress) == ("queued", 1, Progress())
        runs.start(run.id, owner="p1")
        world.clock.advance(timedelta(seconds=5))
        runs.report(run.id, Progress("reading", 3, 10), owner="p1")
        running = runs.get(run.id)
        assert (running.state, running.progress) == ("running", Progress("reading", 3, 10))
        assert running.lease_until == world.clock() + LEASE
        runs.finish(run.id, "done", owner="p1", outcome={"rows": 3})
        ended = runs.get(run.id)
    assert (ended.state, ended.outcome, ended.finished_at) == ("done", {"rows": 3}, world.clock())
    assert (ended.error_code, ended.error_parameters, ended.lease_until) == (None, None, None)


def test_a_failure_keeps_its_code_parameters_and_what_the_source_said(world: World) -> None:
    run = world.start_run()
    error = DataError("date-wrong", line=7, text="20241301", detail="month 13")
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock)
        runs.finish(run.id, "failed", owner="this process", error=error)
        failed = runs.get(run.id)
    assert (failed.error_code, failed.error_parameters) == ("date-wrong", {"line": "7", "text": "20241301"})
    assert (failed.error_detail, failed.outcome) == ("month 13", None)


def test_one_active_run_per_key(world: World) -> None:
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock, engagement_id=1)
        first = runs.create("import", by="anna", lock_key="import:1")
        with pytest.raises(ClosingError) as caught:
            runs.create("import", by="bo", lock_key="import:1")
        assert caught.value.parameters["run"] == first.id
        runs.create("import", by="bo", lock_key="import:2")
        assert runs.active("import:1") == first
        runs.cancel_queued(first.id)
        assert runs.active("import:1") is None
        runs.create("import", by="bo", lock_key="import:1")


def test_the_database_itself_refuses_two_active_runs_with_one_key(world: World) -> None:
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock)
        runs.create("import", by="anna", lock_key="a")
        other = runs.create("import", by="anna", lock_key="b")
    with pytest.raises(IntegrityError), world.store.database.write() as connection:
        connection.execute(update(run_table).where(run_table.c.id == other.id).values(lock_key="a"))


def test_a_silent_run_is_stale_and_its_owner_is_shut_out(world: World) -> None:
    run = world.start_run()
    world.clock.advance(LEASE)
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock)
        assert runs.stale() == ()
        assert not runs.interrupt(run.id)
        world.clock.advance(timedelta(seconds=1))
        assert [each.id for each in runs.stale()] == [run.id]
        assert runs.interrupt(run.id)
        attempts: tuple[Callable[[], None], ...] = (
            lambda: runs.report(run.id, Progress("late"), owner="this process"),
            lambda: runs.finish(run.id, "done", owner="this process"),
            lambda: runs.start(run.id, owner="other"),
            lambda: runs.cancel_queued(run.id),
        )
        for late in attempts:
            with pytest.raises(ClosingError, match="run-not-yours"):
                late()
        assert runs.get(run.id).state == "interrupted"


def test_only_the_owner_can_finish(world: World) -> None:
    run = world.start_run(owner="p1")
    with world.store.database.write() as connection, pytest.raises(ClosingError, match="run-not-yours"):
        Runs(connection, world.clock).finish(run.id, "done", owner="p2")


def test_another_engagements_run_can_neither_be_seen_nor_changed(world: World) -> None:
    run = world.start_run()
    with world.store.database.write() as connection:
        other = Engagements(connection).create(world.store.trail(connection, ANNA), name="B", source_id="sie4")
        runs = Runs(connection, world.clock, engagement_id=other.id)
        assert runs.newest() == ()
        with pytest.raises(ClosingError, match="run-unknown"):
            runs.get(run.id)
        with pytest.raises(ClosingError, match="run-not-yours"):
            runs.finish(run.id, "done", owner="this process")
        world.clock.advance(2 * LEASE)
        assert not runs.interrupt(run.id)


def test_the_newest_runs_come_first(world: World) -> None:
    ids = []
    for _ in range(3):
        ids.append(world.start_run().id)
        world.clock.advance(timedelta(seconds=1))
    with world.store.database.read() as connection:
        assert [run.id for run in Runs(connection, world.clock).newest(limit=2)] == ids[:0:-1]


def test_a_runs_id_can_be_read_aloud() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 9 and not set(each) & set("01ilo") for each in ids)


def test_a_run_becomes_the_engagements_own_once_that_is_known(world: World) -> None:
    with world.store.database.write() as connection:
        runs = Runs(connection, world.clock)
        run = runs.create("import", by="anna")
        runs.assign(run.id, 1, date(2024, 1, 1), lock_key="import:1")
        runs.assign(run.id, 1, date(2024, 1, 1), lock_key="import:1")
        assigned = runs.get(run.id)
        assert (assigned.engagement_id, assigned.year_start, assigned.lock_key) == (1, date(2024, 1, 1), "import:1")
        other = runs.create("import", by="bo")
        with pytest.raises(ClosingError, match="run-active"):
            runs.assign(other.id, 1, date(2024, 1, 1), lock_key="import:1")
