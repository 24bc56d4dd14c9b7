"""Whether closing entries are what the audit trail says that they are."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from closing_host.storage.audit import Action
from closing_host.storage.database import Connection
from closing_host.storage.entry_rows import as_they_were, entry_of, hash_of
from closing_host.storage.entry_tables import closing_entry, closing_entry_version
from closing_host.storage.tables import audit

_TOLD = (
    Action.ENTRY_ADDED,
    Action.ENTRY_EDITED,
    Action.ENTRY_STATUS,
    Action.ENTRY_SENT_AGAIN,
    Action.ENTRY_DELETED,
)


def entries_not_in_trail(connection: Connection) -> Iterator[int]:
    """The ids of entries of which some version, or the number of versions, is not what the trail holds."""
    told: dict[int, list[str]] = defaultdict(list)
    query = select(audit.c.object, audit.c.after_hash).where(audit.c.action.in_(_TOLD)).order_by(audit.c.seq)
    for event in connection.execute(query):
        told[int(event.object.removeprefix("entry:"))].append(event.after_hash)
    kept: dict[int, list[str]] = defaultdict(list)
    versions = as_they_were().order_by(closing_entry_version.c.entry_id, closing_entry_version.c.version)
    for row in connection.execute(versions).mappings():
        kept[row["id"]].append(hash_of(entry_of(row)))
    rows = connection.execute(select(closing_entry.c.id, closing_entry.c.version))
    now: dict[int, int] = {row.id: row.version for row in rows}
    for key in sorted(told.keys() | now.keys()):
        if told[key] != kept[key] or now.get(key) != len(kept[key]):
            yield key
