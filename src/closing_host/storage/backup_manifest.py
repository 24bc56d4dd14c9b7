"""`backup.json`: what a backup says of itself."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.storage.anchor import Head
from closing_host.storage.canonical import canonical_json

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """When the backup was made, at which revision of the tables, the audit chain's head, the database's SHA-256."""

    created_at: datetime
    revision: str
    head: Head
    database_sha: str

    def content(self) -> bytes:
        """As the file holds it."""
        stated = {
            "format": FORMAT,
            "created_at": self.created_at.isoformat(),
            "revision": self.revision,
            "head": {"seq": self.head.seq, "hash": self.head.hash},
            "database_sha": self.database_sha,
        }
        return canonical_json(stated).encode()


def read_manifest(content: bytes, source: Path) -> Manifest:
    """The manifest back. Raises `ClosingError` `backup-unreadable`; `backup-newer` for a format we do not know."""
    try:
        stated = json.loads(content)
        if stated["format"] != FORMAT:
            raise ClosingError("backup-newer", file=source, format=stated["format"])
        return Manifest(
            datetime.fromisoformat(stated["created_at"]),
            str(stated["revision"]),
            Head(int(stated["head"]["seq"]), str(stated["head"]["hash"])),
            str(stated["database_sha"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ClosingError("backup-unreadable", file=source, detail=str(error)) from error
