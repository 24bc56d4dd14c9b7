"""A crash, a full disk or a locked database at any moment leaves the old books, whole (issue 2 item 5, T 4.4)."""

import errno
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow
from closing_host.closing.analysis import CheckChoice
from closing_host.closing.entries import YEAR_END as CLOSING
from closing_host.closing.entries import EntryContent
from closing_host.closing.system_entries import Choices
from closing_host.storage import store as store_module
from closing_host.storage import upgrade as upgrade_module
from closing_host.storage.analysis_decisions import AnalysisDecisions
from closing_host.storage.attachment_notes import AttachmentNotes, ChosenAccounts
from closing_host.storage.attachments import AttachmentVersions
from closing_host.storage.backup import backup
from closing_host.storage.crashpoints import POINTS, crash_handler
from closing_host.storage.entries import EntryRecords
from closing_host.storage.restore import restore
from closing_host.storage.sessions import WebSessions
from closing_host.storage.setup import Setup, SetupRecords
from closing_host.storage.store import Store
from closing_host.storage.sweep import sweep
from closing_host.storage.system_choices import SystemChoices
from closing_host.storage.tables import REVISION
from closing_host.storage.verify import verify
from kept_periods import work_on_periods
from own_schedules import add_schedule, attach_file
from stored_attachments import attach, customers, suppliers
from stored_books import (
    ANNA,
    YEAR_START,
    SetClock,
    World,
    copy_world,
    make_world,
    opened,
    same,
    small_ledger,
)

OLD = small_ledger(100, 200)
NEW = small_ledger(100, 250, 300)


class Crash(BaseException):
    """The program stops here."""


class Passed:
    """Counts the points passed, and does something at the n-th."""

    def __init__(self, at: int = 0, then: Callable[[str], None] = lambda point: None) -> None:
        self.points: list[str] = []
        self._at = at
        self._then = then

    def __call__(self, point: str) -> None:
        self.points.append(point)
        if len(self.points) == self._at:
            self._then(point)


def crash(point: str) -> None:
    raise Crash(point)


def no_space(point: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", point)


def import_new(world: World) -> None:
    world.publish(NEW, b"the new file")


def undo(world: World) -> None:
    world.store.snapshots.make_current(1, 1, actor=ANNA)


@pytest.fixture(scope="module")
def with_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that shows OLD."""
    path = tmp_path_factory.mktemp("old") / "data"
    make_world(path, SetClock())
    with opened(path, SetClock()) as world:
        world.publish(OLD, b"the old file")
    return path


@pytest.fixture(scope="module")
def with_both(with_old: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that shows NEW, with OLD before it."""
    path = copy_world(with_old, tmp_path_factory.mktemp("both") / "data")
    with opened(path, SetClock()) as world:
        import_new(world)
    return path


def points_of(folder: Path, action: Callable[[World], None], workplace: Path) -> list[str]:
    """The points that `action` passes, in order."""
    passed = Passed()
    with opened(copy_world(folder, workplace / "count"), SetClock()) as world, crash_handler(passed):
        action(world)
    return passed.points


def named_files(world: World) -> set[str]:
    """The files that the records name."""
    names = set()
    for snapshot in world.store.snapshots.history(1):
        path = world.store.ledgers.path(snapshot.ledger_sha)
        names |= {each.relative_to(world.store.folder.path).as_posix() for each in path.iterdir()}
        names |= {f"blobs/{sha[:2]}/{sha}" for sha in snapshot.blobs}
    return names


def assert_whole(world: World, *, shows: Ledger, snapshots: int) -> None:
    """The right books, and nothing broken."""
    shown = world.shown()
    assert shown is not None
    assert same(shown, shows)
    assert len(world.store.snapshots.history(1)) == snapshots
    assert verify(world.store).problems == ()


def assert_sound(path: Path, *, shows: Ledger, snapshots: int) -> None:
    """Whole after the crash; what it left behind can be swept; and the next import works."""
    clock = SetClock()
    with opened(path, clock) as world:
        assert_whole(world, shows=shows, snapshots=snapshots)
        clock.now += timedelta(days=4000)  # beyond the time that the machine's clock gave to unfinished files
        sweep(world.store)
        assert world.files() == named_files(world)
        import_new(world)
        assert same(world.shown() or OLD, NEW)


def test_a_crash_anywhere_in_an_import_leaves_the_old_books(with_old: Path, tmp_path: Path) -> None:
    points = points_of(with_old, import_new, tmp_path)
    committed = points.index("import.before_commit") + 1
    assert len(points) > 40
    for n, point in enumerate(points, start=1):
        path = copy_world(with_old, tmp_path / f"{n}")
        with opened(path, SetClock()) as world, crash_handler(Passed(n, crash)), pytest.raises(Crash, match=point):
            import_new(world)
        done = n > committed
        assert_sound(path, shows=NEW if done else OLD, snapshots=2 if done else 1)
        shutil.rmtree(path)


def test_a_crash_anywhere_in_undoing_leaves_one_of_the_two(with_both: Path, tmp_path: Path) -> None:
    points = points_of(with_both, undo, tmp_path)
    committed = points.index("current.before_commit") + 1
    for n in range(1, len(points) + 1):
        path = copy_world(with_both, tmp_path / f"{n}")
        with opened(path, SetClock()) as world, crash_handler(Passed(n, crash)), pytest.raises(Crash):
            undo(world)
        with opened(path, SetClock()) as world:
            assert same(world.shown() or NEW, OLD if n > committed else NEW)
            assert verify(world.store).problems == ()


def test_a_full_disk_at_any_write_of_a_file_leaves_the_old_books(with_old: Path, tmp_path: Path) -> None:
    points = points_of(with_old, import_new, tmp_path)
    writes = [n for n, point in enumerate(points, start=1) if point.startswith("file.")]
    anchored = points.index("import.before_commit") + 1
    assert len(writes) > 30
    for n in writes:
        path = copy_world(with_old, tmp_path / f"{n}")
        with opened(path, SetClock()) as world, crash_handler(Passed(n, no_space)):
            if n > anchored:  # the anchor: what it tells of is committed, so the import has succeeded
                import_new(world)
            else:
                with pytest.raises(ClosingError, match="disk-full"):
                    import_new(world)
                assert not any(world.store.folder.tmp.iterdir()), "a failed write leaves nothing behind"
            assert_whole(world, shows=NEW if n > anchored else OLD, snapshots=2 if n > anchored else 1)


def test_a_database_that_cannot_grow_leaves_the_old_books(with_old: Path, tmp_path: Path) -> None:
    failures = 0
    for spare in range(60):
        path = copy_world(with_old, tmp_path / f"{spare}")
        with sqlite3.connect(path / "closing.db") as plain:
            pages = plain.execute("PRAGMA page_count").fetchone()[0]
        plain.close()
        with opened(path, SetClock()) as world:
            event.listen(
                world.store.database.engine,
                "connect",
                lambda driver, _record, most=pages + spare: driver.execute(f"PRAGMA max_page_count={most}"),
            )
            world.store.database.close()  # so that every connection from here on is limited
            run = world.start_run()
            received = world.receive(NEW, b"the new file")
            large = {**received.provenance, "log": "x" * 40_000}
            received = type(received)(
                NEW, received.year_start, received.year_end, "sie4", "0.1", received.raw, {}, large
            )
            fault: ClosingError | None = None
            try:
                world.store.snapshots.publish(1, received, run_id=run.id, owner="this process", actor=ANNA)
            except ClosingError as error:
                fault = error
            assert verify(world.store).problems == ()
            if fault is None:
                assert same(world.shown() or OLD, NEW)
                break
            assert fault.code == "disk-full"
            assert same(world.shown() or NEW, OLD)
            failures += 1
    assert failures > 5


def test_a_locked_database_leaves_the_old_books(with_old: Path, tmp_path: Path) -> None:
    path = copy_world(with_old, tmp_path / "data")
    with opened(path, SetClock(), busy_timeout=0.01) as world:
        run = world.start_run()
        received = world.receive(NEW, b"the new file")
        other = sqlite3.connect(path / "closing.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TemporaryError, match="database-busy"):
            world.store.snapshots.publish(1, received, run_id=run.id, owner="this process", actor=ANNA)
        assert same(world.shown() or NEW, OLD)
        other.execute("ROLLBACK")
        other.close()
        world.store.snapshots.publish(1, received, run_id=run.id, owner="this process", actor=ANNA)
        assert same(world.shown() or OLD, NEW)


def test_a_crash_in_the_sweep_removes_nothing_that_is_named(with_old: Path, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        path = copy_world(with_old, tmp_path / f"{n}")
        clock = SetClock()
        with opened(path, clock) as world:
            leave_orphans(world)
            clock.now += timedelta(days=4000)
            with crash_handler(Passed(n, crash)), pytest.raises(Crash):
                sweep(world.store)
        assert_sound(path, shows=OLD, snapshots=1)


def visit_pages(world: World) -> None:
    """A session of the pages, from its link to its end."""
    with world.store.database.write() as connection:
        trail, sessions = world.store.trail(connection, ANNA), WebSessions(connection, world.clock())
        session = sessions.find(sessions.begin(trail, sessions.link(trail)))
        assert session is not None
        sessions.choose_language(session, "sv")
        sessions.end(trail, session)


def leave_orphans(world: World) -> None:
    """One of each kind that the sweep removes."""
    (world.store.folder.tmp / "unfinished").write_bytes(b"x")
    world.store.blobs.put(b"orphan")
    world.store.ledgers.write(small_ledger(99))


def with_next_revision(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the program one revision newer than it is."""
    migrations = workplace / "migrations"
    shutil.copytree(upgrade_module.MIGRATIONS, migrations)
    (migrations / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{REVISION}'\n"
        "def upgrade():\n    op.create_table('next', sa.Column('id', sa.Integer(), primary_key=True))\n"
        "    with op.batch_alter_table('run') as batch:\n        batch.add_column(sa.Column('note', sa.Text()))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(upgrade_module, "MIGRATIONS", migrations)
    monkeypatch.setattr(upgrade_module, "REVISION", "9999")
    monkeypatch.setattr(store_module, "REVISION", "9999")


def test_an_interrupted_upgrade_is_taken_up_again(
    with_old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_next_revision(tmp_path, monkeypatch)
    passed = Passed()
    with crash_handler(passed), opened(copy_world(with_old, tmp_path / "count"), SetClock()) as world:
        assert len(list(world.store.folder.backups.iterdir())) == 1
    for n in range(1, len(passed.points) + 1):
        path = copy_world(with_old, tmp_path / f"{n}")
        with crash_handler(Passed(n, crash)), pytest.raises(Crash):
            Store.open(path, clock=SetClock())
        assert_sound(path, shows=OLD, snapshots=1)


def test_an_interrupted_creation_is_taken_up_again(tmp_path: Path) -> None:
    passed = Passed()
    with crash_handler(passed):
        Store.open(tmp_path / "count", clock=SetClock()).close()
    for n in range(1, len(passed.points) + 1):
        path = tmp_path / f"{n}"
        with crash_handler(Passed(n, crash)), pytest.raises(Crash):
            Store.open(path, clock=SetClock())
        with Store.open(path, clock=SetClock()) as store:
            assert verify(store).problems == ()
            assert verify(store).head.seq == 1


def test_an_interrupted_backup_leaves_no_backup(with_old: Path, tmp_path: Path) -> None:
    def into(target: Path) -> Callable[[World], None]:
        return lambda world: void(backup(world.store, target))

    for kind in ("b.zip", "b"):
        points = points_of(with_old, into(tmp_path / f"count-{kind}"), tmp_path / kind)
        for n in (each for each, point in enumerate(points, start=1) if point.startswith("backup.")):
            path = copy_world(with_old, tmp_path / f"{kind}-{n}")
            target = tmp_path / "kept" / f"{n}-{kind}"
            target.parent.mkdir(exist_ok=True)
            with opened(path, SetClock()) as world:
                with crash_handler(Passed(n, crash)), pytest.raises(Crash):
                    backup(world.store, target)
                assert list(target.parent.iterdir()) == []
                assert not any(world.store.folder.tmp.iterdir())


def set_up(world: World) -> None:
    """What a user says in the start guide; `test_setup` stops at each of its points."""
    with world.store.database.write() as connection:
        SetupRecords(connection, 1).put(world.store.trail(connection, ANNA), Setup("K2", "month"))


def analyse(world: World) -> None:
    """What a user decides about the analysis; `test_analysis_decisions` stops at each of its points."""
    with world.store.database.write() as connection:
        trail, decisions = world.store.trail(connection, ANNA), AnalysisDecisions(connection, 1)
        decisions.mark(trail, YEAR_START, "TA01", ["1" * 64], "")
        decisions.unmark(trail, YEAR_START, "TA01", ["1" * 64])
        decisions.choose(trail, CheckChoice("own-1", "TA19", "Bank"))
        decisions.remove(trail, "own-1")


def note_and_choose(world: World) -> None:
    """What a user adds to attachments, in one transaction."""
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, ANNA)
        AttachmentNotes(connection, 1).write(trail, YEAR_START, "receivables", "1", "Ring Åke")
        ChosenAccounts(connection, 1).choose(trail, "receivables", ("1510", "1513"))


def test_a_crash_anywhere_in_making_attachments_leaves_none_or_all_of_them_and_the_books(
    with_both: Path, tmp_path: Path
) -> None:
    def make(world: World) -> None:
        attach(world, 2, customers(100, 250, 300), suppliers(70))

    points = points_of(with_both, make, tmp_path)
    committed = points.index("attachments.before_commit") + 1
    assert len(points) > 25
    for n, point in enumerate(points, start=1):
        path = copy_world(with_both, tmp_path / f"{n}")
        clock = SetClock()
        with opened(path, clock) as world, crash_handler(Passed(n, crash)), pytest.raises(Crash, match=point):
            make(world)
        with opened(path, clock) as world:
            assert_whole(world, shows=NEW, snapshots=2)
            with world.store.database.read() as connection:
                versions = AttachmentVersions(connection, 1).all(YEAR_START)
            assert len(versions) == (2 if n > committed else 0)
            clock.now += timedelta(days=4000)
            sweep(world.store)
            named = {f"blobs/{sha[:2]}/{sha}" for each in versions for sha in (each.facts or {}).values()}
            assert world.files() == named_files(world) | named
        shutil.rmtree(path)


def test_a_crash_anywhere_in_a_note_or_choice_leaves_both_or_none(with_old: Path, tmp_path: Path) -> None:
    points = points_of(with_old, note_and_choose, tmp_path)
    assert set(points) >= {"note.before_row", "note.after_row", "accounts.before_row", "accounts.after_row"}
    committed = len(points) - points[::-1].index("audit.after_insert")
    for n in range(1, len(points) + 1):
        path = copy_world(with_old, tmp_path / f"{n}")
        with opened(path, SetClock()) as world, crash_handler(Passed(n, crash)), pytest.raises(Crash):
            note_and_choose(world)
        with opened(path, SetClock()) as world:
            with world.store.database.read() as connection:
                noted = AttachmentNotes(connection, 1).of(YEAR_START, "receivables")
                chosen = ChosenAccounts(connection, 1).all()
            assert (bool(noted), bool(chosen)) == ((True, True) if n > committed else (False, False))
            assert verify(world.store).problems == ()
        shutil.rmtree(path)


def choose_system_entries(world: World) -> None:
    """What a user chooses for system entries; `test_system_choices` stops at each of its points."""
    with world.store.database.write() as connection:
        SystemChoices(connection, 1).put(world.store.trail(connection, ANNA), YEAR_START, Choices())


def void(_: object) -> None:
    """For a function that returns nothing."""


def test_an_interrupted_restore_cannot_be_mistaken_for_a_whole_one(with_old: Path, tmp_path: Path) -> None:
    with opened(copy_world(with_old, tmp_path / "data"), SetClock()) as world:
        backup(world.store, tmp_path / "b.zip")
    passed = Passed()
    with crash_handler(passed):
        restore(tmp_path / "b.zip", tmp_path / "count", actor=ANNA, clock=SetClock())
    for n in range(1, len(passed.points) + 1):
        path = tmp_path / f"{n}"
        with crash_handler(Passed(n, crash)), pytest.raises(Crash):
            restore(tmp_path / "b.zip", path, actor=ANNA, clock=SetClock())
        if n > 1:  # before the first byte is written the folder is an empty one
            with pytest.raises(ClosingError, match="restore-incomplete"):
                Store.open(path, clock=SetClock())
        shutil.rmtree(path)
    restore(tmp_path / "b.zip", path, actor=ANNA, clock=SetClock())


def make_entry(world: World) -> None:
    """What happens when a closing entry is made; `test_entries` stops at each of its points."""
    rows = (DraftRow("1510", 1), DraftRow("3010", -1))
    with world.store.database.write() as connection:
        EntryRecords(connection, 1).add(
            world.store.trail(connection, ANNA), YEAR_START, "V", EntryContent(YEAR_START, "", rows, CLOSING)
        )


def test_every_named_point_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = Passed()
    clock = SetClock()
    with crash_handler(passed):
        make_world(tmp_path / "data", clock)
        with_next_revision(tmp_path, monkeypatch)
        with opened(tmp_path / "data", clock) as world:
            world.publish(OLD)
            world.publish(NEW)
            undo(world)
            attach(world, 1, customers(100, 200), suppliers())
            set_up(world)
            analyse(world)
            note_and_choose(world)
            choose_system_entries(world)
            work_on_periods(world)
            make_entry(world)
            add_schedule(world)
            attach_file(world)
            visit_pages(world)
            leave_orphans(world)
            clock.now += timedelta(days=4000)
            sweep(world.store)
            backup(world.store, tmp_path / "b.zip")
        restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA, clock=clock)
    elsewhere = {point for point in POINTS if point.startswith("export.")}  # tests of closing_host.transfers.exporting
    assert set(passed.points) == set(POINTS) - elsewhere
    assert max(Counter(POINTS).values()) == 1
