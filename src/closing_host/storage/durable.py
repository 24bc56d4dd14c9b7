"""Writing files so that after a crash there is the whole file or none: write aside, sync, rename, sync the folder."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final

from closing_host.storage.crashpoints import crashpoint

CHUNK: Final = 1 << 20
"""Bytes per read, so that memory does not grow with the file."""


def write_file(target: Path, content: bytes, *, staging: Path) -> None:
    """Put `content` at `target`, replacing what stands there, or leave `target` as it was.

    `staging` is a folder on the same file system. Raises `OSError`; then nothing of ours is left behind.
    """
    aside = unused_name(staging)
    try:
        write_and_sync(aside, [content])
        move(aside, target)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def write_and_sync(path: Path, chunks: Iterable[bytes]) -> str:
    """Write `chunks` to the new file `path` and wait until the disk has them. Returns their SHA-256."""
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for chunk in chunks:
            crashpoint("file.before_write")
            file.write(chunk)
            digest.update(chunk)
        file.flush()
        crashpoint("file.after_write")
        os.fsync(file.fileno())
    crashpoint("file.after_sync")
    return digest.hexdigest()


def move(source: Path, target: Path) -> None:
    """Rename the file `source` to `target`, which shall survive a power cut."""
    source.replace(target)
    crashpoint("file.after_rename")
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's own entries."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ensure_folder(folder: Path) -> None:
    """Create `folder` (0700) below an existing parent, durably, unless it is there."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def unused_name(staging: Path) -> Path:
    """A path in `staging` that nobody uses."""
    return staging / secrets.token_hex(16)


def chunks_of(file: BinaryIO) -> Iterable[bytes]:
    """The rest of `file` in pieces of at most `CHUNK` bytes."""
    while chunk := file.read(CHUNK):
        yield chunk


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
