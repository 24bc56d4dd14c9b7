"""Who serves the pages of a data folder: one process at a time, found by the others (T G-7).

A second one would cancel what the first has queued, and logins come back to one port only.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from closing_host.storage.faults import disk_faults
from closing_host.storage.folder import FolderLock

_NAME: Final = "serving"
_PATIENCE: Final = 2.0
"""Seconds that a process may take from its mark to its port."""
_LOOKS: Final = 0.02


class ServingMark:
    """The mark of the one process that serves `folder`. It holds as long as the process lives, whatever ends that."""

    def __init__(self, folder: Path) -> None:
        self._path: Final = folder / _NAME
        with disk_faults():
            self._lock: Final = FolderLock(self._path)

    def take(self) -> bool:
        """Take it, unless another process has it."""
        if not self._lock.try_lock(alone=True):
            return False
        self._tell("")
        return True

    def tell(self, port: int) -> None:
        """Tell the others where the pages are. For who has taken it."""
        self._tell(str(port))

    def told(self, *, patience: float = _PATIENCE) -> int | None:
        """Where the pages of the process that has it are; None when it does not say so in time."""
        until = time.monotonic() + patience
        while not (stated := self._path.read_text("ascii", "replace")).isdigit():
            if time.monotonic() >= until:
                return None
            time.sleep(_LOOKS)
        return int(stated)

    def release(self) -> None:
        """Give it up. May be called again."""
        self._lock.release()

    def _tell(self, text: str) -> None:
        with disk_faults():
            self._path.write_text(text, "ascii")  # in place: another file of the name would carry no lock


@contextmanager
def marked(folder: Path) -> Iterator[ServingMark]:
    """A mark that is given up at the end."""
    mark = ServingMark(folder)
    try:
        yield mark
    finally:
        mark.release()


def served_at(folder: Path) -> int | None:
    """The port at which a process serves the folder's pages; None when none does, or none says where."""
    with marked(folder) as mark:
        return None if mark.take() else mark.told()
