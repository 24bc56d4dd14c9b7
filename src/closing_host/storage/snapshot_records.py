"""Snapshots as records, of one engagement: every query holds the engagement's id (T G-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.database import Connection
from closing_host.storage.periods import refuse_other_end
from closing_host.storage.tables import engagement_year, snapshot


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """What is known of a snapshot before it has an id. Hashes are SHA-256, hexadecimal.

    `raw_sha` and the values of `kept` name blobs; `ledger_sha` names the ledger's folder; `counts`: rows per table;
    `provenance` and `controls` are JSON values as the import made them.
    """

    year_start: date
    year_end: date
    fingerprint: str
    ledger_sha: str
    raw_sha: str | None
    source_id: str
    source_version: str
    created_at: datetime
    created_by: str
    run_id: str
    kept: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    controls: Sequence[Mapping[str, Any]] = ()

    @property
    def blobs(self) -> tuple[str, ...]:
        """The blobs that it names."""
        return (*([self.raw_sha] if self.raw_sha else []), *self.kept.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(NewSnapshot):
    """One immutable import of one financial year. `current`: whether it is the one that the year shows."""

    id: int
    engagement_id: int
    current: bool


class SnapshotRecords:
    """The snapshots of one engagement."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def get(self, snapshot_id: int) -> Snapshot:
        """The snapshot. Raises `ClosingError` `snapshot-unknown`, also when it is another engagement's."""
        row = self._connection.execute(self._query().where(snapshot.c.id == snapshot_id)).mappings().one_or_none()
        if row is None:
            raise ClosingError("snapshot-unknown", snapshot=snapshot_id, engagement=self.engagement_id)
        return snapshot_of(row)

    def current(self, year_start: date) -> Snapshot | None:
        """The snapshot that the year shows; None before its first import."""
        query = self._query().where(
            snapshot.c.year_start == year_start, engagement_year.c.current_snapshot_id == snapshot.c.id
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else snapshot_of(row)

    def history(self, year_start: date | None = None) -> tuple[Snapshot, ...]:
        """All snapshots, of one year or of all, newest first."""
        query = self._query().order_by(snapshot.c.id.desc())
        if year_start is not None:
            query = query.where(snapshot.c.year_start == year_start)
        return tuple(snapshot_of(row) for row in self._connection.execute(query).mappings())

    def add(self, new: NewSnapshot) -> int:
        """Insert the record; returns its id. Nothing shows it until `point`."""
        values = {
            **{name: getattr(new, name) for name in NewSnapshot.__slots__},
            "engagement_id": self.engagement_id,
            "kept": dict(new.kept),
            "provenance": dict(new.provenance),
            "counts": dict(new.counts),
            "controls": [dict(control) for control in new.controls],
        }
        return int(self._connection.execute(insert(snapshot).values(values).returning(snapshot.c.id)).scalar_one())

    def point(self, year_start: date, year_end: date, snapshot_id: int) -> None:
        """Make the snapshot the one that its year shows; the year is added when it is not there.

        Raises `ClosingError` `year-end-locked`.
        """
        refuse_other_end(self._connection, self.engagement_id, year_start, year_end)
        year = engagement_year
        mine = (year.c.engagement_id == self.engagement_id, year.c.year_start == year_start)
        values = {"year_end": year_end, "current_snapshot_id": snapshot_id}
        if self._connection.execute(update(year).where(*mine).values(values)).rowcount == 0:
            key = {"engagement_id": self.engagement_id, "year_start": year_start}
            self._connection.execute(insert(year).values(key | values))

    def _query(self) -> Select[Any]:
        return with_pointer().where(snapshot.c.engagement_id == self.engagement_id)


def with_pointer() -> Select[Any]:
    """All snapshots, each with `current`."""
    year = engagement_year
    shown = and_(
        year.c.engagement_id == snapshot.c.engagement_id,
        year.c.year_start == snapshot.c.year_start,
        year.c.current_snapshot_id == snapshot.c.id,
    )
    return select(snapshot, year.c.current_snapshot_id.is_not(None).label("current")).join_from(
        snapshot, year, shown, isouter=True
    )


def snapshot_of(row: RowMapping) -> Snapshot:
    """The record of a row of `with_pointer`."""
    return Snapshot(**{**row, "current": bool(row["current"])})
