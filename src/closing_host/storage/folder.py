"""The data folder: everything that an installation keeps, except keys, lies under it."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.storage.durable import ensure_folder
from closing_host.storage.faults import disk_faults
from closing_host.storage.locations import mounts_of_this_machine, network_share, synchronised_by


class DataFolder:
    """Paths of the data folder, and the lock that keeps an upgrade alone.

    `closing.db` the database · `snapshots/` ledgers as Parquet · `blobs/` bytes as received · `tmp/` what is being
    written · `backups/` copies of the database from before an upgrade · `audit.head` the anchor · `lock`.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path.expanduser().absolute()
        self.database: Final = self.path / "closing.db"
        self.snapshots: Final = self.path / "snapshots"
        self.blobs: Final = self.path / "blobs"
        self.tmp: Final = self.path / "tmp"
        self.backups: Final = self.path / "backups"
        self.anchor: Final = self.path / "audit.head"
        self.lock_file: Final = self.path / "lock"
        self.restoring: Final = self.path / "restore.incomplete"

    def create(self, *, mounts: Callable[[], str] = mounts_of_this_machine) -> None:
        """Make what is missing, with access for the owner only (0700).

        Raises `ClosingError`: `folder-on-network-share`, `folder-synchronised`, `disk-full`, `disk-failed`.
        """
        real = self.path.resolve()
        if kind := network_share(real, mounts()):
            raise ClosingError("folder-on-network-share", folder=self.path, file_system=kind)
        if by := synchronised_by(real):
            raise ClosingError("folder-synchronised", folder=self.path, synchronised=by)
        with disk_faults():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, self.snapshots, self.blobs, self.tmp, self.backups):
                ensure_folder(folder)

    def is_empty(self) -> bool:
        """Whether there is nothing in it yet (also when it does not exist)."""
        return not self.path.exists() or not any(self.path.iterdir())


class FolderLock:
    """An advisory lock on the folder: shared by all who use it, alone for who changes the tables."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def try_lock(self, *, alone: bool) -> bool:
        """Take the lock, or change the kind held, without waiting. When it returns False nothing is held."""
        try:
            fcntl.flock(self._descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            return False
        return True

    def release(self) -> None:
        """Give it up and close the file. May be called again."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def take_turns(attempt: Callable[[], bool], *, folder: Path, patience: float) -> None:
    """Repeat `attempt` until it returns True. Raises `ClosingError` `folder-in-use` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not attempt():
        if time.monotonic() >= deadline:
            raise ClosingError("folder-in-use", folder=folder)
        time.sleep(0.02)
