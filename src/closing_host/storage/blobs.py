"""Bytes as received, named by their SHA-256. Written once, verified whenever they are read."""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from closing_host.api.errors import ClosingError
from closing_host.storage.clock import Clock
from closing_host.storage.durable import chunks_of, ensure_folder, move, sha256_of, unused_name, write_and_sync
from closing_host.storage.faults import disk_faults


class Blobs(Protocol):
    """A store of bytes by content. Another implementation can keep them in an object store (design 2.9)."""

    def put(self, source: bytes | BinaryIO) -> str:
        """Store the bytes (of a file: from where it stands to its end) and return their SHA-256, hexadecimal."""
        ...

    def open(self, sha: str) -> BinaryIO:
        """The bytes as a file at its beginning. Raises `ClosingError` `blob-missing`, `blob-damaged`."""
        ...

    def exists(self, sha: str) -> bool:
        """Whether the bytes are there (not whether they are whole)."""
        ...

    def remove(self, sha: str) -> None:
        """Remove them; nothing happens when they are not there."""
        ...

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Each blob's SHA-256 and when it was last put."""
        ...


class LocalBlobs:
    """Blobs as files, `blobs/ab/abcd…`, uncompressed so that any program can read them years from now."""

    def __init__(self, folder: Path, staging: Path, clock: Clock) -> None:
        self._folder = folder
        self._staging = staging
        self._clock = clock

    def put(self, source: bytes | BinaryIO) -> str:
        """As the protocol says; memory does not grow with the file. Raises `ClosingError` `disk-full`, `disk-failed`.

        Bytes that are there already are put again: that heals a damaged file and tells the sweep they are wanted.
        """
        with disk_faults():
            aside = unused_name(self._staging)
            try:
                sha = write_and_sync(aside, chunks_of(io.BytesIO(source) if isinstance(source, bytes) else source))
                stamp(aside, self._clock())
                ensure_folder(self.path(sha).parent)
                move(aside, self.path(sha))
            except OSError:
                aside.unlink(missing_ok=True)
                raise
        return sha

    def open(self, sha: str) -> BinaryIO:
        """As the protocol says; the bytes are verified before the first is handed out."""
        self.verify(sha)
        return self.path(sha).open("rb")

    def verify(self, sha: str) -> None:
        """Raise `ClosingError` `blob-missing` or `blob-damaged` unless the bytes are there and whole."""
        if not self.exists(sha):
            raise ClosingError("blob-missing", blob=sha)
        with disk_faults():
            if sha256_of(self.path(sha)) != sha:
                raise ClosingError("blob-damaged", blob=sha)

    def exists(self, sha: str) -> bool:
        """As the protocol says."""
        return self.path(sha).is_file()

    def remove(self, sha: str) -> None:
        """As the protocol says."""
        self.path(sha).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """As the protocol says."""
        for path in sorted(self._folder.glob("??/*")):
            yield path.name, stamped(path)

    def path(self, sha: str) -> Path:
        """Where the blob lies."""
        return self._folder / sha[:2] / sha


def stamp(path: Path, at: datetime) -> None:
    """Note on the file or folder when it was put, by our own clock."""
    os.utime(path, (at.timestamp(), at.timestamp()))


def stamped(path: Path) -> datetime:
    """When it was put."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
