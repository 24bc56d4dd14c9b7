"""The two forms of a backup, a folder and a ZIP file, behind one way of writing and one of reading."""

import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from closing_host.api.errors import ClosingError
from closing_host.storage.durable import CHUNK, chunks_of, sync_folder, write_and_sync

_PACKED: Final = (".parquet",)
"""Compressed already: stored in the ZIP as they are."""


class ArchiveWriter(Protocol):
    """A backup being written."""

    def add(self, name: str, source: Path) -> None:
        """Copy the file `source` in under `name` (with slashes)."""
        ...


class ArchiveReader(Protocol):
    """A backup being read."""

    def names(self) -> tuple[str, ...]:
        """The files in it, in order of name."""
        ...

    def open(self, name: str) -> BinaryIO:
        """One of them. Raises `KeyError` or `FileNotFoundError` when it is not there."""
        ...


class _FolderArchive:
    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, name: str, source: Path) -> None:
        target = self._path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file:
            write_and_sync(target, chunks_of(file))

    def names(self) -> tuple[str, ...]:
        files = (path for path in self._path.rglob("*") if path.is_file() or path.is_symlink())
        return tuple(sorted(path.relative_to(self._path).as_posix() for path in files))

    def open(self, name: str) -> BinaryIO:
        return (self._path / name).open("rb")


class _ZipArchive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, source: Path) -> None:
        packing = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
        entry = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
        entry.compress_type = packing
        with source.open("rb") as file, self._archive.open(entry, "w") as target:
            shutil.copyfileobj(file, target, CHUNK)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._archive.namelist() if not name.endswith("/")))

    def open(self, name: str) -> BinaryIO:
        return self._archive.open(name)  # type: ignore[return-value]  # binary, though typed as IO[bytes]


@contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """A new backup at `target`, which appears there whole when the block ends well, and not at all otherwise."""
    partial = target.with_name(f".{target.name}.partial")
    _discard(partial)
    try:
        if target.suffix == ".zip":
            with partial.open("xb") as file:
                with zipfile.ZipFile(file, "w") as archive:
                    yield _ZipArchive(archive)
                file.flush()
                os.fsync(file.fileno())
        else:
            partial.mkdir(mode=0o700)
            yield _FolderArchive(partial)
            for folder in (partial, *(each for each in partial.rglob("*") if each.is_dir())):
                sync_folder(folder)
        partial.rename(target)
        sync_folder(target.parent)
    except BaseException:
        _discard(partial)
        raise


@contextmanager
def reading(source: Path) -> Iterator[ArchiveReader]:
    """The backup at `source`. Raises `ClosingError` `backup-missing`, `backup-unreadable`."""
    if source.is_dir():
        yield _FolderArchive(source)
        return
    if not source.exists():
        raise ClosingError("backup-missing", file=source)
    try:
        with zipfile.ZipFile(source) as archive:
            yield _ZipArchive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ClosingError("backup-unreadable", file=source, detail=str(error)) from error


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
