"""Closing entries between the tables and the record: nothing else knows the columns."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, select

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry, EntryContent, Origin, Status, Transferred
from closing_host.storage.canonical import canonical_json
from closing_host.storage.entry_tables import closing_entry, closing_entry_version

_VERSIONED: Final = tuple(
    column for column in closing_entry_version.c if column.name not in ("entry_id", "at_utc", "actor", "run_id")
)
_TRANSFERRED: Final = tuple(field.name for field in fields(Transferred))


@dataclass(frozen=True, slots=True)
class EntryVersion:
    """One version of an entry: who made it, when, in which run, and the entry as it then was."""

    at: datetime
    actor: str
    run_id: str | None
    entry: ClosingEntry


def now() -> Select[Any]:
    """All entries as they are."""
    return _versions(closing_entry_version.c.version == closing_entry.c.version)


def as_they_were() -> Select[Any]:
    """All versions of all entries."""
    who = (closing_entry_version.c.at_utc, closing_entry_version.c.actor, closing_entry_version.c.run_id)
    return _versions().add_columns(*who)


def _versions(*where: Any) -> Select[Any]:
    fixed = [column for column in closing_entry.c if column.name != "version"]
    mine = and_(closing_entry_version.c.entry_id == closing_entry.c.id, *where)
    return select(*fixed, *_VERSIONED).join_from(closing_entry, closing_entry_version, mine)


def entry_of(row: RowMapping) -> ClosingEntry:
    """The record of a row of `now` or `as_they_were`."""
    transferred = None
    if row["transferred_at"] is not None:
        transferred = Transferred(**{name: row[f"transferred_{name}"] for name in _TRANSFERRED})
    return ClosingEntry(
        id=row["id"],
        engagement_id=row["engagement_id"],
        year_start=row["year_start"],
        kind=row["kind"],
        number=row["number"],
        send=row["send"],
        marker=row["marker"],
        content=EntryContent(row["date"], row["text"], _drafts(row["rows"]), row["period"], row["reversed_next"]),
        origin=Origin(row["origin_kind"], row["origin_subject"]),
        status=Status(row["status"]),
        reason=row["reason"],
        transferred=transferred,
        seen=row["seen"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        version=row["version"],
    )


def version_of(row: RowMapping) -> EntryVersion:
    """The version of a row of `as_they_were`."""
    return EntryVersion(row["at_utc"], row["actor"], row["run_id"], entry_of(row))


def version_values(entry: ClosingEntry) -> Mapping[str, Any]:
    """The columns of a version that say what the entry is, by name."""
    content, transferred = entry.content, entry.transferred
    return {
        "version": entry.version,
        "status": str(entry.status),
        "reason": entry.reason,
        "date": content.date,
        "text": content.text,
        "rows": [[row.account, row.amount, [list(each) for each in row.objects], row.text] for row in content.rows],
        "period": content.period,
        "reversed_next": content.reversed_next,
        "send": entry.send,
        "marker": entry.marker,
        "seen": entry.seen,
        **{f"transferred_{name}": getattr(transferred, name, None) for name in _TRANSFERRED},
    }


def hash_of(entry: ClosingEntry) -> str:
    """A fingerprint of everything that the entry says, for the audit trail."""
    values = {name: _plain(value) for name, value in version_values(entry).items()}
    fixed = [entry.kind, entry.number, entry.year_start.isoformat(), entry.origin.kind, entry.origin.subject]
    return hashlib.sha256(canonical_json([fixed, values]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _drafts(rows: list[list[Any]]) -> tuple[DraftRow, ...]:
    return tuple(
        DraftRow(account, amount, tuple((dimension, code) for dimension, code in objects), text)
        for account, amount, objects, text in rows
    )
