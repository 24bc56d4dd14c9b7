"""What must be on the disk before anything says so (T E3): a power cut forgets all that was not synced."""

import os
from pathlib import Path

import pytest

from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.durable import write_and_sync
from stored_books import World, rich_ledger


def test_all_that_a_snapshot_names_is_synced_before_the_transaction_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    late: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def look(point: str) -> None:
        if point == "import.after_begin":
            folder = world.store.folder
            paths = (path for part in (folder.snapshots, folder.blobs) for path in (part, *part.rglob("*")))
            late.extend(path.name for path in paths if path.stat().st_ino not in synced)

    monkeypatch.setattr(os, "fsync", note)
    with crash_handler(look):
        world.publish(rich_ledger())
    assert late == []
    assert len(synced) > 10


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"first")
    with pytest.raises(FileExistsError):
        write_and_sync(tmp_path / "there", [b"second"])
    assert (tmp_path / "there").read_bytes() == b"first"
