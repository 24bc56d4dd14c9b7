"""A place for one renewed token when the database cannot take it (T 3b.2, A4).

One small file for each credential, written full of zeros while there still is room and then only overwritten in
place, which needs no more room. What it holds is sealed like everything else.
"""

import os
from pathlib import Path
from typing import Final

from closing_host.storage.durable import ensure_folder, sync_folder
from closing_host.storage.faults import disk_faults

_SIZE: Final = 1 << 15
_LENGTH: Final = 8


class Spill:
    """The files in `folder`, which is made when first needed. Names are credential ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reserve(self, name: str) -> None:
        """Have the room on disk. Raises `ClosingError` `disk-full` or `disk-failed`."""
        path = self._folder / name
        with disk_faults():
            ensure_folder(self._folder)
            if path.exists() and path.stat().st_size >= _SIZE:
                return
            self._write(path, bytes(_SIZE), os.O_CREAT)
            sync_folder(self._folder)

    def keep(self, name: str, content: bytes) -> None:
        """Write `content` (at most 32 KiB less 8 bytes) and wait for the disk. Raises like `reserve`."""
        with disk_faults():
            self._write(self._folder / name, b"%0*d" % (_LENGTH, len(content)) + content, 0)

    def read(self, name: str) -> bytes | None:
        """What is kept, None when nothing is. Torn content is for the caller to find: it is sealed."""
        try:
            held = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        length = held[:_LENGTH]
        return held[_LENGTH : _LENGTH + int(length)] if length.isdigit() else None

    def clear(self, name: str) -> None:
        """Forget what is kept; the room stays reserved."""
        with disk_faults():
            self._write(self._folder / name, bytes(_SIZE), os.O_CREAT)

    def remove(self, name: str) -> None:
        """Delete the file of a credential that is gone."""
        (self._folder / name).unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, content: bytes, flags: int) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
