"""Proving that what is stored is what was stored: the audit chain, every snapshot's fingerprint, every blob."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from closing_host.api.errors import ClosingError
from closing_host.ledgers.canonical import fingerprint
from closing_host.storage.anchor import Head
from closing_host.storage.attachment_proof import attachments_not_in_trail, notes_not_in_trail
from closing_host.storage.audit import Action, ChainReport, verify_chain
from closing_host.storage.database import Connection
from closing_host.storage.entry_proof import entries_not_in_trail
from closing_host.storage.own_attachment_proof import attached_files_not_in_trail, own_attachments_not_in_trail
from closing_host.storage.period_proof import locks_not_in_trail, records_not_in_trail
from closing_host.storage.snapshot_records import Snapshot, snapshot_of, with_pointer
from closing_host.storage.store import Store
from closing_host.storage.sweep import named_blobs
from closing_host.storage.tables import audit, snapshot


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be: a message code and its parameters."""

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at and what was found; `problems` in the order of looking, so the first is the first break."""

    head: Head
    snapshots: int
    blobs: int
    problems: tuple[Problem, ...]


def verify(store: Store, *, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Recompute everything, as of one instant. `progress(done, total)` counts snapshots and blobs.

    Problems: `audit-gap`, `-link`, `-content`, `-cut`, `-rewritten` (by `BrokenLink.reason`) and
    `audit-anchor-missing`; `snapshot-record-missing`, `snapshot-not-in-trail`
    and `pointer-not-in-trail`, because the trail holds each import's fingerprint and each choice of the current one;
    `snapshot-changed` (its content has another fingerprint); `entry-not-in-trail`, `own-attachment-not-in-trail`,
    `attached-file-not-in-trail`, `attachment-not-in-trail`, `note-not-in-trail`, `lock-not-in-trail`,
    `account-not-in-trail`; and what reading raises: `ledger-missing`, `ledger-damaged`, `blob-missing`, `blob-damaged`.
    """
    anchor = store.anchor.read()  # before the transaction begins: then it cannot be ahead of what that sees
    with store.database.read() as connection:
        chain = verify_chain(connection, anchor)
        snapshots = tuple(
            snapshot_of(row) for row in connection.execute(with_pointer().order_by(snapshot.c.id)).mappings()
        )
        blobs = named_blobs(connection)
        problems = [*_of_chain(chain, anchor), *_of_records(connection, snapshots)]
        problems += _of_attachments(connection)
        problems += _of_own_attachments(connection)
        problems += _of_periods(connection)
        problems += (Problem("entry-not-in-trail", {"entry": key}) for key in entries_not_in_trail(connection))
    total = len(snapshots) + len(blobs)
    checks = [*(_snapshot_check(store, each) for each in snapshots), *(_blob_check(store, sha) for sha in blobs)]
    for done, check in enumerate(checks, start=1):
        if (problem := check()) is not None:
            problems.append(problem)
        if progress is not None:
            progress(done, total)
    return Verification(chain.head, len(snapshots), len(blobs), tuple(problems))


def _of_chain(chain: ChainReport, anchor: Head | None) -> Iterator[Problem]:
    if chain.broken is not None:
        yield Problem(f"audit-{chain.broken.reason}", {"event": chain.broken.seq})
    if anchor is None:
        yield Problem("audit-anchor-missing")


def _of_records(connection: Connection, snapshots: tuple[Snapshot, ...]) -> Iterator[Problem]:
    """Compare the records with what the trail says was published and shown."""
    published: dict[int, str] = {}
    shown: dict[tuple[int, date], int] = {}
    known = {each.id: each for each in snapshots}
    told = (
        select(audit.c.object, audit.c.action, audit.c.after_hash)
        .where(audit.c.action.in_((Action.IMPORT_PUBLISHED, Action.SNAPSHOT_MADE_CURRENT)))
        .order_by(audit.c.seq)
    )
    for event in connection.execute(told):
        key = int(event.object.removeprefix("snapshot:"))
        if key not in known:
            yield Problem("snapshot-record-missing", {"snapshot": key})
            continue
        if event.action == Action.IMPORT_PUBLISHED:
            published[key] = event.after_hash
        shown[known[key].engagement_id, known[key].year_start] = key
    for each in snapshots:
        if published.get(each.id) != each.fingerprint:
            yield Problem("snapshot-not-in-trail", {"snapshot": each.id})
        if each.current and shown.get((each.engagement_id, each.year_start)) != each.id:
            yield Problem(
                "pointer-not-in-trail", {"snapshot": each.id, "engagement": each.engagement_id, "year": each.year_start}
            )


def _of_attachments(connection: Connection) -> Iterator[Problem]:
    for each in attachments_not_in_trail(connection):
        yield Problem("attachment-not-in-trail", {"made": each})
    for notes, document in notes_not_in_trail(connection):
        yield Problem("note-not-in-trail", {"notes": notes, "record": document})


def _of_own_attachments(connection: Connection) -> Iterator[Problem]:
    for key in own_attachments_not_in_trail(connection):
        yield Problem("own-attachment-not-in-trail", {"attachment": key})
    for engagement, year, number in attached_files_not_in_trail(connection):
        yield Problem("attached-file-not-in-trail", {"engagement": engagement, "year": year, "number": number})


def _of_periods(connection: Connection) -> Iterator[Problem]:
    for key in locks_not_in_trail(connection):
        yield Problem("lock-not-in-trail", {"lock": key})
    for name in records_not_in_trail(connection):
        yield Problem("account-not-in-trail", {"record": name})


def _snapshot_check(store: Store, each: Snapshot) -> Callable[[], Problem | None]:
    def check() -> Problem | None:
        try:
            found = fingerprint(store.ledgers.read(each.ledger_sha))
        except ClosingError as error:
            return Problem(error.code, {**error.parameters, "snapshot": each.id})
        return None if found == each.fingerprint else Problem("snapshot-changed", {"snapshot": each.id})

    return check


def _blob_check(store: Store, sha: str) -> Callable[[], Problem | None]:
    def check() -> Problem | None:
        try:
            store.blobs.verify(sha)
        except ClosingError as error:
            return Problem(error.code, error.parameters)
        return None

    return check
