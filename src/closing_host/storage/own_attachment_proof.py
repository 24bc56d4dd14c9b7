"""Whether schedules and attached files are what the audit trail says that they are."""

from collections.abc import Iterator

from sqlalchemy import select

from closing_host.storage.audit import Action
from closing_host.storage.database import Connection
from closing_host.storage.own_attachment_tables import attached_file, own_attachment, own_attachment_version
from closing_host.storage.own_attachments import every_version, hash_of, own_attachment_of
from closing_host.storage.tables import audit
from closing_host.storage.trail import not_in_trail

_SCHEDULES = (
    Action.OWN_ATTACHMENT_ADDED,
    Action.OWN_ATTACHMENT_EDITED,
    Action.OWN_ATTACHMENT_REMOVED,
    Action.OWN_ATTACHMENT_RESTORED,
)
_FILES = (Action.FILE_ATTACHED, Action.FILE_REMOVED)


def own_attachments_not_in_trail(connection: Connection) -> Iterator[int]:
    """The ids of schedules of which some version, or the number of versions, is not what the trail holds."""
    versions = every_version().order_by(own_attachment.c.id, own_attachment_version.c.version)
    rows = connection.execute(versions).mappings()
    now = connection.execute(select(own_attachment.c.id, own_attachment.c.version))
    yield from not_in_trail(
        connection,
        "own-attachment:",
        _SCHEDULES,
        ((row["id"], hash_of(own_attachment_of(row))) for row in rows),
        {row.id: row.version for row in now},
    )


def attached_files_not_in_trail(connection: Connection) -> Iterator[tuple[int, str, int]]:
    """Engagement, first day of the year and number of each file that is not as the trail last told of it."""
    told: dict[str, str] = {}
    query = select(audit.c.object, audit.c.after_hash).where(audit.c.action.in_(_FILES)).order_by(audit.c.seq)
    for event in connection.execute(query):
        told[event.object.removeprefix("attached-file:")] = event.after_hash
    kept: dict[str, str] = {}
    for row in connection.execute(select(attached_file)):
        key = f"{row.engagement_id}:{row.year_start}:{row.number}"
        kept[key] = row.blob_sha if row.removed_at is None else ""
    for key in sorted(told.keys() | kept.keys()):
        if told.get(key) != kept.get(key):
            engagement, year, number = key.split(":")
            yield int(engagement), year, int(number)
