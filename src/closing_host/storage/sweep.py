"""Removing what a crash left behind: files that no record names (T 3c)."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from closing_host.storage.attachment_tables import attachment_version
from closing_host.storage.blobs import stamped
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.faults import disk_faults
from closing_host.storage.own_attachment_tables import attached_file
from closing_host.storage.store import Store
from closing_host.storage.tables import snapshot

GRACE: Final = timedelta(hours=24)
"""How old a file must be before the sweep takes it: longer than any import lasts."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each were removed."""

    unfinished: int
    ledgers: int
    blobs: int


def sweep(store: Store, *, grace: timedelta = GRACE) -> Swept:
    """Remove unfinished files, ledgers and blobs that no record names and that are older than `grace`.

    Records are never removed, so nothing that a snapshot names is ever touched (T C11). It holds the write lock: an
    import that publishes meanwhile either comes first, and its files are named, or finds that they are gone.
    """
    before = store.clock() - grace
    with disk_faults(), store.database.write() as connection:
        named = {*named_ledgers(connection), *named_blobs(connection)}
        unfinished = [path for path in store.folder.tmp.iterdir() if stamped(path) < before]
        ledgers = [sha for sha, at in store.ledgers.names() if sha not in named and at < before]
        blobs = [sha for sha, at in store.blobs.names() if sha not in named and at < before]
        for path in unfinished:
            _remove(path)
            crashpoint("sweep.after_removal")
        for sha in ledgers:
            store.ledgers.remove(sha)
            crashpoint("sweep.after_removal")
        for sha in blobs:
            store.blobs.remove(sha)
            crashpoint("sweep.after_removal")
    return Swept(len(unfinished), len(ledgers), len(blobs))


def named_ledgers(connection: Connection) -> tuple[str, ...]:
    """The ledgers that a record names, each once, in order of name."""
    names = connection.execute(select(snapshot.c.ledger_sha).distinct().order_by(snapshot.c.ledger_sha))
    return tuple(names.scalars())


def named_blobs(connection: Connection) -> tuple[str, ...]:
    """The blobs that a record names, each once, in order of name. A new table that names blobs belongs here."""
    names: set[str] = set()
    for raw, kept in connection.execute(select(snapshot.c.raw_sha, snapshot.c.kept)):
        names.update(kept.values(), [raw] if raw else [])
    for facts in connection.execute(select(attachment_version.c.facts)).scalars():
        names.update((facts or {}).values())
    names.update(connection.execute(select(attached_file.c.blob_sha)).scalars())
    return tuple(sorted(names))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
