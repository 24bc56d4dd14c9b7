"""The opened data folder with all its parts: what the layers above hold on to."""

import contextlib
from pathlib import Path
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.storage.anchor import Anchor, Head
from closing_host.storage.audit import FIRST, SYSTEM, Actor, Trail, read_head
from closing_host.storage.blobs import LocalBlobs
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.database import Connection, Database
from closing_host.storage.faults import disk_faults
from closing_host.storage.folder import DataFolder, FolderLock, take_turns
from closing_host.storage.ledgers import LedgerFiles
from closing_host.storage.snapshots import Snapshots
from closing_host.storage.sqlite import damage
from closing_host.storage.tables import REVISION
from closing_host.storage.upgrade import refuse_newer, revision_of, upgrade


class Store:
    """Open with `Store.open`; a context manager that closes itself. Threads share it; processes open their own."""

    def __init__(self, folder: DataFolder, database: Database, clock: Clock, lock: FolderLock) -> None:
        self.folder: Final = folder
        self.database: Final = database
        self.clock: Final = clock
        self.anchor: Final = Anchor(folder.anchor, folder.tmp)
        self.blobs: Final = LocalBlobs(folder.blobs, folder.tmp, clock)
        self.ledgers: Final = LedgerFiles(folder.snapshots, folder.tmp, clock)
        self.snapshots: Final = Snapshots(database, self.ledgers, self.blobs, self.trail)
        self._lock = lock

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        clock: Clock = utc_now,
        busy_timeout: float = 30.0,
        patience: float = 30.0,
        restoring: bool = False,
    ) -> "Store":
        """Open the data folder, creating or upgrading it when needed.

        `busy_timeout`: seconds to wait for another writer; `patience`: for another process that upgrades.
        `restoring` is for `restore` alone: it opens what is not yet a whole restore.

        Raises `ClosingError`: `folder-on-network-share`, `folder-synchronised`, `folder-in-use`,
        `restore-incomplete`, `database-damaged`, `database-cut`, `database-newer`, `disk-full`, `disk-failed`.
        """
        folder = DataFolder(path)
        folder.create()
        if folder.restoring.exists() and not restoring:
            raise ClosingError("restore-incomplete", folder=folder.path)
        with contextlib.ExitStack() as undo:
            with disk_faults():
                lock = FolderLock(folder.lock_file)
            undo.callback(lock.release)
            database = Database(folder.database, busy_timeout=busy_timeout)
            undo.callback(database.close)
            store = cls(folder, database, clock, lock)
            take_turns(store._ready, folder=folder.path, patience=patience)
            undo.pop_all()
        return store

    def trail(self, connection: Connection, actor: Actor) -> Trail:
        """The audit trail for `actor` in the connection's write transaction."""
        return Trail(connection, actor, self.clock, self.anchor)

    def close(self) -> None:
        """Close the database and give the folder up."""
        self.database.close()
        self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self) -> bool:
        """Hold the lock shared with the database at our revision; False when somebody else must finish first."""
        if not self._lock.try_lock(alone=False):
            return False
        if self.folder.database.exists() and (found := damage(self.folder.database)):
            raise ClosingError("database-damaged", detail=found)
        revision = revision_of(self.database)
        self._refuse_cut(empty=revision is None)
        if revision == REVISION:
            return True
        refuse_newer(revision)
        if not self._lock.try_lock(alone=True):
            return False
        upgrade(self.database, self.folder, self.clock, lambda connection: self.trail(connection, SYSTEM))
        return self._lock.try_lock(alone=False)

    def _refuse_cut(self, *, empty: bool) -> None:
        """A database that ends before the anchor has lost what was committed, with its WAL or otherwise (T E6)."""
        anchor = self.anchor.read()
        if empty:
            last = 0
            self.anchor.write(Head(0, FIRST))  # from its first event on, an anchor that is missing was removed
        else:
            with self.database.read() as connection:
                last = read_head(connection).seq
        if anchor is not None and anchor.seq > last:
            raise ClosingError("database-cut", last=last, known=anchor.seq)
