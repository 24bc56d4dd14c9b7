"""Attached files (bifogade filer) as records of one engagement's year. Their bytes are blobs (`blobs`).

Nothing is ever removed: a file that the user takes away keeps its record and its bytes. The trail holds the bytes'
SHA-256, never the name: it may name a person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, func, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.own_attachment_tables import attached_file as table
from closing_host.storage.own_attachment_tables import own_attachment
from closing_host.storage.periods import refuse_locked_day
from closing_host.storage.tables import engagement_year


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file before it has a number. `attachment`: the number of the schedule that it belongs to, None for the
    account itself; `name` as the user's file was called, text only; `type`: `closing.attached_files.FileType.name`;
    `blob`: the SHA-256 that `Blobs.put` returned."""

    account: str
    attachment: int | None
    name: str
    type: str
    size: int
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile(NewFile):
    """`number`: the file's own in the engagement's year. `removed_at` is None while it is there."""

    number: int
    attached_at: datetime
    attached_by: str
    removed_at: datetime | None
    removed_by: str | None

    def is_behind(self, schedules: Collection[int]) -> bool:
        """Whether it stands behind its account on a day that has the schedules with these numbers: one of the account
        itself does on every day."""
        return self.attachment is None or self.attachment in schedules


class AttachedFiles:
    """The files of one engagement's year, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int, year_start: date) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id
        self.year_start: Final = year_start

    def all(self, account: str | None = None, *, removed: bool = False) -> tuple[AttachedFile, ...]:
        """Those of one account or of all, by account and number; removed ones only when asked for."""
        query = self._mine()
        if account is not None:
            query = query.where(table.c.account == account)
        if not removed:
            query = query.where(table.c.removed_at.is_(None))
        rows = self._connection.execute(query.order_by(table.c.account, table.c.number)).mappings()
        return tuple(_file(row) for row in rows)

    def get(self, number: int) -> AttachedFile:
        """The file with this number, also one that was removed. Raises `ClosingError` `attached-file-unknown`."""
        row = self._connection.execute(self._mine().where(table.c.number == number)).mappings().one_or_none()
        if row is None:
            raise ClosingError("attached-file-unknown", number=number)
        return _file(row)

    def add(self, trail: Trail, new: NewFile) -> AttachedFile:
        """Keep the file under the next number. Its blob must be there.

        Raises `ClosingError` `attachment-day-locked`.
        """
        self._refuse_locked(new.attachment)
        mine = (table.c.engagement_id == self.engagement_id, table.c.year_start == self.year_start)
        number = (self._connection.execute(select(func.max(table.c.number)).where(*mine)).scalar() or 0) + 1
        values = {
            "engagement_id": self.engagement_id,
            "year_start": self.year_start,
            "number": number,
            "account": new.account,
            "attachment_number": new.attachment,
            "name": new.name,
            "type": new.type,
            "size": new.size,
            "blob_sha": new.blob,
            "attached_at": trail.clock(),
            "attached_by": trail.actor.name,
        }
        crashpoint("attached_file.before_write")
        self._connection.execute(insert(table).values(values))
        crashpoint("attached_file.after_row")
        self._tell(trail, Action.FILE_ATTACHED, number, new, after=new.blob)
        return self.get(number)

    def remove(self, trail: Trail, number: int) -> AttachedFile:
        """Take the file away; its record and bytes stay. Nothing happens when it is away already.

        Raises `ClosingError` `attached-file-unknown`, `attachment-day-locked`.
        """
        before = self.get(number)
        if before.removed_at is None:
            self._refuse_locked(before.attachment)
            crashpoint("attached_file.before_write")
            self._connection.execute(
                update(table)
                .where(
                    table.c.engagement_id == self.engagement_id,
                    table.c.year_start == self.year_start,
                    table.c.number == number,
                )
                .values(removed_at=trail.clock(), removed_by=trail.actor.name)
            )
            crashpoint("attached_file.after_row")
            self._tell(trail, Action.FILE_REMOVED, number, before, before=before.blob)
        return self.get(number)

    def _refuse_locked(self, attachment: int | None) -> None:
        """A file belongs to the day of its schedule; one of the account itself to the year's last day."""
        year, own = engagement_year.c, own_attachment.c
        day = select(year.year_end).where(year.engagement_id == self.engagement_id, year.year_start == self.year_start)
        if attachment is not None:
            mine = (own.engagement_id == self.engagement_id, own.year_start == self.year_start)
            day = select(own.as_at).where(*mine, own.number == attachment)
        if (found := self._connection.scalar(day)) is not None:
            refuse_locked_day(self._connection, self.engagement_id, self.year_start, found)

    def _tell(
        self, trail: Trail, action: Action, number: int, file: NewFile, *, before: str = "", after: str = ""
    ) -> None:
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"attached-file:{self.engagement_id}:{self.year_start}:{number}",
            before=before,
            after=after,
            details={"account": file.account, "attachment": file.attachment, "type": file.type, "size": file.size},
        )
        crashpoint("attached_file.after_event")

    def _mine(self) -> Select[Any]:
        return select(table).where(table.c.engagement_id == self.engagement_id, table.c.year_start == self.year_start)


def _file(row: RowMapping) -> AttachedFile:
    same = ("account", "name", "type", "size", "number", "attached_at", "attached_by", "removed_at", "removed_by")
    return AttachedFile(**{name: row[name] for name in same}, attachment=row["attachment_number"], blob=row["blob_sha"])
