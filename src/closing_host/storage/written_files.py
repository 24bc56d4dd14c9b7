"""Which closing entries went into which file. A file that was written is an event and nothing more, so the audit
trail is where it is kept; what became of the entries stands with them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import select

from closing_host.closing.entries import ClosingEntry
from closing_host.storage.audit import Action, Trail
from closing_host.storage.database import Connection
from closing_host.storage.tables import audit

FileKind = Literal["si", "sie4"]
"""An SI file (SIE 4I) holds the entries alone; "sie4" the whole books with them."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that was written. `entries`: entry id to its version then. `sha256` of the bytes."""

    kind: FileKind
    sha256: str
    entries: dict[int, int]
    at: datetime
    by: str


class WrittenFiles:
    """The files of one engagement's year, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int, year_start: date) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id
        self._object: Final = f"export-file:{year_start.isoformat()}"

    def note(self, trail: Trail, kind: FileKind, sha256: str, size: int, entries: Iterable[ClosingEntry]) -> None:
        """Say that a file was written with `entries` as they are."""
        held = {"kind": kind, "size": size, "entries": [[each.id, each.version, each.label] for each in entries]}
        trail.append(
            Action.EXPORT_FILE,
            engagement_id=self.engagement_id,
            object=self._object,
            after=sha256,
            details=held,
        )

    def last(self) -> FileRecord | None:
        """The file written last, None when none was."""
        mine = (
            audit.c.action == str(Action.EXPORT_FILE),
            audit.c.engagement_id == self.engagement_id,
            audit.c.object == self._object,
        )
        query = select(audit).where(*mine).order_by(audit.c.seq.desc()).limit(1)
        event = self._connection.execute(query).one_or_none()
        if event is None:
            return None
        held = json.loads(event.details_json)
        entries = {key: version for key, version, _ in held["entries"]}
        return FileRecord(held["kind"], event.after_hash, entries, event.at_utc, event.actor)
