"""Closing entries as records of one engagement. The rules of what one may say stand in `closing.entry_rules`.

Every change adds a version and an audit event in the caller's transaction; nothing is ever removed or overwritten.
"""

import base64
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.closing.entries import (
    BOOKED,
    EDITABLE,
    ClosingEntry,
    EntryContent,
    Kind,
    Origin,
    Party,
    Status,
    Transferred,
    may_move,
)
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.entry_rows import (
    EntryVersion,
    as_they_were,
    entry_of,
    hash_of,
    now,
    version_of,
    version_values,
)
from closing_host.storage.entry_tables import closing_entry, closing_entry_marker, closing_entry_version
from closing_host.storage.periods import holds_entry
from closing_host.storage.tables import engagement_year

_UNSURE: Final = Status.DOUBLE  # may stand without a place where it was booked


class EntryRecords:
    """The closing entries of one engagement, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def get(self, entry_id: int) -> ClosingEntry:
        """The entry. Raises `ClosingError` `entry-unknown`, also when it is another engagement's."""
        return self.each((entry_id,))[0]

    def each(self, entry_ids: Collection[int]) -> tuple[ClosingEntry, ...]:
        """The entries, in the order of `all`. Raises `ClosingError` `entry-unknown`, also when one is another
        engagement's."""
        found = self._find(closing_entry.c.id.in_(list(entry_ids)))
        _refuse_unknown(entry_ids, {entry.id for entry in found})
        return found

    def all(self, year_start: date | None = None, *, deleted: bool = False) -> tuple[ClosingEntry, ...]:
        """The entries of one year or of all, by year, V before S, and number; those deleted only when asked for."""
        where = [] if year_start is None else [closing_entry.c.year_start == year_start]
        if not deleted:
            where.append(closing_entry_version.c.status != str(Status.DELETED))
        return self._find(*where)

    def by_label(self, year_start: date, label: str) -> ClosingEntry:
        """The entry with this number, as in V1 or v1-2 (the sending does not matter), also one that was deleted.

        Raises `ClosingError` `entry-unknown`.
        """
        kind, number = label[:1].upper(), label[1:].partition("-")[0]
        found = None
        if number.isascii() and number.isdigit():
            here = (closing_entry.c.kind == kind, closing_entry.c.number == int(number))
            found = self._find(closing_entry.c.year_start == year_start, *here)
        if not found:
            raise ClosingError("entry-unknown", entry=label)
        return found[0]

    def markers(self, entry_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """By entry every marker that it has had, the first one first. Raises `ClosingError` `entry-unknown`."""
        marker = closing_entry_marker.c
        query = select(marker.entry_id, marker.marker).join(closing_entry, closing_entry.c.id == marker.entry_id)
        mine = (closing_entry.c.engagement_id == self.engagement_id, marker.entry_id.in_(list(entry_ids)))
        found: dict[int, tuple[str, ...]] = {}
        for entry_id, text in self._connection.execute(query.where(*mine).order_by(marker.entry_id, marker.send)):
            found[entry_id] = (*found.get(entry_id, ()), text)
        _refuse_unknown(entry_ids, found)
        return found

    def history(self, entry_id: int) -> tuple[EntryVersion, ...]:
        """Every version of the entry, the oldest first. Raises `ClosingError` `entry-unknown`."""
        self.get(entry_id)
        query = as_they_were().where(closing_entry.c.id == entry_id).order_by(closing_entry_version.c.version)
        return tuple(version_of(row) for row in self._connection.execute(query).mappings())

    def add(
        self,
        trail: Trail,
        year_start: date,
        kind: Kind,
        content: EntryContent,
        origin: Origin = Origin(),  # noqa: B008  frozen
        status: Status = Status.READY,
    ) -> ClosingEntry:
        """Add an entry with the next number of its year and kind, and a marker of its own.

        Raises `ClosingError` `entry-year-unknown` when the engagement has no such year, `entry-period-locked`.
        """
        self._refuse_locked(year_start, f"{kind}", content.period)
        crashpoint("entry.before_write")
        number, at = self._next_number(year_start, kind), trail.clock()
        statement = insert(closing_entry).values(
            engagement_id=self.engagement_id,
            year_start=year_start,
            kind=kind,
            number=number,
            origin_kind=origin.kind,
            origin_subject=origin.subject,
            created_at=at,
            created_by=trail.actor.name,
            version=1,
        )
        key = self._connection.execute(statement.returning(closing_entry.c.id)).scalar_one()
        entry = ClosingEntry(
            id=key,
            engagement_id=self.engagement_id,
            year_start=year_start,
            kind=kind,
            number=number,
            send=1,
            marker=self._new_marker(key, 1),
            content=content,
            origin=origin,
            status=status,
            reason="",
            transferred=None,
            seen=False,
            created_at=at,
            created_by=trail.actor.name,
            version=1,
        )
        self._add_version(trail, Action.ENTRY_ADDED, None, entry)
        return self.get(key)

    def edit(
        self,
        trail: Trail,
        entry_id: int,
        content: EntryContent,
        *,
        version: int,
        status: Status | None = None,
        reason: str | None = None,
    ) -> ClosingEntry:
        """Replace what the user states of the entry. `version`: the one that the user saw.

        `status`: DRAFT, READY or NOT_FOR_TRANSFER; as it was by default, and READY for one that had failed.
        Raises `ClosingError` `entry-not-editable`, `entry-deleted`, `entry-period-locked`, and
        `entry-changed-meanwhile` when there is a newer version.
        """
        before = self.get(entry_id)
        if before.version != version:
            newest = self.history(entry_id)[-1]
            at = newest.at.isoformat(timespec="seconds")
            raise ClosingError("entry-changed-meanwhile", entry=before.label, by=newest.actor, at=at)
        if before.status not in EDITABLE:
            code = "entry-deleted" if before.status is Status.DELETED else "entry-not-editable"
            raise ClosingError(code, entry=before.label)
        status = status or (Status.READY if before.status is Status.FAILED else before.status)
        if status is not before.status and not may_move(before.status, status, "user"):
            raise _refused(before, status, "user")
        for period in {before.content.period, content.period}:
            self._refuse_locked(before.year_start, before.label, period)
        kept = before.reason if status is before.status else ""
        after = replace(before, content=content, status=status, reason=kept if reason is None else reason)
        return self._change(trail, Action.ENTRY_EDITED, before, after)

    def set_status(
        self,
        trail: Trail,
        entry_id: int,
        status: Status,
        *,
        by: Party,
        reason: str = "",
        transferred: Transferred | None = None,
        seen: bool | None = None,
        run_id: str | None = None,
        allowed: Collection[Status] | None = None,
    ) -> ClosingEntry:
        """Take the entry to another state, or give the same state new facts: the one place where that happens.

        `transferred`: where it was booked; kept by default, and forgotten in a state that is not BOOKED. `seen`: kept
        by default, and False in a state that is not BOOKED. `allowed`: the states in which the caller expects it, when
        it must be sure that nobody was quicker.

        Raises `ClosingError` `entry-transition-refused` for what `TRANSITIONS` does not have and for a state that is
        not `allowed`, `entry-period-locked` when a person would change the figures of a locked period; `ValueError` for
        a booked state without a place.
        """
        before = self.get(entry_id)
        if not may_move(before.status, status, by) or (allowed is not None and before.status not in allowed):
            raise _refused(before, status, by)
        booked = status in BOOKED
        place = (transferred or before.transferred) if booked else None
        if booked and place is None and status is not _UNSURE:
            raise ValueError(f"{status} without a place")
        after = replace(
            before,
            status=status,
            reason=reason,
            transferred=place,
            seen=booked and (before.seen if seen is None else seen),
        )
        if by == "user" and after.counts != before.counts:  # the books and the source say what they say
            self._refuse_locked(before.year_start, before.label, before.content.period)
        action = Action.ENTRY_DELETED if status is Status.DELETED else Action.ENTRY_STATUS
        return self._change(trail, action, before, after, run_id)

    def send_again(self, trail: Trail, entry_id: int) -> ClosingEntry:
        """*Exportera igen*: ready once more, as a further sending with a marker of its own.

        Raises `ClosingError` `entry-transition-refused` unless it is missing in the source, or a person says that
        what looked double is not there; `entry-period-locked` when it would count again in a locked period.
        """
        before = self.get(entry_id)
        if before.status not in BOOKED or not may_move(before.status, Status.READY, "user"):
            raise _refused(before, Status.READY, "user")
        send = before.send + 1
        after = replace(
            before,
            status=Status.READY,
            reason="",
            transferred=None,
            seen=False,
            send=send,
            marker=self._new_marker(entry_id, send),
        )
        if after.counts != before.counts:
            self._refuse_locked(before.year_start, before.label, before.content.period)
        return self._change(trail, Action.ENTRY_SENT_AGAIN, before, after)

    def _refuse_locked(self, year_start: date, label: str, period: str) -> None:
        """Nothing is entered in a locked period (P 7.2)."""
        if holds_entry(self._connection, self.engagement_id, year_start, period):
            raise ClosingError("entry-period-locked", entry=label, period=period)

    def _find(self, *where: Any) -> tuple[ClosingEntry, ...]:
        order = (closing_entry.c.year_start, closing_entry.c.kind.desc(), closing_entry.c.number)
        query = now().where(closing_entry.c.engagement_id == self.engagement_id, *where).order_by(*order)
        return tuple(entry_of(row) for row in self._connection.execute(query).mappings())

    def _next_number(self, year_start: date, kind: Kind) -> int:
        # SQLite's write lock is held since the transaction began; other databases need the year held.
        mine = (engagement_year.c.engagement_id == self.engagement_id, engagement_year.c.year_start == year_start)
        year = select(engagement_year.c.year_start).where(*mine).with_for_update()
        if self._connection.scalar(year) is None:
            raise ClosingError("entry-year-unknown", year=year_start.isoformat())
        taken = select(func.max(closing_entry.c.number)).filter_by(
            engagement_id=self.engagement_id, year_start=year_start, kind=kind
        )
        return (self._connection.scalar(taken) or 0) + 1

    def _new_marker(self, entry_id: int, send: int) -> str:
        crashpoint("entry.after_row")
        marker = "BK" + base64.b32encode(secrets.token_bytes(10)).decode("ascii")
        self._connection.execute(insert(closing_entry_marker).values(marker=marker, entry_id=entry_id, send=send))
        return marker

    def _change(
        self, trail: Trail, action: Action, before: ClosingEntry, after: ClosingEntry, run_id: str | None = None
    ) -> ClosingEntry:
        crashpoint("entry.before_write")
        after = replace(after, version=before.version + 1)
        mine = (closing_entry.c.id == before.id, closing_entry.c.version == before.version)
        changed = self._connection.execute(update(closing_entry).where(*mine).values(version=after.version))
        assert changed.rowcount == 1, "read in this same transaction"
        crashpoint("entry.after_row")
        self._add_version(trail, action, before, after, run_id)
        return self.get(before.id)

    def _add_version(
        self, trail: Trail, action: Action, before: ClosingEntry | None, entry: ClosingEntry, run_id: str | None = None
    ) -> None:
        who = {"entry_id": entry.id, "at_utc": trail.clock(), "actor": trail.actor.name, "run_id": run_id}
        self._connection.execute(insert(closing_entry_version).values(who | dict(version_values(entry))))
        crashpoint("entry.after_version")
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"entry:{entry.id}",
            before="" if before is None else hash_of(before),
            after=hash_of(entry),
            details=_details(before, entry),
            run_id=run_id,
        )
        crashpoint("entry.after_event")


def _refuse_unknown(wanted: Collection[int], found: Collection[int]) -> None:
    for entry_id in wanted:
        if entry_id not in found:
            raise ClosingError("entry-unknown", entry=entry_id)


def _refused(entry: ClosingEntry, status: Status, by: Party) -> ClosingError:
    return ClosingError(
        "entry-transition-refused", entry=entry.label, status=str(entry.status), wanted=str(status), by=by
    )


def _details(before: ClosingEntry | None, entry: ClosingEntry) -> dict[str, object]:
    """Identifiers and figures, never the texts."""
    transferred = entry.transferred
    return {
        "entry": entry.label,
        "year": entry.year_start.isoformat(),
        "version": entry.version,
        "status": [str(before.status) if before else "", str(entry.status)],
        "debit": sum(row.amount for row in entry.content.rows if row.amount > 0),
        "rows": len(entry.content.rows),
        "marker": entry.marker,
        "booked": None if transferred is None else [transferred.series, transferred.number, transferred.evidence],
    }


def counts(connection: Connection, *, engagement_id: int | None = None) -> Mapping[int, Mapping[Status, int]]:
    """How many entries of all years have each status, by engagement: of one, or of all in one query."""
    entry, version = closing_entry, closing_entry_version
    newest = (entry.c.id == version.c.entry_id) & (entry.c.version == version.c.version)
    query = select(entry.c.engagement_id, version.c.status, func.count()).join(entry, newest)
    if engagement_id is not None:
        query = query.where(entry.c.engagement_id == engagement_id)
    found: dict[int, dict[Status, int]] = {}
    for id, status, count in connection.execute(query.group_by(entry.c.engagement_id, version.c.status)):
        found.setdefault(id, {})[Status(status)] = count
    return found
