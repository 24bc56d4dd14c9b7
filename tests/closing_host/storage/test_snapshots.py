import dataclasses
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.ledgers.canonical import fingerprint
from closing_host.storage.audit import Action, Trail, events
from closing_host.storage.database import Connection, Database
from closing_host.storage.engagements import EngagementRecords, Engagements
from closing_host.storage.runs import Runs
from closing_host.storage.snapshot_records import SnapshotRecords
from closing_host.storage.tables import engagement_year
from stored_books import ANNA, OWNER, YEAR_END, YEAR_START, World, rich_ledger, same, small_ledger


def test_an_import_shows_the_ledger_and_says_where_it_came_from(world: World) -> None:
    published = world.publish(rich_ledger(), b"the file")
    snapshot = published.snapshot
    assert published.changed
    assert same(world.store.snapshots.load(1, snapshot.id), rich_ledger())
    assert world.store.snapshots.current(1, YEAR_START) == snapshot
    assert (snapshot.current, snapshot.created_at, snapshot.created_by) == (True, world.clock(), "anna")
    assert snapshot.fingerprint == fingerprint(rich_ledger())
    assert snapshot.counts["rows"] == 3
    assert snapshot.provenance == {"file": "books.se"}
    assert snapshot.controls == [{"control": "I01", "result": "ok"}]
    assert snapshot.raw_sha is not None
    with world.store.blobs.open(snapshot.raw_sha) as file:
        assert file.read() == b"the file"


def test_the_event_holds_the_fingerprints_and_the_run_ends_with_it(world: World) -> None:
    first = world.publish(small_ledger(1)).snapshot
    second = world.publish(small_ledger(2)).snapshot
    with world.store.database.read() as connection:
        event = events(connection, engagement_id=1)[0]
        run = Runs(connection, world.clock).get(second.run_id)
    assert (event.action, event.object, event.run_id) == (Action.IMPORT_PUBLISHED, f"snapshot:{second.id}", run.id)
    assert (event.before_hash, event.after_hash) == (first.fingerprint, second.fingerprint)
    assert json.loads(event.details_json)["year"] == "2024-01-01"
    assert (run.state, run.outcome) == ("done", {"snapshot": second.id, "changed": True})


def test_the_same_books_again_add_no_snapshot_but_a_run_and_an_event(world: World) -> None:
    first = world.publish(small_ledger(1), b"one file")
    files = world.files()
    again = world.publish(small_ledger(1), b"one file")
    assert (again.changed, again.snapshot) == (False, first.snapshot)
    assert world.files() == files
    with world.store.database.read() as connection:
        event = events(connection)[0]
        runs = Runs(connection, world.clock, engagement_id=1).newest()
    assert (event.action, event.object) == (Action.IMPORT_UNCHANGED, f"snapshot:{first.snapshot.id}")
    assert event.before_hash == event.after_hash == first.snapshot.fingerprint
    assert [run.state for run in runs] == ["done", "done"]
    assert {run.outcome["changed"] for run in runs if run.outcome} == {True, False}


def test_the_import_can_be_undone_and_redone(world: World) -> None:
    right = world.publish(small_ledger(1)).snapshot
    wrong = world.publish(small_ledger(2)).snapshot
    world.store.snapshots.make_current(1, right.id, actor=ANNA)
    shown = world.shown()
    assert shown is not None
    assert same(shown, small_ledger(1))
    assert [(each.id, each.current) for each in world.store.snapshots.history(1)] == [
        (wrong.id, False),
        (right.id, True),
    ]
    with world.store.database.read() as connection:
        event = events(connection)[0]
    assert (event.action, event.actor) == (Action.SNAPSHOT_MADE_CURRENT, "anna")
    assert (event.before_hash, event.after_hash) == (wrong.fingerprint, right.fingerprint)
    assert world.store.snapshots.make_current(1, wrong.id, actor=ANNA).current


def test_making_the_current_one_current_tells_nothing(world: World) -> None:
    snapshot = world.publish(small_ledger(1)).snapshot
    with world.store.database.read() as connection:
        before = events(connection)
    assert world.store.snapshots.make_current(1, snapshot.id, actor=ANNA) == snapshot
    with world.store.database.read() as connection:
        assert events(connection) == before


def test_a_snapshot_can_be_shown_in_a_year_that_shows_none(world: World) -> None:
    snapshot = world.publish(small_ledger(1)).snapshot
    with world.store.database.write() as connection:
        connection.execute(update(engagement_year).values(current_snapshot_id=None))
    assert world.store.snapshots.make_current(1, snapshot.id, actor=ANNA).current
    with world.store.database.read() as connection:
        assert events(connection)[0].before_hash == ""


def test_a_damaged_snapshot_is_not_made_current(world: World) -> None:
    first = world.publish(small_ledger(1)).snapshot
    second = world.publish(small_ledger(2)).snapshot
    (world.store.ledgers.path(first.ledger_sha) / "rows.parquet").write_bytes(b"")
    with pytest.raises(ClosingError, match="ledger-damaged"):
        world.store.snapshots.make_current(1, first.id, actor=ANNA)
    assert world.store.snapshots.current(1, YEAR_START) == second


def test_undone_books_imported_again_are_a_new_snapshot_on_the_same_files(world: World) -> None:
    first = world.publish(small_ledger(1)).snapshot
    second = world.publish(small_ledger(2)).snapshot
    world.store.snapshots.make_current(1, first.id, actor=ANNA)
    third = world.publish(small_ledger(2)).snapshot
    assert (third.ledger_sha, third.current) == (second.ledger_sha, True)
    assert third.id != second.id


def test_years_have_snapshots_of_their_own(world: World) -> None:
    snapshot = world.publish(small_ledger(1)).snapshot
    run = world.start_run()
    other = dataclasses.replace(
        world.receive(small_ledger(7), b"x"), year_start=date(2025, 1, 1), year_end=date(2025, 12, 31), raw=None
    )
    later = world.store.snapshots.publish(1, other, run_id=run.id, owner=OWNER, actor=ANNA).snapshot
    assert (later.raw_sha, later.blobs) == (None, ())
    assert world.store.snapshots.current(1, YEAR_START) == snapshot
    assert world.store.snapshots.history(1, date(2025, 1, 1)) == (later,)
    with world.store.database.read() as connection:
        years = EngagementRecords(connection, 1).years()
    assert [(year.year_start.year, year.current_snapshot_id) for year in years] == [
        (2025, later.id),
        (2024, snapshot.id),
    ]


def test_a_changed_year_end_is_taken_over(world: World) -> None:
    world.publish(small_ledger(1))
    longer = dataclasses.replace(world.receive(small_ledger(2), b"x"), year_end=date(2025, 6, 30))
    world.store.snapshots.publish(1, longer, run_id=world.start_run().id, owner=OWNER, actor=ANNA)
    with world.store.database.read() as connection:
        (year,) = EngagementRecords(connection, 1).years()
    assert year.year_end == date(2025, 6, 30)


def test_another_engagements_snapshot_is_unknown(world: World) -> None:
    snapshot = world.publish(small_ledger(1)).snapshot
    with world.store.database.write() as connection:
        other = Engagements(connection).create(world.store.trail(connection, ANNA), name="B", source_id="sie4").id
    for refused in (
        lambda: world.store.snapshots.get(other, snapshot.id),
        lambda: world.store.snapshots.load(other, snapshot.id),
        lambda: world.store.snapshots.scan(other, snapshot.id, "rows"),
        lambda: world.store.snapshots.make_current(other, snapshot.id, actor=ANNA),
    ):
        with pytest.raises(ClosingError, match="snapshot-unknown"):
            refused()
    assert world.store.snapshots.history(other) == ()
    assert world.store.snapshots.current(other, YEAR_START) is None


def test_the_database_itself_refuses_another_companys_snapshot(world: World) -> None:
    snapshot = world.publish(small_ledger(1)).snapshot
    with world.store.database.write() as connection:
        other = Engagements(connection).create(world.store.trail(connection, ANNA), name="B", source_id="sie4").id
    with pytest.raises(IntegrityError), world.store.database.write() as connection:
        SnapshotRecords(connection, other).point(YEAR_START, YEAR_END, snapshot.id)


def test_a_run_that_was_taken_away_cannot_publish(world: World) -> None:
    old = world.publish(small_ledger(1)).snapshot
    run = world.start_run()
    received = world.receive(small_ledger(2), b"x")
    world.clock.advance(timedelta(minutes=2))
    with world.store.database.write() as connection:
        assert Runs(connection, world.clock).interrupt(run.id)
    with pytest.raises(ClosingError, match="run-not-yours"):
        world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA)
    assert world.store.snapshots.history(1) == (old,)


def test_the_outcome_of_the_import_is_kept_with_the_run(world: World) -> None:
    run = world.start_run()
    received = world.receive(small_ledger(1), b"x")
    world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA, outcome={"findings": 3})
    with world.store.database.read() as connection:
        outcome = Runs(connection, world.clock).get(run.id).outcome
    assert outcome == {"findings": 3, "snapshot": 1, "changed": True}


def test_what_joins_the_transaction_is_done_with_it_or_not_at_all(world: World) -> None:
    def joins(trail: Trail) -> None:
        EngagementRecords(trail.connection, 1).rename(trail, "Joined AB")

    def fails(trail: Trail) -> None:
        joins(trail)
        raise ClosingError("engagement-unknown")

    run = world.start_run()
    received = world.receive(small_ledger(1), b"x")
    with pytest.raises(ClosingError):
        world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA, also=fails)
    assert world.shown() is None
    world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA, also=joins)
    with world.store.database.read() as connection:
        assert EngagementRecords(connection, 1).engagement().name == "Joined AB"
        assert [event.action for event in events(connection, limit=2)] == [
            Action.IMPORT_PUBLISHED,
            Action.ENGAGEMENT_RENAMED,
        ]


def test_files_swept_before_publishing_are_noticed(world: World) -> None:
    run = world.start_run()
    received = world.receive(small_ledger(1), b"x")
    assert received.raw is not None
    world.store.blobs.remove(received.raw)
    with pytest.raises(TemporaryError, match="import-swept"):
        world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA)
    assert world.shown() is None


def test_an_import_that_is_overtaken_while_it_found_no_changes_stores_after_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The year showed the same books when the import looked, and others once it held the write lock."""
    world.publish(small_ledger(1))
    first = world.store.snapshots.history(1)[0]
    second = world.publish(small_ledger(2)).snapshot
    world.store.snapshots.make_current(1, first.id, actor=ANNA)
    run = world.start_run()
    received = world.receive(small_ledger(1), b"x")
    original = Database.transact
    calls = 0

    def late(database: Database, work: Callable[[Connection], object]) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            with database.write() as connection:
                SnapshotRecords(connection, 1).point(YEAR_START, YEAR_END, second.id)
        return original(database, work)

    monkeypatch.setattr(Database, "transact", late)
    published = world.store.snapshots.publish(1, received, run_id=run.id, owner=OWNER, actor=ANNA)
    assert calls == 2
    assert published.changed
    shown = world.shown()
    assert shown is not None
    assert same(shown, small_ledger(1))
