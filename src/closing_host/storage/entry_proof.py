"""Whether closing entries are what the audit trail says that they are."""

from collections.abc import Iterator

from sqlalchemy import select

from closing_host.storage.audit import Action
from closing_host.storage.database import Connection
from closing_host.storage.entry_rows import as_they_were, entry_of, hash_of
from closing_host.storage.entry_tables import closing_entry, closing_entry_version
from closing_host.storage.trail import not_in_trail

_TOLD = (
    Action.ENTRY_ADDED,
    Action.ENTRY_EDITED,
    Action.ENTRY_STATUS,
    Action.ENTRY_SENT_AGAIN,
    Action.ENTRY_DELETED,
)


def entries_not_in_trail(connection: Connection) -> Iterator[int]:
    """The ids of entries of which some version, or the number of versions, is not what the trail holds."""
    versions = as_they_were().order_by(closing_entry_version.c.entry_id, closing_entry_version.c.version)
    rows = connection.execute(versions).mappings()
    now = connection.execute(select(closing_entry.c.id, closing_entry.c.version))
    yield from not_in_trail(
        connection,
        "entry:",
        _TOLD,
        ((row["id"], hash_of(entry_of(row))) for row in rows),
        {row.id: row.version for row in now},
    )
