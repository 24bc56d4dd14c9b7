"""The audit trail: one chain of events, each written in the transaction of the change that it tells of (T 3f, G8).

`hash` = SHA-256 of the previous event's hash, a newline and the event's canonical JSON. The chain shows any change
to what stands in it; the anchor beside the database (`anchor`) shows a tail that was cut off or a rewritten chain.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, insert, select

from closing_host.storage.anchor import Anchor, Head
from closing_host.storage.canonical import canonical_json
from closing_host.storage.clock import Clock
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection, after_commit
from closing_host.storage.tables import audit

FIRST: Final = "0" * 64
"""What the first event names as the hash before it."""


class Action(StrEnum):
    """What was done. The values are stored: never rename one."""

    DATABASE_CREATED = "database.created"
    DATABASE_UPGRADED = "database.upgraded"
    BACKUP_RESTORED = "backup.restored"
    ENGAGEMENT_CREATED = "engagement.created"
    ENGAGEMENT_RENAMED = "engagement.renamed"
    ENGAGEMENT_SETTINGS = "engagement.settings"
    ENGAGEMENT_SOURCE = "engagement.source"
    ENGAGEMENT_IDENTIFIED = "engagement.identified"
    ENGAGEMENT_FORM = "engagement.form"
    ENGAGEMENT_SETUP = "engagement.setup"
    YEAR_ADDED = "year.added"
    IMPORT_PUBLISHED = "import.published"
    IMPORT_UNCHANGED = "import.unchanged"
    SNAPSHOT_MADE_CURRENT = "snapshot.made-current"
    ATTACHMENTS_MADE = "attachments.made"
    ATTACHMENTS_FAILED = "attachments.failed"
    ATTACHMENT_NOTED = "attachment.noted"
    ATTACHMENT_ACCOUNTS = "attachment.accounts"
    ANALYSIS_MARKED = "analysis.marked"
    ANALYSIS_REOPENED = "analysis.reopened"
    ANALYSIS_CHECK = "analysis.check"
    PERIOD_STARTED = "period.started"
    PERIOD_LOCKED = "period.locked"
    PERIOD_UNLOCKED = "period.unlocked"
    ACCOUNT_RECONCILED = "account.reconciled"
    ACCOUNT_SIGNED_OFF = "account.signed-off"
    ACCOUNT_REOPENED = "account.reopened"
    ACCOUNT_REVIEWED = "account.reviewed"
    RECONCILIATION_SETTING = "reconciliation.setting"
    SYSTEM_CHOICE = "system.choice"
    OWN_ATTACHMENT_ADDED = "own-attachment.added"
    OWN_ATTACHMENT_EDITED = "own-attachment.edited"
    OWN_ATTACHMENT_REMOVED = "own-attachment.removed"
    OWN_ATTACHMENT_RESTORED = "own-attachment.restored"
    FILE_ATTACHED = "file.attached"
    FILE_REMOVED = "file.removed"
    LOGIN_BEGUN = "login.begun"
    LOGIN_REFUSED = "login.refused"
    CONNECTION_MADE = "connection.made"
    CONNECTION_USED = "connection.used"
    CONNECTION_CHOICE = "connection.choice"
    CONNECTION_ENDED = "connection.ended"
    SESSION_LINKED = "session.linked"
    SESSION_BEGUN = "session.begun"
    SESSION_ENDED = "session.ended"
    CREDENTIAL_RENEWED = "credential.renewed"
    CREDENTIAL_NOT_RENEWED = "credential.not-renewed"
    CREDENTIAL_UNCERTAIN = "credential.uncertain"
    CREDENTIAL_LOST = "credential.lost"
    CREDENTIAL_QUARANTINED = "credential.quarantined"
    SECRETS_RESEALED = "secrets.resealed"
    SECRETS_FORGOTTEN = "secrets.forgotten"
    INSTALLATION_SAVED = "installation.saved"
    EXPORT_APPROVED = "export.approved"
    EXPORT_TAKEN = "export.taken"
    EXPORT_SENDING = "export.sending"
    EXPORT_NOT_SENT = "export.not-sent"
    EXPORT_BOOKED = "export.booked"
    EXPORT_REFUSED = "export.refused"
    EXPORT_UNKNOWN = "export.unknown"
    EXPORT_LOOKING = "export.looking"
    EXPORT_ABSENT = "export.absent"
    EXPORT_CONFLICT = "export.conflict"
    EXPORT_WAITS = "export.waits"
    EXPORT_ENDED = "export.ended"
    EXPORT_SWEPT = "export.swept"
    EXPORT_CHOICE = "export.choice"
    EXPORT_FILE = "export.file"
    ENTRY_ADDED = "entry.added"
    ENTRY_EDITED = "entry.edited"
    ENTRY_STATUS = "entry.status"
    ENTRY_SENT_AGAIN = "entry.sent-again"
    ENTRY_DELETED = "entry.deleted"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a user's name, or the program itself."""

    name: str
    kind: Literal["user", "system"] = "user"


SYSTEM: Final = Actor("closing-host", "system")


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event as stored. `before_hash` and `after_hash` are fingerprints of the object, "" when there is none."""

    seq: int
    at_utc: datetime
    actor: str
    actor_kind: str
    action: str
    engagement_id: int | None
    object: str
    before_hash: str
    after_hash: str
    details_json: str
    run_id: str | None
    prev_hash: str
    hash: str


class Trail:
    """Writes events in one write transaction, on behalf of one actor.

    Repositories take it for every change, so that no change is without its event. Details hold identifiers and
    figures, never texts from the books (they may be personal data, and the trail cannot be thinned out).
    """

    def __init__(self, connection: Connection, actor: Actor, clock: Clock, anchor: Anchor) -> None:
        self.connection: Final = connection
        self.actor: Final = actor
        self.clock: Final = clock
        self._anchor = anchor

    def append(
        self,
        action: Action,
        *,
        engagement_id: int | None = None,
        object: str = "",
        before: str = "",
        after: str = "",
        details: Mapping[str, object] | None = None,
        run_id: str | None = None,
    ) -> AuditEvent:
        """Add one event. `object` is "kind:id". Raises `TypeError` for details that JSON cannot hold."""
        head = read_head(self.connection)
        event: dict[str, Any] = {
            "seq": head.seq + 1,
            "at_utc": self.clock(),
            "actor": self.actor.name,
            "actor_kind": self.actor.kind,
            "action": str(action),
            "engagement_id": engagement_id,
            "object": object,
            "before_hash": before,
            "after_hash": after,
            "details_json": canonical_json(details or {}),
            "run_id": run_id,
            "prev_hash": head.hash,
        }
        event["hash"] = event_hash(event)
        self.connection.execute(insert(audit).values(event))
        crashpoint("audit.after_insert")
        after_commit(self.connection, "anchor", lambda: self._anchor.write(Head(event["seq"], event["hash"])))
        return AuditEvent(**event)


def event_hash(event: Mapping[str, Any] | RowMapping) -> str:
    """The hash that an event must carry, from its other fields."""
    content = {name: value for name, value in event.items() if name not in ("hash", "prev_hash")}
    content["at_utc"] = event["at_utc"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{event['prev_hash']}\n{canonical_json(content)}".encode()).hexdigest()


def read_head(connection: Connection) -> Head:
    """The chain's last event; `Head(0, FIRST)` when there is none."""
    # SQLite's write lock is taken when the transaction begins; other databases need the row held.
    newest = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1).with_for_update()
    row = connection.execute(newest).one_or_none()
    return Head(0, FIRST) if row is None else Head(row.seq, row.hash)


def events(
    connection: Connection, *, engagement_id: int | None = None, before: int | None = None, limit: int = 100
) -> tuple[AuditEvent, ...]:
    """The newest `limit` events first, of one engagement or of all, and older than the one numbered `before`."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.seq < before)
    if engagement_id is not None:
        query = query.where(audit.c.engagement_id == engagement_id)
    return tuple(AuditEvent(**row) for row in connection.execute(query).mappings())


def restored_at(connection: Connection) -> datetime | None:
    """When the data folder was last made from a backup; None when it never was."""
    query = select(audit.c.at_utc).where(audit.c.action == str(Action.BACKUP_RESTORED))
    return connection.scalar(query.order_by(audit.c.seq.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where the chain breaks first, and how.

    `reason`: "gap" (an event is missing before `seq`), "link" (it does not name its predecessor's hash), "content"
    (its fields were changed), "cut" (the anchor knows a later event), "rewritten" (the anchor knows another one).
    """

    seq: int
    reason: Literal["gap", "link", "content", "cut", "rewritten"]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying the chain gave: its head, and the first broken link or None."""

    head: Head
    broken: BrokenLink | None


def verify_chain(connection: Connection, anchor: Head | None = None) -> ChainReport:
    """Recompute every link in order, and compare with `anchor` when given.

    An anchor behind the head is right (a crash can come between the commit and the anchor); one ahead is not.
    """
    head = Head(0, FIRST)
    for row in connection.execute(select(audit).order_by(audit.c.seq).execution_options(yield_per=1000)).mappings():
        reason: Literal["gap", "link", "content", "rewritten"] | None = None
        if row["seq"] != head.seq + 1:
            reason = "gap"
        elif row["prev_hash"] != head.hash:
            reason = "link"
        elif row["hash"] != event_hash(row):
            reason = "content"
        elif anchor is not None and anchor.seq == row["seq"] and anchor.hash != row["hash"]:
            reason = "rewritten"
        if reason is not None:
            return ChainReport(head, BrokenLink(row["seq"], reason))
        head = Head(row["seq"], row["hash"])
    if anchor is not None and anchor.seq > head.seq:
        return ChainReport(head, BrokenLink(head.seq + 1, "cut"))
    return ChainReport(head, None)
