"""Versions of attachments as records: one for each import and side, kept for ever (P 7.4.1).

`AttachmentVersions` reads and adds those of one engagement; every query holds the engagement's id. `store_versions`
is the one transaction in which a making ends.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import RowMapping, Select, and_, func, insert, select

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.subledger import Side
from closing_host.storage.attachment_tables import attachment_version as table
from closing_host.storage.audit import Action, Actor, Trail
from closing_host.storage.canonical import canonical_json
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.runs import Runs
from closing_host.storage.snapshot_records import SnapshotRecords
from closing_host.storage.store import Store
from closing_host.storage.tables import snapshot


@dataclass(frozen=True, slots=True)
class NewVersion:
    """An attachment as it was made, or why it could not be. Amounts are öre: `open` positive is what is owed, `ledger`
    and `difference` debit positive. `facts`: as `put_facts` returned them. Of a failed one all of these are None.
    """

    side: Side
    as_at: date
    control_accounts: tuple[str, ...]
    facts: Mapping[str, str] | None = None
    final: bool | None = None
    open: int | None = None
    ledger: int | None = None
    difference: int | None = None
    error_code: str | None = None
    error_parameters: Mapping[str, str] | None = None
    error_detail: str | None = None

    @property
    def outcome(self) -> Literal["ok", "failed"]:
        """Whether there is an attachment."""
        return "ok" if self.error_code is None else "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentVersion(NewVersion):
    """One stored version. `fingerprint` is that of the books (`snapshot_id`) which it is reconciled with.

    `version`: 1, 2, 3 … for each year; both sides of one making have the same number.
    """

    id: int
    engagement_id: int
    year_start: date
    version: int
    snapshot_id: int
    fingerprint: str = field(repr=False)
    run_id: str
    made_at: datetime
    made_by: str

    @property
    def error(self) -> ClosingError | None:
        """Why it failed, with code, parameters and the source's own words; None when it did not."""
        if self.error_code is None:
            return None
        return ClosingError(self.error_code, detail=self.error_detail or "", **dict(self.error_parameters or {}))


def failed(side: Side, as_at: date, accounts: tuple[str, ...], error: ClosingError) -> NewVersion:
    """The version of a side that could not be made."""
    parameters = {name: str(value) for name, value in error.parameters.items()}
    return NewVersion(
        side, as_at, accounts, error_code=error.code, error_parameters=parameters, error_detail=error.detail
    )


class AttachmentVersions:
    """The versions of one engagement."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def all(self, year_start: date) -> tuple[AttachmentVersion, ...]:
        """All versions of the year, newest first, receivables before payables."""
        query = self._query().where(table.c.year_start == year_start)
        rows = self._connection.execute(query.order_by(table.c.version.desc(), table.c.side.desc()))
        return tuple(version_of(row) for row in rows.mappings())

    def add(
        self, trail: Trail, snapshot_id: int, year_start: date, made: Sequence[NewVersion], *, run_id: str
    ) -> tuple[AttachmentVersion, ...]:
        """Add the sides of one making, under the next number."""
        newest = select(func.max(table.c.version)).where(
            table.c.engagement_id == self.engagement_id, table.c.year_start == year_start
        )
        number = (self._connection.execute(newest).scalar() or 0) + 1
        common = {
            "engagement_id": self.engagement_id,
            "year_start": year_start,
            "version": number,
            "snapshot_id": snapshot_id,
            "run_id": run_id,
            "made_at": trail.clock(),
            "made_by": trail.actor.name,
        }
        crashpoint("attachments.before_rows")
        for each in made:
            values = {**asdict(each), **common, "outcome": each.outcome, "control_accounts": [*each.control_accounts]}
            self._connection.execute(insert(table).values(values))
        crashpoint("attachments.after_rows")
        added = tuple(each for each in self.all(year_start) if each.version == number)
        trail.append(
            Action.ATTACHMENTS_MADE if all(each.error_code is None for each in added) else Action.ATTACHMENTS_FAILED,
            engagement_id=self.engagement_id,
            object=object_of(self.engagement_id, year_start, number),
            after=content_hash(added),
            details={"snapshot": snapshot_id, "sides": {each.side: _figures(each) for each in added}},
            run_id=run_id,
        )
        return added

    def _query(self) -> Select[Any]:
        return with_fingerprint().where(table.c.engagement_id == self.engagement_id)


def store_versions(
    store: Store,
    engagement_id: int,
    snapshot_id: int,
    made: Sequence[NewVersion],
    *,
    run_id: str,
    owner: str,
    actor: Actor,
    error: ClosingError | None = None,
    also: Callable[[Trail], None] | None = None,
) -> tuple[AttachmentVersion, ...]:
    """Add `made` beside the snapshot and end the run: as failed with `error`, else as done. `also` joins in.

    Raises `ClosingError` `run-not-yours`, `snapshot-unknown`; `TemporaryError` `import-swept`, `database-busy`.
    """

    def change(connection: Connection) -> tuple[AttachmentVersion, ...]:
        trail = store.trail(connection, actor)
        year_start = SnapshotRecords(connection, engagement_id).get(snapshot_id).year_start
        # The sweep removes under this same write lock, so what is there now stays.
        if not all(store.blobs.exists(sha) for each in made for sha in (each.facts or {}).values()):
            raise TemporaryError("import-swept")
        added = AttachmentVersions(connection, engagement_id).add(trail, snapshot_id, year_start, made, run_id=run_id)
        outcome = {"snapshot": snapshot_id, "attachments": max((each.version for each in added), default=None)}
        Runs(connection, trail.clock, engagement_id=engagement_id).finish(
            run_id, "failed" if error else "done", owner=owner, outcome=outcome, error=error
        )
        crashpoint("attachments.after_run")
        if also is not None:
            also(trail)
        crashpoint("attachments.before_commit")
        return added

    added = store.database.transact(change)
    crashpoint("attachments.after_commit")
    return added


def with_fingerprint() -> Select[Any]:
    """All versions, each with the fingerprint of its snapshot."""
    books = and_(snapshot.c.engagement_id == table.c.engagement_id, snapshot.c.id == table.c.snapshot_id)
    return select(table, snapshot.c.fingerprint).join_from(table, snapshot, books)


def version_of(row: RowMapping) -> AttachmentVersion:
    """The record of a row of `with_fingerprint`."""
    values = {name: value for name, value in row.items() if name != "outcome"}
    return AttachmentVersion(**{**values, "control_accounts": tuple(row["control_accounts"])})


def object_of(engagement_id: int, year_start: date, version: int) -> str:
    """What the trail calls a making."""
    return f"attachments:{engagement_id}:{year_start}:{version}"


def content_hash(versions: Sequence[AttachmentVersion]) -> str:
    """The fingerprint of one making: of what each side's record says."""
    stated = [
        [each.side, each.as_at.isoformat(), each.snapshot_id, *each.control_accounts, _figures(each)]
        for each in sorted(versions, key=lambda one: one.side)
    ]
    return hashlib.sha256(canonical_json(stated).encode()).hexdigest()


def _figures(each: AttachmentVersion) -> dict[str, object]:
    return {
        "open": each.open,
        "ledger": each.ledger,
        "difference": each.difference,
        "final": each.final,
        "facts": dict(each.facts) if each.facts is not None else None,
        "error": each.error_code,
    }
