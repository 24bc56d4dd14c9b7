"""Attachments of the user's own as records of one engagement's year. What a schedule may say: `closing.schedule`.

Every change adds a version and an audit event in the caller's transaction; nothing is removed or overwritten. The
trail tells of them by figures and hash, never by text: a row may name a person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, Select, and_, func, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.storage.audit import Action, Trail
from closing_host.storage.canonical import canonical_json
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.own_attachment_tables import own_attachment, own_attachment_version
from closing_host.storage.periods import refuse_locked_day

State = Literal["active", "removed"]


@dataclass(frozen=True, slots=True)
class OwnAttachment:
    """One version of a schedule. `number`: its own in the engagement's year; `changed_at`, `changed_by`: of this
    version; `created_at`, `created_by`: of the first."""

    id: int
    engagement_id: int
    year_start: date
    number: int
    version: int
    state: State
    schedule: Schedule
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class OwnAttachments:
    """The schedules of one engagement's year, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int, year_start: date) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id
        self.year_start: Final = year_start

    def all(self, account: str | None = None, *, removed: bool = False) -> tuple[OwnAttachment, ...]:
        """Those of one account or of all, by account and number; removed ones only when asked for."""
        query = self._newest()
        if account is not None:
            query = query.where(own_attachment.c.account == account)
        if not removed:
            query = query.where(own_attachment_version.c.state == "active")
        rows = self._connection.execute(query.order_by(own_attachment.c.account, own_attachment.c.number))
        return tuple(own_attachment_of(row) for row in rows.mappings())

    def get(self, number: int) -> OwnAttachment:
        """The one with this number, as it is now. Raises `ClosingError` `own-attachment-unknown`."""
        row = self._connection.execute(self._newest().where(own_attachment.c.number == number)).mappings()
        found = row.one_or_none()
        if found is None:
            raise ClosingError("own-attachment-unknown", number=number)
        return own_attachment_of(found)

    def history(self, number: int) -> tuple[OwnAttachment, ...]:
        """All versions, newest first. Raises `ClosingError` `own-attachment-unknown`."""
        query = self._mine(every_version()).where(own_attachment.c.number == number)
        rows = self._connection.execute(query.order_by(own_attachment_version.c.version.desc())).mappings()
        found = tuple(own_attachment_of(row) for row in rows)
        if not found:
            raise ClosingError("own-attachment-unknown", number=number)
        return found

    def add(self, trail: Trail, schedule: Schedule) -> OwnAttachment:
        """Keep a new one under the next number. Raises `ClosingError` `attachment-day-locked`."""
        refuse_locked_day(self._connection, self.engagement_id, self.year_start, schedule.as_at)
        own = own_attachment.c
        last = select(func.max(own.number)).where(
            own.engagement_id == self.engagement_id, own.year_start == self.year_start
        )
        number = (self._connection.execute(last).scalar() or 0) + 1
        values = {
            "engagement_id": self.engagement_id,
            "year_start": self.year_start,
            "number": number,
            "account": schedule.account,
            "as_at": schedule.as_at,
            "created_at": trail.clock(),
            "created_by": trail.actor.name,
            "version": 1,
        }
        crashpoint("own_attachment.before_write")
        key = self._connection.execute(insert(own_attachment).values(values).returning(own.id)).scalar_one()
        crashpoint("own_attachment.after_row")
        return self._keep(trail, Action.OWN_ATTACHMENT_ADDED, int(key), number, 1, schedule, "active")

    def change(
        self, trail: Trail, number: int, schedule: Schedule, *, state: State = "active", basis: int | None = None
    ) -> OwnAttachment:
        """Keep a new version; its account and day are those of the first.

        `basis`: the version that the change was made from. Raises `ClosingError` `own-attachment-unknown`, and
        `own-attachment-changed` when another version has come since, `attachment-day-locked`.
        """
        before = self.get(number)
        if basis not in (None, before.version):
            raise ClosingError(
                "own-attachment-changed", number=number, version=before.version, by=before.changed_by, basis=basis
            )
        if (before.schedule, before.state) == (schedule, state):
            return before
        refuse_locked_day(self._connection, self.engagement_id, self.year_start, before.schedule.as_at)
        assert (schedule.account, schedule.as_at) == (before.schedule.account, before.schedule.as_at)
        version = before.version + 1
        crashpoint("own_attachment.before_write")
        self._connection.execute(update(own_attachment).where(own_attachment.c.id == before.id).values(version=version))
        crashpoint("own_attachment.after_row")
        action = {
            ("active", "active"): Action.OWN_ATTACHMENT_EDITED,
            ("active", "removed"): Action.OWN_ATTACHMENT_REMOVED,
        }.get((before.state, state), Action.OWN_ATTACHMENT_RESTORED)
        return self._keep(trail, action, before.id, number, version, schedule, state, before)

    def _keep(
        self,
        trail: Trail,
        action: Action,
        key: int,
        number: int,
        version: int,
        schedule: Schedule,
        state: State,
        before: OwnAttachment | None = None,
    ) -> OwnAttachment:
        values = {
            "attachment_id": key,
            "version": version,
            "at_utc": trail.clock(),
            "actor": trail.actor.name,
            "state": state,
            "standing": schedule.standing,
            "title": schedule.title,
            "rows": [[row.text, row.amount] for row in schedule.rows],
            "comment": schedule.comment,
            "copying": schedule.copying,
        }
        self._connection.execute(insert(own_attachment_version).values(values))
        crashpoint("own_attachment.after_version")
        kept = self.get(number)
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"own-attachment:{key}",
            before=hash_of(before) if before else "",
            after=hash_of(kept),
            details={
                "year": self.year_start.isoformat(),
                "number": number,
                "account": schedule.account,
                "version": version,
                "rows": len(schedule.rows),
                "reconciled": schedule.reconciled,
            },
        )
        crashpoint("own_attachment.after_event")
        return kept

    def _newest(self) -> Select[Any]:
        return self._mine(every_version()).where(own_attachment.c.version == own_attachment_version.c.version)

    def _mine(self, query: Select[Any]) -> Select[Any]:
        own = own_attachment.c
        return query.where(own.engagement_id == self.engagement_id, own.year_start == self.year_start)


def every_version() -> Select[Any]:
    """All versions of all schedules, for `own_attachment_of`."""
    own, each = own_attachment, own_attachment_version
    return select(
        *(own.c[name] for name in ("id", "engagement_id", "year_start", "number", "account", "as_at")),
        *(own.c[name] for name in ("created_at", "created_by")),
        *(column for column in each.c if column.name != "attachment_id"),
    ).join_from(own, each, and_(each.c.attachment_id == own.c.id))


def own_attachment_of(row: RowMapping) -> OwnAttachment:
    """The record of a row of `every_version`."""
    schedule = Schedule(
        row["account"],
        row["as_at"],
        tuple(ScheduleRow(text, amount) for text, amount in row["rows"]),
        row["standing"],
        row["title"],
        row["comment"],
        row["copying"],
    )
    same = ("id", "engagement_id", "year_start", "number", "version", "state", "created_at", "created_by")
    return OwnAttachment(
        **{name: row[name] for name in same},
        schedule=schedule,
        changed_at=row["at_utc"],
        changed_by=row["actor"],
    )


def hash_of(kept: OwnAttachment) -> str:
    """What the trail knows a version by: SHA-256 of all that it says."""
    said = kept.schedule
    content: Mapping[str, object] = {
        "account": said.account,
        "as_at": said.as_at.isoformat(),
        "state": kept.state,
        "standing": said.standing,
        "title": said.title,
        "rows": [[row.text, row.amount] for row in said.rows],
        "comment": said.comment,
        "copying": said.copying,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
