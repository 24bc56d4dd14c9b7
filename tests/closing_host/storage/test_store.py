import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

import closing_host.storage
import ready_tables
from closing_host.api.errors import ClosingError
from closing_host.storage import store as store_module
from closing_host.storage import upgrade as upgrade_module
from closing_host.storage.audit import Action, events
from closing_host.storage.folder import FolderLock
from closing_host.storage.store import Store
from closing_host.storage.tables import REVISION, metadata
from closing_host.storage.upgrade import MIGRATIONS, revision_of
from closing_host.storage.verify import verify
from stored_books import ANNA, SetClock, World, copy_world, opened, small_ledger


def import_all_tables() -> None:
    """Every module of the package that declares tables."""
    for path in Path(closing_host.storage.__path__[0]).glob("*tables.py"):
        __import__(f"closing_host.storage.{path.stem}")


def test_a_new_folder_is_made_and_told_in_the_trail(tmp_path: Path, clock: SetClock) -> None:
    with Store.open(tmp_path / "data", clock=clock) as store:
        with store.database.read() as connection:
            (event,) = events(connection)
        assert (event.action, event.actor_kind) == (Action.DATABASE_CREATED, "system")
        assert revision_of(store.database) == REVISION
        assert verify(store).problems == ()
        assert list(store.folder.backups.iterdir()) == []
    assert not (tmp_path / "data" / "closing.db-wal").exists()


def test_the_code_knows_the_newest_revision_and_there_is_one_line_of_them() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [REVISION]


def test_the_migrated_database_has_exactly_the_tables_of_the_code(world: World) -> None:
    import_all_tables()
    with world.store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_tables_made_at_once_are_those_of_the_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests begin with the former; all users with the latter."""
    made: list[object] = []
    for make in (ready_tables.at_once, ready_tables.by_revisions):
        monkeypatch.setattr(upgrade_module, "_run_revisions", make)
        Store.open(tmp_path / f"{len(made)}").close()
        with closing(sqlite3.connect(tmp_path / f"{len(made)}" / "closing.db")) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables - {"audit"}}
            made.append((connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(), rows))
    assert made[0] == made[1]


def test_constraints_are_the_same_too(world: World) -> None:
    """Autogenerate does not compare checks and partial indexes; SQLite's own text does."""
    import_all_tables()
    plain = sqlite3.connect(":memory:")
    engine = create_engine("sqlite://", creator=lambda: plain, poolclass=StaticPool)
    metadata.create_all(engine)

    def parts(connection: sqlite3.Connection) -> set[tuple[str, frozenset[str]]]:
        query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        return {
            (name, frozenset(line.strip(" ,\t") for line in sql.replace('"', "").splitlines()))
            for name, sql in connection.execute(query)
        }

    with sqlite3.connect(world.store.folder.database) as migrated:
        assert parts(migrated) == parts(plain)
    migrated.close()
    engine.dispose()


def newer_program(workplace: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    migrations = workplace / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "versions" / "9999_next.py").write_text(
        f"from alembic import op\nrevision = '9999'\ndown_revision = '{REVISION}'\ndef upgrade():\n    {body}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(upgrade_module, "MIGRATIONS", migrations)
    monkeypatch.setattr(upgrade_module, "REVISION", "9999")
    monkeypatch.setattr(store_module, "REVISION", "9999")


def test_an_upgrade_copies_the_database_first_and_is_told(
    template: Path, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy_world(template, tmp_path / "data")
    newer_program(tmp_path, monkeypatch, "op.execute('CREATE TABLE next (id INTEGER)')")
    with opened(path, clock) as world:
        with world.store.database.read() as connection:
            assert events(connection)[0].action == Action.DATABASE_UPGRADED
        assert verify(world.store).problems == ()
        world.publish(small_ledger(1))
    (copy,) = (path / "backups").iterdir()
    assert copy.name == f"closing-{REVISION}-20261122T120000Z.db"
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISION,)
    kept.close()
    with opened(path, clock):
        assert len(list((path / "backups").iterdir())) == 1


def test_an_upgrade_that_another_has_made_meanwhile_does_nothing(world: World) -> None:
    upgrade_module.upgrade(
        world.store.database, world.store.folder, world.clock, lambda connection: world.store.trail(connection, ANNA)
    )
    assert list(world.store.folder.backups.iterdir()) == []
    assert verify(world.store).head.seq == 2


def test_an_upgrade_that_breaks_references_is_undone(
    template: Path, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy_world(template, tmp_path / "data")
    with opened(path, clock) as world:
        world.publish(small_ledger(1))
    with monkeypatch.context() as patch:
        newer_program(tmp_path, patch, "op.execute('DELETE FROM run')")
        with pytest.raises(ClosingError, match=r"upgrade-failed.*snapshot"):
            Store.open(path, clock=clock)
    with opened(path, clock) as world:
        assert verify(world.store).problems == ()


def test_a_database_of_a_later_program_is_refused(
    template: Path, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy_world(template, tmp_path / "data")
    with monkeypatch.context() as patch:
        newer_program(tmp_path, patch, "pass")
        Store.open(path, clock=clock).close()
    with pytest.raises(ClosingError) as caught:
        Store.open(path, clock=clock)
    assert (caught.value.code, caught.value.parameters["revision"]) == ("database-newer", "9999")


def test_an_upgrade_waits_for_who_has_the_folder_open(
    world: World, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_program(tmp_path, monkeypatch, "pass")
    with pytest.raises(ClosingError, match="folder-in-use"):
        Store.open(world.store.folder.path, clock=clock, patience=0)


def test_opening_waits_for_who_upgrades(template: Path, tmp_path: Path, clock: SetClock) -> None:
    path = copy_world(template, tmp_path / "data")
    upgrading = FolderLock(path / "lock")
    assert upgrading.try_lock(alone=True)
    with pytest.raises(ClosingError, match="folder-in-use"):
        Store.open(path, clock=clock, patience=0)
    upgrading.release()
    Store.open(path, clock=clock, patience=0).close()


def test_processes_that_create_one_folder_at_once_agree(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from closing_host.storage.store import Store\n"
        "Store.open(Path(sys.argv[1])).close()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(tmp_path / "data")]
    children = [subprocess.Popen(command, env=environment) for _ in range(2)]
    assert [child.wait() for child in children] == [0, 0]
    with Store.open(tmp_path / "data") as store:
        assert verify(store).head.seq == 1


def test_two_open_stores_share_one_folder(world: World, clock: SetClock) -> None:
    with opened(world.store.folder.path, clock) as other:
        published = other.publish(small_ledger(1))
        assert world.store.snapshots.history(1) == (published.snapshot,)


def test_a_restore_that_was_not_finished_is_not_opened(world: World, clock: SetClock) -> None:
    world.store.folder.restoring.touch()
    with pytest.raises(ClosingError, match="restore-incomplete"):
        Store.open(world.store.folder.path, clock=clock)


def test_a_damaged_database_is_refused(template: Path, tmp_path: Path, clock: SetClock) -> None:
    path = copy_world(template, tmp_path / "data")
    with opened(path, clock) as world:
        for amount in range(1, 5):
            world.publish(small_ledger(amount))
    content = bytearray((path / "closing.db").read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 12] = b"\xff" * 12
    (path / "closing.db").write_bytes(content)
    with pytest.raises(ClosingError, match="database-damaged"):
        Store.open(path, clock=clock)


def test_a_file_that_is_no_database_is_refused(template: Path, tmp_path: Path, clock: SetClock) -> None:
    path = copy_world(template, tmp_path / "data")
    (path / "closing.db").write_bytes(b"something else entirely" * 50)
    with pytest.raises(ClosingError, match="database-damaged"):
        Store.open(path, clock=clock)


def test_one_flipped_bit_in_the_database_never_passes_for_whole(
    template: Path, tmp_path: Path, clock: SetClock
) -> None:
    """T E6. A bit may lie in free space, or where nothing is proved (a name); it must never change the books."""
    path = copy_world(template, tmp_path / "data")
    with opened(path, clock) as world:
        world.publish(small_ledger(1))
        whole = world.store.snapshots.history(1)
    database = path / "closing.db"
    content = database.read_bytes()
    step = len(content) // 40
    for place in range(17, len(content), step):
        flipped = bytearray(content)
        flipped[place] ^= 0x10
        database.write_bytes(flipped)
        try:
            with opened(path, clock) as world:
                if verify(world.store).problems == ():
                    assert [(each.fingerprint, each.current) for each in world.store.snapshots.history(1)] == [
                        (each.fingerprint, each.current) for each in whole
                    ]
        except ClosingError:
            continue


def test_a_database_that_lost_its_last_commits_is_refused(template: Path, tmp_path: Path, clock: SetClock) -> None:
    path = copy_world(template, tmp_path / "data")
    before = (path / "closing.db").read_bytes()
    with opened(path, clock) as world:
        world.publish(small_ledger(1))
    (path / "closing.db").write_bytes(before)
    with pytest.raises(ClosingError) as caught:
        Store.open(path, clock=clock)
    assert (caught.value.code, caught.value.parameters) == ("database-cut", {"last": 2, "known": 3})


def test_a_database_that_is_gone_is_not_replaced_by_an_empty_one(
    template: Path, tmp_path: Path, clock: SetClock
) -> None:
    path = copy_world(template, tmp_path / "data")
    (path / "closing.db").unlink()
    with pytest.raises(ClosingError, match="database-cut"):
        Store.open(path, clock=clock)


def test_a_folder_without_permission_is_an_error(tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / "data" / "lock").mkdir(parents=True)
    with pytest.raises(ClosingError, match="disk-failed"):
        Store.open(tmp_path / "data", clock=clock)
