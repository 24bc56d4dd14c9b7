"""Whether the versions of attachments and the notes on invoices are what the audit trail says that they are."""

import json
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from closing_host.storage.attachment_notes import hash_of, object_of_notes
from closing_host.storage.attachment_tables import attachment_note, attachment_version
from closing_host.storage.attachments import (
    AttachmentVersion,
    content_hash,
    object_of,
    version_of,
    with_fingerprint,
)
from closing_host.storage.audit import Action
from closing_host.storage.database import Connection
from closing_host.storage.tables import audit

_MAKINGS = (Action.ATTACHMENTS_MADE, Action.ATTACHMENTS_FAILED)


def attachments_not_in_trail(connection: Connection) -> Iterator[str]:
    """What the trail calls the makings that are missing, were added, or are not what it says was made."""
    told = select(audit.c.object, audit.c.after_hash).where(audit.c.action.in_(_MAKINGS))
    stated = {event.object: event.after_hash for event in connection.execute(told)}
    kept: dict[str, list[AttachmentVersion]] = defaultdict(list)
    for row in connection.execute(with_fingerprint().order_by(attachment_version.c.id)).mappings():
        each = version_of(row)
        kept[object_of(each.engagement_id, each.year_start, each.version)].append(each)
    for name in sorted(stated.keys() | kept.keys()):
        if name not in kept or stated.get(name) != content_hash(kept[name]):
            yield name


def notes_not_in_trail(connection: Connection) -> Iterator[tuple[str, str]]:
    """What the trail calls a side's notes, and the document of each note that is not what it last told of."""
    told = (
        select(audit.c.object, audit.c.details_json, audit.c.after_hash)
        .where(audit.c.action == Action.ATTACHMENT_NOTED)
        .order_by(audit.c.seq)
    )
    stated: dict[tuple[str, str], str] = {}
    for event in connection.execute(told):
        stated[event.object, json.loads(event.details_json)["document"]] = event.after_hash
    kept = {
        (object_of_notes(row.engagement_id, row.year_start, row.side), row.document): hash_of(row.text)
        for row in connection.execute(select(attachment_note))
    }
    for key in sorted(stated.keys() | kept.keys()):
        if stated.get(key, "") != kept.get(key, ""):
            yield key
