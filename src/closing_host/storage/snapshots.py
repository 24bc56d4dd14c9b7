"""Publishing a ledger as an immutable snapshot, and choosing which one a year shows (design 2.2, T 3c).

The order makes a crash harmless: first the files, durable and named by content, which nobody sees; then one
transaction that adds the record, flips the pointer, ends the run and writes the audit event.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.errors import TemporaryError
from closing_host.api.ledger import Ledger
from closing_host.ledgers.canonical import fingerprint
from closing_host.storage.audit import Action, Actor, Trail
from closing_host.storage.blobs import Blobs
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection, Database
from closing_host.storage.ledgers import LedgerFiles
from closing_host.storage.runs import Runs
from closing_host.storage.snapshot_records import NewSnapshot, Snapshot, SnapshotRecords


@dataclass(frozen=True, slots=True)
class Received:
    """What an import brought: one financial year's ledger, and where it came from.

    `raw` and the values of `kept` are names that `Blobs.put` returned: the bytes as received, and what else came
    over the wire. `provenance` (file name, program, encoding …) and `controls` (results) are JSON values.
    """

    ledger: Ledger
    year_start: date
    year_end: date
    source_id: str
    source_version: str
    raw: str | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    controls: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """The snapshot that the year now shows. `changed`: False when it showed the same content before."""

    snapshot: Snapshot
    changed: bool


class Snapshots:
    """Every snapshot of the installation; each call names the engagement."""

    def __init__(
        self,
        database: Database,
        ledgers: LedgerFiles,
        blobs: Blobs,
        trail_in: Callable[[Connection, Actor], Trail],
    ) -> None:
        self._database: Final = database
        self._ledgers: Final = ledgers
        self._blobs: Final = blobs
        self._trail_in: Final = trail_in

    def publish(
        self,
        engagement_id: int,
        received: Received,
        *,
        run_id: str,
        owner: str,
        actor: Actor,
        outcome: Mapping[str, object] | None = None,
        also: Callable[[Trail], None] | None = None,
    ) -> Published:
        """Make the ledger the one that its year shows, and end the run as done. `also` joins the transaction.

        The same content as the current snapshot's adds no snapshot; the run and the audit event say so. The run's
        outcome gets `snapshot` (id) and `changed` besides `outcome`.

        Raises `ClosingError` `run-not-yours` (the run was taken away), `year-end-locked` (the year would end on another
        day), `disk-full`, `disk-failed`; `TemporaryError`
        `database-busy`, `import-swept`. After any error the year shows what it showed before.
        """
        mark = fingerprint(received.ledger)
        crashpoint("import.after_fingerprint")
        ledger_sha = None if self._shows(engagement_id, received.year_start, mark) else self._store(received)

        def change(connection: Connection) -> Published | None:
            crashpoint("import.after_begin")
            trail = self._trail_in(connection, actor)
            records = SnapshotRecords(connection, engagement_id)
            before = records.current(received.year_start)
            changed = before is None or before.fingerprint != mark
            if before is None or changed:
                if ledger_sha is None:
                    return None  # somebody else published in between, so the ledger must be stored after all
                key = self._add(records, _record(trail, received, mark, ledger_sha, run_id))
            else:
                key = before.id
            ending = {**(outcome or {}), "snapshot": key, "changed": changed}
            Runs(connection, trail.clock, engagement_id=engagement_id).finish(
                run_id, "done", owner=owner, outcome=ending
            )
            crashpoint("import.after_run")
            if also is not None:
                also(trail)
            trail.append(
                Action.IMPORT_PUBLISHED if changed else Action.IMPORT_UNCHANGED,
                engagement_id=engagement_id,
                object=f"snapshot:{key}",
                before=before.fingerprint if before else "",
                after=mark,
                details=_details(received),
                run_id=run_id,
            )
            crashpoint("import.before_commit")
            return Published(records.get(key), changed)

        published = self._database.transact(change)
        while published is None:
            ledger_sha = self._store(received)
            published = self._database.transact(change)
        crashpoint("import.after_commit")
        return published

    def make_current(
        self,
        engagement_id: int,
        snapshot_id: int,
        *,
        actor: Actor,
        run_id: str | None = None,
        also: Callable[[Trail], None] | None = None,
    ) -> Snapshot:
        """Show an earlier (or later) snapshot in its year again: *Ångra import*. Does nothing when it is current.

        `also` joins the transaction, after the snapshot is shown.

        Raises `ClosingError` `snapshot-unknown`, `year-end-locked`, `ledger-missing`, `ledger-damaged`.
        """
        self._ledgers.verify(self.get(engagement_id, snapshot_id).ledger_sha)

        def change(connection: Connection) -> Snapshot:
            records = SnapshotRecords(connection, engagement_id)
            chosen = records.get(snapshot_id)
            before = records.current(chosen.year_start)
            if chosen.current:
                return chosen
            records.point(chosen.year_start, chosen.year_end, chosen.id)
            crashpoint("current.after_pointer")
            trail = self._trail_in(connection, actor)
            if also is not None:
                also(trail)
            trail.append(
                Action.SNAPSHOT_MADE_CURRENT,
                engagement_id=engagement_id,
                object=f"snapshot:{chosen.id}",
                before=before.fingerprint if before else "",
                after=chosen.fingerprint,
                details={"year": chosen.year_start.isoformat(), "instead_of": before.id if before else None},
                run_id=run_id,
            )
            crashpoint("current.before_commit")
            return records.get(snapshot_id)

        chosen = self._database.transact(change)
        crashpoint("current.after_commit")
        return chosen

    def get(self, engagement_id: int, snapshot_id: int) -> Snapshot:
        """The snapshot's record. Raises `ClosingError` `snapshot-unknown`."""
        with self._database.read() as connection:
            return SnapshotRecords(connection, engagement_id).get(snapshot_id)

    def current(self, engagement_id: int, year_start: date) -> Snapshot | None:
        """The record of the snapshot that the year shows; None before its first import."""
        with self._database.read() as connection:
            return SnapshotRecords(connection, engagement_id).current(year_start)

    def history(self, engagement_id: int, year_start: date | None = None) -> tuple[Snapshot, ...]:
        """The records of all snapshots, of one year or of all, newest first."""
        with self._database.read() as connection:
            return SnapshotRecords(connection, engagement_id).history(year_start)

    def load(self, engagement_id: int, snapshot_id: int, *, without: Collection[str] = ()) -> Ledger:
        """The ledger, verified; the columns `without` (`rows.objects`) are null and cost no reading.

        Raises `ClosingError` `snapshot-unknown`, `ledger-missing`, `ledger-damaged`.
        """
        return self._ledgers.read(self.get(engagement_id, snapshot_id).ledger_sha, without=without)

    def scan(self, engagement_id: int, snapshot_id: int, table: str) -> pl.LazyFrame:
        """One table of the ledger, read as far as the query needs, not verified. Raises `KeyError` for no table."""
        return self._ledgers.scan(self.get(engagement_id, snapshot_id).ledger_sha, table)

    def _shows(self, engagement_id: int, year_start: date, mark: str) -> bool:
        current = self.current(engagement_id, year_start)
        return current is not None and current.fingerprint == mark

    def _store(self, received: Received) -> str:
        sha = self._ledgers.write(received.ledger)
        crashpoint("import.after_ledger")
        return sha

    def _add(self, records: SnapshotRecords, new: NewSnapshot) -> int:
        # The sweep removes under this same write lock, so what is there now stays.
        if not self._ledgers.exists(new.ledger_sha) or not all(self._blobs.exists(sha) for sha in new.blobs):
            raise TemporaryError("import-swept")
        key = records.add(new)
        crashpoint("import.after_snapshot_row")
        records.point(new.year_start, new.year_end, key)
        crashpoint("import.after_pointer")
        return key


def _record(trail: Trail, received: Received, mark: str, ledger_sha: str, run_id: str) -> NewSnapshot:
    return NewSnapshot(
        year_start=received.year_start,
        year_end=received.year_end,
        fingerprint=mark,
        ledger_sha=ledger_sha,
        raw_sha=received.raw,
        source_id=received.source_id,
        source_version=received.source_version,
        created_at=trail.clock(),
        created_by=trail.actor.name,
        run_id=run_id,
        kept=received.kept,
        provenance=received.provenance,
        counts={table: frame.height for table, frame in received.ledger.tables.items()},
        controls=received.controls,
    )


def _details(received: Received) -> dict[str, object]:
    return {
        "year": received.year_start.isoformat(),
        "source": received.source_id,
        "source_version": received.source_version,
        "raw": received.raw,
        "kept": sorted(received.kept.values()),
    }
