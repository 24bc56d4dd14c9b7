"""Getting a data folder back from a backup, into an empty folder, and proving that it is whole (T E10, 3f)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.storage.archives import ArchiveReader, reading
from closing_host.storage.audit import Action, Actor
from closing_host.storage.backup_manifest import Manifest, read_manifest
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.durable import chunks_of, sha256_of, sync_folder, write_and_sync
from closing_host.storage.faults import disk_faults
from closing_host.storage.folder import DataFolder
from closing_host.storage.store import Store
from closing_host.storage.verify import Verification, verify

_OURS: Final = re.compile(
    r"closing\.db|audit\.head|blobs/[0-9a-f]{2}/[0-9a-f]{64}|snapshots/[0-9a-f]{2}/[0-9a-f]{64}/[a-z]+\.(?:parquet|json)"
)
"""The only names that are unpacked: nothing can land outside the folder."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. Show `verification.problems`: a backup of damaged files restores damaged files."""

    manifest: Manifest
    files: int
    verification: Verification


def restore(
    source: Path,
    folder: Path,
    *,
    actor: Actor,
    clock: Clock = utc_now,
    progress: Callable[[int, int], None] | None = None,
) -> Restored:
    """Unpack the backup `source` into `folder`, verify it and note it in the audit trail. `progress` counts files.

    Until all is done the folder holds `restore.incomplete` and cannot be opened. A backup of an older program is
    upgraded. Raises `ClosingError`: `folder-not-empty`, `backup-missing`, `backup-unreadable`, `backup-newer`, and
    what `Store.open` raises.
    """
    data = DataFolder(folder)
    if not data.is_empty():
        raise ClosingError("folder-not-empty", folder=data.path)
    with reading(source) as archive:
        manifest = _manifest(archive, source)
        data.create()
        with disk_faults():
            write_and_sync(data.restoring, [b""])
            files = _unpack(archive, data, source, progress)
    if not data.database.is_file() or sha256_of(data.database) != manifest.database_sha:
        raise ClosingError("backup-unreadable", file=source, detail="closing.db")
    crashpoint("restore.after_files")
    with Store.open(folder, clock=clock, restoring=True) as store:
        crashpoint("restore.after_database")
        verification = verify(store)
        with store.database.write() as connection:
            store.trail(connection, actor).append(
                Action.BACKUP_RESTORED,
                details={
                    "backup_of": manifest.created_at.isoformat(),
                    "head": manifest.head.seq,
                    "problems": [problem.code for problem in verification.problems],
                },
            )
        crashpoint("restore.after_verify")
        with disk_faults():
            data.restoring.unlink()
            sync_folder(data.path)
    return Restored(manifest, files, verification)


def _manifest(archive: ArchiveReader, source: Path) -> Manifest:
    if "backup.json" not in archive.names():
        raise ClosingError("backup-unreadable", file=source, detail="backup.json")
    with archive.open("backup.json") as file:
        return read_manifest(file.read(), source)


def _unpack(archive: ArchiveReader, data: DataFolder, source: Path, progress: Callable[[int, int], None] | None) -> int:
    names = [name for name in archive.names() if _OURS.fullmatch(name)]
    folders = {data.path}
    for done, name in enumerate(names, start=1):
        target = data.path / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folders.update(each for each in target.parents if each.is_relative_to(data.path))
        with archive.open(name) as file:
            write_and_sync(target, chunks_of(file))
        if progress is not None:
            progress(done, len(names))
    for each in folders:
        sync_folder(each)
    return len(names)
