import json
import shutil
import stat
import threading
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.storage import backup_manifest
from closing_host.storage.audit import Action, events
from closing_host.storage.backup import backup
from closing_host.storage.restore import restore
from closing_host.storage.store import Store
from closing_host.storage.verify import verify
from stored_books import ANNA, SetClock, World, opened, rich_ledger, same, small_ledger

KINDS = pytest.mark.parametrize("name", ["backup.zip", "backup"])


@KINDS
def test_a_lost_data_folder_comes_back(world: World, tmp_path: Path, clock: SetClock, name: str) -> None:
    world.publish(small_ledger(1), b"first")
    world.publish(rich_ledger(), b"second")
    world.store.snapshots.make_current(1, 1, actor=ANNA)
    steps: list[tuple[int, int]] = []
    made = backup(world.store, tmp_path / name, progress=lambda done, total: steps.append((done, total)))
    assert (made.missing, made.created_at, made.files) == ((), clock(), len(steps))
    assert steps[-1] == (made.files, made.files)
    files, history = world.files(), world.store.snapshots.history(1)
    world.store.close()
    shutil.rmtree(world.store.folder.path)
    clock.advance(timedelta(days=1))

    steps.clear()
    restored = restore(
        tmp_path / name,
        world.store.folder.path,
        actor=ANNA,
        clock=clock,
        progress=lambda done, total: steps.append((done, total)),
    )

    assert steps[-1] == (restored.files, restored.files)
    assert (restored.verification.problems, restored.manifest.head) == ((), made.head)
    with opened(world.store.folder.path, clock) as back:
        assert back.files() == files
        assert back.store.snapshots.history(1) == history
        assert same(back.shown() or rich_ledger(), small_ledger(1))
        assert same(back.store.snapshots.load(1, 2), rich_ledger())
        with back.store.database.read() as connection:
            event = events(connection)[0]
        assert (event.action, event.actor, event.seq) == (Action.BACKUP_RESTORED, "anna", made.head.seq + 1)
        assert json.loads(event.details_json)["backup_of"] == made.created_at.isoformat()
        assert verify(back.store).problems == ()
        back.publish(small_ledger(5))
    assert stat.S_IMODE(world.store.folder.path.stat().st_mode) == 0o700


@KINDS
def test_a_backup_made_during_imports_is_whole(world: World, tmp_path: Path, clock: SetClock, name: str) -> None:
    world.publish(small_ledger(1))
    stop = threading.Event()
    imported: list[int] = []

    def keep_importing() -> None:
        while not stop.is_set():
            amount = len(imported) + 2
            imported.append(world.publish(small_ledger(amount), b"%d" % amount).snapshot.id)

    importing = threading.Thread(target=keep_importing)
    importing.start()
    made = []
    for turn in range(4):
        before = len(imported)
        made.append(backup(world.store, tmp_path / f"{turn}-{name}"))
        while len(imported) == before:
            pass
    stop.set()
    importing.join()
    for turn, each in enumerate(made):
        restored = restore(each.path, tmp_path / f"back-{turn}", actor=ANNA, clock=clock)
        assert each.missing == ()
        assert restored.verification.problems == ()
    sizes = [len(opened_history(tmp_path / f"back-{turn}", clock)) for turn in range(4)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] <= len(imported) + 1


def opened_history(path: Path, clock: SetClock) -> tuple[object, ...]:
    with opened(path, clock) as world:
        return world.store.snapshots.history(1)


def test_a_backup_never_overwrites_and_never_lies_in_its_own_folder(world: World, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_bytes(b"precious")
    with pytest.raises(ClosingError, match="backup-exists"):
        backup(world.store, tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_bytes() == b"precious"
    with pytest.raises(ClosingError, match="backup-inside-folder"):
        backup(world.store, world.store.folder.path / "b.zip")


def test_a_backup_into_a_folder_that_does_not_exist_is_an_error(world: World, tmp_path: Path) -> None:
    with pytest.raises(ClosingError, match="disk-failed"):
        backup(world.store, tmp_path / "nowhere" / "b.zip")
    assert not any(world.store.folder.tmp.iterdir())


@KINDS
def test_what_a_killed_backup_left_is_replaced(world: World, tmp_path: Path, name: str) -> None:
    partial = tmp_path / f".{name}.partial"
    if name.endswith(".zip"):
        partial.write_bytes(b"half")
    else:
        (partial / "deep").mkdir(parents=True)
    backup(world.store, tmp_path / name)
    assert not partial.exists()


@KINDS
def test_damaged_files_are_backed_up_and_restored_as_they_are_and_said_so(
    world: World, tmp_path: Path, clock: SetClock, name: str
) -> None:
    world.publish(small_ledger(1))
    second = world.publish(small_ledger(2)).snapshot
    (world.store.ledgers.path(second.ledger_sha) / "rows.parquet").write_bytes(b"PAR1")
    (world.store.ledgers.path(second.ledger_sha) / "objects.parquet").unlink()
    made = backup(world.store, tmp_path / name)
    assert [Path(each).name for each in made.missing] == ["objects.parquet"]
    restored = restore(tmp_path / name, tmp_path / "back", actor=ANNA, clock=clock)
    assert [problem.code for problem in restored.verification.problems] == ["ledger-damaged"]
    with opened(tmp_path / "back", clock) as back:
        assert same(back.store.snapshots.load(1, 1), small_ledger(1))


def test_only_an_empty_folder_is_restored_into(world: World, tmp_path: Path) -> None:
    backup(world.store, tmp_path / "b.zip")
    (tmp_path / "back").mkdir()
    restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA)
    with pytest.raises(ClosingError, match="folder-not-empty"):
        restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA)


def test_a_backup_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ClosingError, match="backup-missing"):
        restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA)
    assert not (tmp_path / "back").exists()


def rewritten(source: Path, target: Path, **replaced: bytes | None) -> Path:
    """A copy of the ZIP with some files replaced (None: left out, new names: added)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = replaced.pop(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in replaced.items():
            new.writestr(name, content or b"")
    return target


@pytest.mark.parametrize(
    "replaced",
    [
        {"backup.json": None},
        {"backup.json": b"not json"},
        {"backup.json": b"[]"},
        {"backup.json": b'{"format":1}'},
        {"closing.db": None},
        {"closing.db": b"another"},
    ],
)
def test_a_zip_that_is_no_backup_is_refused(world: World, tmp_path: Path, replaced: dict[str, bytes | None]) -> None:
    backup(world.store, tmp_path / "b.zip")
    bad = rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", **replaced)
    with pytest.raises(ClosingError, match="backup-unreadable"):
        restore(bad, tmp_path / "back", actor=ANNA)


def test_a_backup_of_a_later_form_is_refused(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(world.store, tmp_path / "b.zip")
    monkeypatch.setattr(backup_manifest, "FORMAT", 2)
    with pytest.raises(ClosingError, match="backup-newer"):
        restore(tmp_path / "b.zip", tmp_path / "back", actor=ANNA)


def test_a_cut_or_changed_zip_is_refused(world: World, tmp_path: Path) -> None:
    world.publish(small_ledger(1), b"original " * 10_000)
    backup(world.store, tmp_path / "b.zip")
    content = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
    changed = bytearray(content)
    changed[len(content) // 2] ^= 0xFF
    (tmp_path / "changed.zip").write_bytes(changed)
    for name in ("cut", "changed"):
        with pytest.raises(ClosingError, match="backup-unreadable"):
            restore(tmp_path / f"{name}.zip", tmp_path / f"back-{name}", actor=ANNA)


def test_names_that_are_not_ours_are_not_unpacked(world: World, tmp_path: Path) -> None:
    backup(world.store, tmp_path / "b.zip")
    names: dict[str, bytes | None] = dict.fromkeys(
        ("../evil", "/evil", "blobs/../../evil", "closing.db-wal", "snapshots/evil", "restore.incomplete"), b"evil"
    )
    restore(rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", **names), tmp_path / "deep" / "back", actor=ANNA)
    assert list(tmp_path.rglob("evil")) == []
    assert not (tmp_path / "deep" / "back" / "closing.db-wal").exists()
    Store.open(tmp_path / "deep" / "back").close()
