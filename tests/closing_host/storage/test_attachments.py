import json

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from closing_host.api.errors import ClosingError, PermissionMissing, TemporaryError
from closing_host.storage.attachment_facts import put_facts
from closing_host.storage.attachment_tables import attachment_version
from closing_host.storage.attachments import AttachmentVersion, AttachmentVersions, NewVersion, store_versions
from closing_host.storage.audit import Action, AuditEvent, events
from closing_host.storage.engagements import Engagements
from closing_host.storage.runs import Runs
from closing_host.storage.sweep import GRACE, named_blobs, sweep
from closing_host.storage.verify import Problem, verify
from stored_attachments import attach, attach_failure, customers, suppliers
from stored_books import ANNA, OWNER, YEAR_END, YEAR_START, World, small_ledger


@pytest.fixture
def snapshot(world: World) -> int:
    return world.publish(small_ledger(100, 200)).snapshot.id


def versions(world: World, engagement_id: int = 1) -> tuple[AttachmentVersion, ...]:
    with world.store.database.read() as connection:
        return AttachmentVersions(connection, engagement_id).all(YEAR_START)


def newest_event(world: World) -> AuditEvent:
    with world.store.database.read() as connection:
        return events(connection, limit=1)[0]


def test_versions_count_from_one_and_both_sides_share_the_number(world: World, snapshot: int) -> None:
    attach(world, snapshot, customers(100, 200), suppliers(70))
    attach(world, snapshot, customers(100))
    found = versions(world)
    assert [(each.version, each.side) for each in found] == [(2, "receivables"), (1, "receivables"), (1, "payables")]
    first = found[-2]
    assert (first.open, first.ledger, first.difference, first.final, first.outcome) == (300, 300, 0, True, "ok")
    assert (first.made_by, first.made_at, first.as_at) == ("anna", world.clock(), YEAR_END)
    assert first.fingerprint == world.store.snapshots.get(1, snapshot).fingerprint
    assert first.error is None


def test_the_making_ends_its_run_and_the_trail_holds_its_figures(world: World, snapshot: int) -> None:
    made = attach(world, snapshot, customers(100, 200), suppliers())
    with world.store.database.read() as connection:
        run = Runs(connection, world.clock).get(made[0].run_id)
    assert (run.state, run.outcome) == ("done", {"snapshot": snapshot, "attachments": 1})
    told = newest_event(world)
    assert (told.action, told.object) == (Action.ATTACHMENTS_MADE, "attachments:1:2024-01-01:1")
    details = json.loads(told.details_json)
    assert details["sides"]["receivables"]["facts"] == dict(made[0].facts or {})
    assert "Åkes" not in told.details_json


def test_a_failure_is_a_version_with_its_reason_and_ends_the_run_as_failed(world: World, snapshot: int) -> None:
    error = PermissionMissing("attachments", detail="Saknar licens", name="Åkes")
    made = attach_failure(world, snapshot, error)
    assert [(each.outcome, each.open, each.facts) for each in made] == [("failed", None, None)] * 2
    assert made[0].error is not None
    assert (made[0].error.code, made[0].error.detail) == ("permission-missing", "Saknar licens")
    assert made[0].error.parameters == {"operation": "attachments", "name": "Åkes"}
    with world.store.database.read() as connection:
        run = Runs(connection, world.clock).get(made[0].run_id)
    assert (run.state, run.error_code) == ("failed", "permission-missing")
    told = newest_event(world)
    assert told.action == Action.ATTACHMENTS_FAILED
    assert "Åkes" not in told.details_json
    assert "licens" not in told.details_json


def test_another_engagement_sees_nothing_of_them_and_cannot_name_these_books(world: World, snapshot: int) -> None:
    attach(world, snapshot, customers(100))
    with world.store.database.write() as connection:
        other = Engagements(connection).create(world.store.trail(connection, ANNA), name="Annan", source_id="sie4")
    assert versions(world, other.id) == ()
    with pytest.raises(ClosingError, match="snapshot-unknown"):
        store_versions(world.store, other.id, snapshot, [], run_id="x", owner=OWNER, actor=ANNA)
    row = {"engagement_id": other.id, "year_start": YEAR_START, "side": "payables", "version": 1, "as_at": YEAR_END}
    row |= {"snapshot_id": snapshot, "run_id": versions(world)[0].run_id, "control_accounts": [], "outcome": "failed"}
    row |= {"made_at": world.clock(), "made_by": "x", "error_code": "x"}
    with pytest.raises(IntegrityError), world.store.database.write() as connection:
        connection.execute(insert(attachment_version).values(row))


def test_a_run_that_was_taken_away_stores_nothing(world: World, snapshot: int) -> None:
    run = world.start_run(owner="another process")
    made = [NewVersion("payables", YEAR_END, ("2440",), put_facts(world.store.blobs, suppliers()), True, 0, 0, 0)]
    with pytest.raises(ClosingError, match="run-not-yours"):
        store_versions(world.store, 1, snapshot, made, run_id=run.id, owner=OWNER, actor=ANNA)
    assert versions(world) == ()
    assert verify(world.store).problems == ()


def test_facts_that_the_sweep_took_meanwhile_are_not_named(world: World, snapshot: int) -> None:
    run = world.start_run()
    facts = put_facts(world.store.blobs, suppliers(70))
    world.clock.advance(2 * GRACE)
    assert sweep(world.store).blobs == len(facts)
    made = [NewVersion("payables", YEAR_END, ("2440",), facts, True, 0, 0, 0)]
    with pytest.raises(TemporaryError, match="import-swept"):
        store_versions(world.store, 1, snapshot, made, run_id=run.id, owner=OWNER, actor=ANNA)
    assert versions(world) == ()


def test_what_versions_were_made_from_is_named_for_sweep_and_backup(world: World, snapshot: int) -> None:
    made = attach(world, snapshot, customers(100), suppliers(70))
    attach_failure(world, snapshot, ClosingError("x"))
    with world.store.database.read() as connection:
        named = set(named_blobs(connection))
    assert {sha for each in made for sha in (each.facts or {}).values()} <= named
    world.clock.advance(2 * GRACE)
    assert sweep(world.store).blobs == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE attachment_version SET difference = 0, ledger = 1 WHERE side = 'payables'",
        "UPDATE attachment_version SET control_accounts = '[\"1511\"]' WHERE side = 'receivables'",
        "UPDATE attachment_version SET facts = '{}' WHERE side = 'receivables'",
        "DELETE FROM attachment_version WHERE side = 'payables'",
        "DELETE FROM attachment_version",
    ],
)
def test_a_version_that_was_changed_behind_our_back_is_found(world: World, snapshot: int, change: str) -> None:
    attach(world, snapshot, customers(100), suppliers(70))
    assert verify(world.store).problems == ()
    with world.store.database.write() as connection:
        connection.execute(text(change))
    assert Problem("attachment-not-in-trail", {"made": "attachments:1:2024-01-01:1"}) in verify(world.store).problems


def test_a_version_that_nobody_made_is_found(world: World, snapshot: int) -> None:
    attach(world, snapshot, customers(100))
    with world.store.database.write() as connection:
        columns = [each.name for each in attachment_version.columns if each.name not in ("id", "version")]
        names = ", ".join(columns)
        copy = f"INSERT INTO attachment_version (version, {names}) SELECT 2, {names} FROM attachment_version"
        connection.execute(text(copy))
    (problem,) = verify(world.store).problems
    assert problem == Problem("attachment-not-in-trail", {"made": "attachments:1:2024-01-01:2"})
