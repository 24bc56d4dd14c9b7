import dataclasses
from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from closing_host.ledgers.canonical import fingerprint
from closing_host.storage.tables import audit, engagement_year, run, snapshot
from closing_host.storage.verify import Problem, verify
from stored_books import ANNA, World, small_ledger


def prepare(world: World) -> None:
    """Snapshots 1 and 2, of which 1 is shown again; `kept` names a second blob."""
    world.publish(small_ledger(1), b"first")
    running = world.start_run()
    received = dataclasses.replace(
        world.receive(small_ledger(2), b"second"), kept={"page": world.store.blobs.put(b"page")}
    )
    world.store.snapshots.publish(1, received, run_id=running.id, owner="this process", actor=ANNA)
    world.store.snapshots.make_current(1, 1, actor=ANNA)


def test_a_whole_store_has_no_problem(world: World) -> None:
    prepare(world)
    steps: list[tuple[int, int]] = []
    verification = verify(world.store, progress=lambda done, total: steps.append((done, total)))
    assert (verification.snapshots, verification.blobs, verification.problems) == (2, 3, ())
    assert steps == [(each, 5) for each in range(1, 6)]
    assert verification.head == world.store.anchor.read()


def cut_tail(world: World) -> None:
    with world.store.database.write() as connection:
        connection.execute(delete(audit).where(audit.c.action == "snapshot.made-current"))


def point_elsewhere(world: World) -> None:
    with world.store.database.write() as connection:
        connection.execute(update(engagement_year).values(current_snapshot_id=2))


def forge_fingerprint(world: World) -> None:
    with world.store.database.write() as connection:
        connection.execute(update(snapshot).where(snapshot.c.id == 1).values(fingerprint="f" * 64))


def replace_books(world: World) -> None:
    """Files and record agree, but the trail knows better."""
    sha = world.store.ledgers.write(small_ledger(777))
    with world.store.database.write() as connection:
        values = {"ledger_sha": sha, "fingerprint": fingerprint(small_ledger(777))}
        connection.execute(update(snapshot).where(snapshot.c.id == 1).values(values))


def replace_files(world: World) -> None:
    sha = world.store.ledgers.write(small_ledger(777))
    with world.store.database.write() as connection:
        connection.execute(update(snapshot).where(snapshot.c.id == 1).values(ledger_sha=sha))


def remove_record(world: World) -> None:
    with world.store.database.write() as connection:
        connection.execute(delete(snapshot).where(snapshot.c.id == 2))


def insert_record(world: World) -> None:
    with world.store.database.write() as connection:
        row = dict(connection.execute(snapshot.select().where(snapshot.c.id == 1)).mappings().one())
        connection.execute(snapshot.insert().values({**row, "id": 3}))
        assert connection.execute(run.select()).first()


def damage_rows(world: World) -> None:
    path = world.store.ledgers.path(world.store.snapshots.get(1, 2).ledger_sha)
    (path / "rows.parquet").write_bytes(b"PAR1")


def remove_ledger(world: World) -> None:
    world.store.ledgers.remove(world.store.snapshots.get(1, 1).ledger_sha)


def remove_page(world: World) -> None:
    world.store.blobs.remove(world.store.snapshots.get(1, 2).kept["page"])


def damage_page(world: World) -> None:
    world.store.blobs.path(world.store.snapshots.get(1, 2).kept["page"]).write_bytes(b"pagE")


def remove_anchor(world: World) -> None:
    world.store.folder.anchor.unlink()


@pytest.mark.parametrize(
    ("tamper", "codes"),
    [
        (cut_tail, ["audit-cut", "pointer-not-in-trail"]),
        (point_elsewhere, ["pointer-not-in-trail"]),
        (forge_fingerprint, ["snapshot-not-in-trail", "snapshot-changed"]),
        (replace_books, ["snapshot-not-in-trail"]),
        (replace_files, ["snapshot-changed"]),
        (remove_record, ["snapshot-record-missing"]),
        (insert_record, ["snapshot-not-in-trail"]),
        (damage_rows, ["ledger-damaged"]),
        (remove_ledger, ["ledger-missing"]),
        (remove_page, ["blob-missing"]),
        (damage_page, ["blob-damaged"]),
        (remove_anchor, ["audit-anchor-missing"]),
    ],
)
def test_what_was_tampered_with_is_named(world: World, tamper: Callable[[World], None], codes: list[str]) -> None:
    prepare(world)
    tamper(world)
    assert [problem.code for problem in verify(world.store).problems] == codes


def test_the_problem_names_the_place(world: World) -> None:
    prepare(world)
    damage_rows(world)
    sha = world.store.snapshots.get(1, 2).ledger_sha
    assert verify(world.store).problems == (
        Problem("ledger-damaged", {"ledger": sha, "file": "rows.parquet", "snapshot": 2}),
    )
    cut_tail(world)
    assert verify(world.store).problems[0] == Problem("audit-cut", {"event": 5})
