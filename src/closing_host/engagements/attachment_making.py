"""Making attachments: an import's second part, and the same again by itself (*Försök igen*).

Each is a run of its own beside books that are published already, so whatever happens here leaves them as they are.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from closing_host.api.context import Progress
from closing_host.api.errors import CapabilityMissing, ClosingError, DataError
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.api.subledger import Attachments, OpenItems, Side, SubLedger
from closing_host.closing import attachment_of
from closing_host.closing.attachment_days import day_to_make
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.books import open_books
from closing_host.engagements.host import Host
from closing_host.runs.runner import Handle, Task, carry_out
from closing_host.storage.attachment_facts import put_facts
from closing_host.storage.attachment_notes import ChosenAccounts
from closing_host.storage.attachments import (
    AttachmentVersion,
    AttachmentVersions,
    NewVersion,
    failed,
    store_versions,
)
from closing_host.storage.audit import Trail
from closing_host.storage.periods import locked_through
from closing_host.storage.snapshot_records import Snapshot
from closing_host.transfers.attachments import AttachmentsOutcome, bring_attachments
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.importing import Imported, year_in

USUAL: Final[Mapping[Side, tuple[str, ...]]] = {"receivables": ("1510",), "payables": ("2440",)}
"""The accounts of P 7.4, for as long as nothing else is known."""

_LOG: Final = logging.getLogger(__name__)


async def after_import(
    host: Host,
    opened: OpenConnection,
    imported: Imported,
    year: FinancialYear | None,
    *,
    watch: Progress | None = None,
) -> Imported:
    """The import with its second part done, through the same open connection; only a cancellation gets out of it.

    `year`: as the source lists it. The attachments of a year that is locked to its end are left as they are.
    """
    if "attachments" not in opened.source.operations:
        return imported
    accounts = _accounts(USUAL)
    try:
        snapshot = imported.published.snapshot
        accounts = _accounts(known_accounts(host, snapshot))
        if "attachments" in host.connections.view(snapshot.engagement_id).without:
            outcome = AttachmentsOutcome("without", accounts)
        elif day_to_make(snapshot.year_end, _locked_through(host, snapshot)) is None:
            outcome = AttachmentsOutcome("locked", accounts)
        else:
            year = year or FinancialYear(0, snapshot.year_start, snapshot.year_end)
            made = await make(host, opened, snapshot, imported.ledger, year, watch)
            outcome = AttachmentsOutcome("made", _accounts({each.side: each.control_accounts for each in made}), made)
    except ClosingError as error:
        outcome = AttachmentsOutcome("failed", accounts, error=error)
    except Exception as error:
        _LOG.exception("the attachments of an import failed")
        fault = ClosingError("unexpected-fault", detail=type(error).__name__)
        outcome = AttachmentsOutcome("failed", accounts, error=fault)
    return replace(imported, attachments=outcome)


async def retry_attachments(
    host: Host, reference: str, *, watch: Progress | None = None
) -> tuple[AttachmentVersion, ...]:
    """*Försök igen*: make the attachments of the current books of `reference`, and nothing else.

    Raises `ClosingError` `attachments-not-current`, `attachments-locked`, `run-active`; `CapabilityMissing` for a
    source or company without; and what the connection, the source and the rules raise.
    """
    books = open_books(host, reference)
    snapshot = books.snapshot
    if not snapshot.current:
        raise ClosingError("attachments-not-current", snapshot=snapshot.id, name=books.engagement.name)
    if day_to_make(snapshot.year_end, _locked_through(host, snapshot)) is None:
        raise ClosingError("attachments-locked", as_at=snapshot.year_end)
    source = host.sources.source(books.engagement.source_id)
    if "attachments" not in source.operations:
        raise CapabilityMissing("attachments-not-offered", source=source.info.name)
    if "attachments" in host.connections.view(books.engagement.id).without:
        raise CapabilityMissing("attachments-without", name=books.engagement.name)
    if "authorize" in source.operations:
        await host.connections.check(books.engagement.id, host.actor)
    async with host.connections.open(books.engagement.id, lane="interactive") as opened:
        year = await year_in(opened, snapshot.year_start, snapshot.year_end, host.store)
        return await make(host, opened, snapshot, books.ledger, year, watch)


def known_accounts(host: Host, snapshot: Snapshot) -> dict[Side, tuple[str, ...]]:
    """The control accounts of both sides as far as known: chosen, or of the newest version, or the usual ones."""
    latest = {each.side: each.control_accounts for each in newest_made(versions_of_year(host, snapshot))}
    return {**USUAL, **latest, **_chosen(host, snapshot.engagement_id)}


async def make(
    host: Host,
    opened: OpenConnection,
    snapshot: Snapshot,
    ledger: Ledger,
    year: FinancialYear,
    watch: Progress | None,
) -> tuple[AttachmentVersion, ...]:
    """Ask the source and store a new version of both sides beside `snapshot`, whose books `ledger` are.

    Raises what the source and the rules raise; then the version that is stored says so.
    """

    async def work(handle: Handle) -> tuple[AttachmentVersion, ...]:
        chosen = await asyncio.to_thread(_chosen, host, snapshot.engagement_id)
        try:
            facts = await bring_attachments(opened, year, handle.progress, host.store, control_accounts=chosen)
            made = await asyncio.to_thread(_computed, host, ledger, facts, chosen)
        except ClosingError as error:
            known = await asyncio.to_thread(known_accounts, host, snapshot)
            refused = [failed(side, snapshot.year_end, accounts, error) for side, accounts in known.items()]
            await asyncio.to_thread(stored, host, snapshot, refused, handle, error=error)
            raise
        handle.beat()
        return await asyncio.to_thread(stored, host, snapshot, made, handle)

    return await carry_out(host.store, host.actor, task_of(snapshot), work, watch=watch)


def task_of(snapshot: Snapshot) -> Task:
    """The run: only one at a time for each year."""
    key = f"attachments:{snapshot.engagement_id}:{snapshot.year_start}"
    return Task("attachments", snapshot.engagement_id, snapshot.year_start, key)


def _computed(
    host: Host, ledger: Ledger, facts: Attachments, chosen: Mapping[Side, tuple[str, ...]]
) -> list[NewVersion]:
    """Both sides or none: what cannot be made for one is told before anything is stored."""
    if not facts:
        raise DataError("attachments-nothing-stated")
    return [version_from(host, ledger, facts[side], chosen) for side in USUAL if side in facts]


def version_from(
    host: Host,
    ledger: Ledger,
    facts: SubLedger | OpenItems,
    chosen: Mapping[Side, tuple[str, ...]],
) -> NewVersion:
    """The version of one side, its facts stored. `chosen`: control accounts instead of the source's own."""
    made = attachment_of(ledger, facts, control_accounts=chosen.get(facts.side, ()))
    sums = made.reconciliation
    return NewVersion(
        made.side,
        made.as_at,
        made.control_accounts,
        put_facts(host.store.blobs, facts),
        made.final,
        sums.open,
        sums.ledger,
        sums.difference,
    )


def stored(
    host: Host,
    snapshot: Snapshot,
    made: Sequence[NewVersion],
    handle: Handle,
    *,
    error: ClosingError | None = None,
    also: Callable[[Trail], None] | None = None,
) -> tuple[AttachmentVersion, ...]:
    """End the run with a new version, as `store_versions`."""
    return store_versions(
        host.store,
        snapshot.engagement_id,
        snapshot.id,
        made,
        run_id=handle.run_id,
        owner=handle.owner,
        actor=host.actor,
        error=error,
        also=also,
    )


def versions_of_year(host: Host, snapshot: Snapshot) -> tuple[AttachmentVersion, ...]:
    """All versions of the snapshot's year, newest first."""
    with host.store.database.read() as connection:
        return AttachmentVersions(connection, snapshot.engagement_id).all(snapshot.year_start)


def _locked_through(host: Host, snapshot: Snapshot) -> date | None:
    with host.store.database.read() as connection:
        return locked_through(connection, snapshot.engagement_id, snapshot.year_start)


def _chosen(host: Host, engagement_id: int) -> dict[Side, tuple[str, ...]]:
    with host.store.database.read() as connection:
        return ChosenAccounts(connection, engagement_id).all()


def _accounts(by_side: Mapping[Side, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(account for side in USUAL for account in by_side.get(side, ()))
