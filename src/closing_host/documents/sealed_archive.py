"""A ZIP file with a manifest that names every file in it with size and SHA-256, to be kept and to be verified later.

The same files give the same bytes, on any machine: members are stored as they are (compression differs between
machines), sorted by name, with one fixed time.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, BinaryIO, Final, Literal

from closing_host.api.errors import DataError
from closing_host.documents.target import Target, opened

MANIFEST: Final = "manifest.json"
FORMAT: Final = "closing-archive/1"

LARGEST_MANIFEST: Final = 16 * 1024 * 1024

_AT: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can state
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16
_AT_A_TIME: Final = 1024 * 1024

Fault = Literal["changed", "missing", "not-listed", "twice"]


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file in the archive. `name`: its path there, with `/`; `open`: its bytes, read when it is written."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Checked:
    """What an archive says, and how it stands. `seal`: SHA-256 of the manifest, which stands for all files.

    `faults`: the names of files that are not as the manifest says, and how; empty when all are.
    """

    facts: Mapping[str, Any]
    seal: str
    names: tuple[str, ...]
    faults: Mapping[str, Fault]


def write_archive(files: Iterable[SealedFile], facts: Mapping[str, object], target: Target) -> str:
    """Write `files` and their manifest, which begins with `facts`. Returns the manifest's SHA-256.

    Raises `OSError`, `ValueError` for a name that stands twice, whatever the case of its letters.
    """
    sealed = sorted(files, key=lambda each: each.name)
    if len({each.name.lower() for each in sealed} | {MANIFEST}) != len(sealed) + 1:
        raise ValueError("a name stands twice")
    with opened(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        listed = [_written(archive, each) for each in sealed]
        stated = {"format": FORMAT, **facts, "files": listed}
        manifest = (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()
        archive.writestr(_member(MANIFEST), manifest)
    return hashlib.sha256(manifest).hexdigest()


def check_archive(path: str | PathLike[str]) -> Checked:
    """Hold every file of the archive against its manifest. Nothing is unpacked to disk.

    Raises `DataError` `archive-unreadable` for what is no such archive, or one whose manifest cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _checked(archive)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError("archive-unreadable", file=str(path)) from error


def _written(archive: zipfile.ZipFile, each: SealedFile) -> dict[str, object]:
    """What the manifest says of the file that was written."""
    digest, size = hashlib.sha256(), 0
    with each.open() as content, archive.open(_member(each.name), "w") as place:
        while part := content.read(_AT_A_TIME):
            digest.update(part)
            size += len(part)
            place.write(part)
    return {"name": each.name, "size": size, "sha256": digest.hexdigest()}


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _AT)
    member.create_system, member.external_attr = _UNIX, _MODE
    return member


def _checked(archive: zipfile.ZipFile) -> Checked:
    members = [each.filename for each in archive.infolist()]
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise ValueError("too large")
    manifest = archive.read(MANIFEST)
    stated = json.loads(manifest)
    if stated["format"] != FORMAT:
        raise ValueError("another format")
    listed = {str(each["name"]): (int(each["size"]), str(each["sha256"])) for each in stated["files"]}
    faults: dict[str, Fault] = {}
    for name in sorted({*members, *listed}):
        if members.count(name) > 1:
            faults[name] = "twice"
        elif name not in listed and name != MANIFEST:
            faults[name] = "not-listed"
        elif name not in members:
            faults[name] = "missing"
        elif name != MANIFEST and not _is_as_listed(archive, name, *listed[name]):
            faults[name] = "changed"
    facts = {name: value for name, value in stated.items() if name not in ("format", "files")}
    return Checked(facts, hashlib.sha256(manifest).hexdigest(), tuple(sorted(listed)), faults)


def _is_as_listed(archive: zipfile.ZipFile, name: str, size: int, digest: str) -> bool:
    """Reads no more than what the file should have: what unpacks to more is another file."""
    found, left = hashlib.sha256(), size
    try:
        with archive.open(name) as file:
            while part := file.read(_AT_A_TIME):
                found.update(part)
                left -= len(part)
                if left < 0:
                    return False
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        return False
    return left == 0 and found.hexdigest() == digest
