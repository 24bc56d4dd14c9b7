"""Backing up a data folder while it is in use (T E10).

The database is copied as of one instant. All other files that it names are immutable and never removed, so copying
them afterwards gives a consistent whole. A backup is a folder, or a ZIP file when its name ends in `.zip`, of
`closing.db`, `audit.head`, `snapshots/`, `blobs/` and `backup.json`. Keys are not in it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import TABLES
from closing_host.storage.anchor import Anchor, Head
from closing_host.storage.archives import writing
from closing_host.storage.audit import read_head
from closing_host.storage.backup_manifest import Manifest
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Database
from closing_host.storage.durable import sha256_of, unused_name
from closing_host.storage.faults import disk_faults
from closing_host.storage.sqlite import copy_database
from closing_host.storage.store import Store
from closing_host.storage.sweep import named_blobs, named_ledgers
from closing_host.storage.tables import REVISION


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made. `missing`: files that the database names and the folder does not have, by name."""

    path: Path
    created_at: datetime
    head: Head
    files: int
    missing: tuple[str, ...]


def backup(store: Store, target: Path, *, progress: Callable[[int, int], None] | None = None) -> Backup:
    """Write a backup to `target`, which must not exist. `progress(done, total)` counts files.

    A file that is missing or damaged does not stop it: what is left is the more worth saving. `verify` tells.

    Raises `ClosingError`: `backup-exists`, `backup-inside-folder`, `disk-full`, `disk-failed`.
    """
    target = target.expanduser().absolute()
    if target.exists():
        raise ClosingError("backup-exists", file=target)
    if target.resolve().is_relative_to(store.folder.path.resolve()):
        raise ClosingError("backup-inside-folder", file=target, folder=store.folder.path)
    at = store.clock()
    with disk_faults():
        workplace = unused_name(store.folder.tmp)
        workplace.mkdir(mode=0o700)
        try:
            copy = workplace / "closing.db"
            copy_database(store.folder.database, copy)
            crashpoint("backup.after_database")
            head, names = _contents(copy)
            Anchor(workplace / "audit.head", workplace).write(head)
            (workplace / "backup.json").write_bytes(Manifest(at, REVISION, head, sha256_of(copy)).content())
            sources = [*((name, workplace / name) for name in ("closing.db", "audit.head", "backup.json"))]
            sources += [(name, store.folder.path / name) for name in names]
            present = [(name, path) for name, path in sources if path.is_file()]
            with writing(target) as archive:
                for done, (name, path) in enumerate(present, start=1):
                    archive.add(name, path)
                    if progress is not None:
                        progress(done, len(present))
                crashpoint("backup.after_files")
        finally:
            shutil.rmtree(workplace)
    missing = {name for name, _ in sources} - {name for name, _ in present}
    return Backup(target, at, head, len(present), tuple(sorted(missing)))


def _contents(copy: Path) -> tuple[Head, tuple[str, ...]]:
    """The head of the copied database, and the files that it names, relative to the data folder."""
    with closing(Database(copy)) as database, database.read() as connection:
        head = read_head(connection)
        names = (
            *_ledger_files(named_ledgers(connection)),
            *(f"blobs/{sha[:2]}/{sha}" for sha in named_blobs(connection)),
        )
    return head, names


def _ledger_files(ledgers: tuple[str, ...]) -> Iterator[str]:
    for sha in ledgers:
        for file in ("ledger.json", *(f"{table}.parquet" for table in TABLES)):
            yield f"snapshots/{sha[:2]}/{sha}/{file}"
