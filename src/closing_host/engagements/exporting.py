"""Exporting closing entries: dry run, export, going on with what waits, and how it stands (P 7.6)."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.api.context import Progress
from closing_host.api.errors import ClosingError
from closing_host.closing.entries import EXPORTABLE, ClosingEntry
from closing_host.closing.preflight import Preflight, preflight
from closing_host.engagements.export_selection import (
    Selected,
    facts_of,
    found_already,
    outdated_entries,
    select,
    signed_off_changes,
    terms_of,
    unusable,
)
from closing_host.engagements.host import Host
from closing_host.engagements.importing import lock_key
from closing_host.ledgers import organisation
from closing_host.runs.runner import Handle, Task, carry_out, sweep
from closing_host.storage.audit import Action
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.engagements import Engagement, EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_records import Batch
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting.batch import drive
from closing_host.transfers.exporting.desk import new_owner, take_batch
from closing_host.transfers.exporting.freeze import approval_of, freeze, order
from closing_host.transfers.exporting.payload import Recipient
from closing_host.transfers.exporting.views import BatchView, batch_view


class NotApproved(ClosingError):
    """Nothing was exported, because of what the checks found: `preflight` says what.

    `export-blocked`: no entry can go. `export-warnings`: the user has not ticked the warnings.
    """

    code = "export-blocked"
    exit_code = 5

    def __init__(self, code: str, checked: Preflight) -> None:
        super().__init__(code)
        self.preflight: Final = checked


@dataclass(frozen=True, slots=True)
class Choices:
    """What an export dialog offers: the entries that can be exported, in their order, and what was chosen last."""

    entries: tuple[ClosingEntry, ...]
    series: Mapping[str, str]
    unlockable: frozenset[str]


def choices(host: Host, engagement_id: int, year_start: date) -> Choices:
    """What the dialog of one year begins with. Raises `ClosingError` `engagement-unknown`."""
    with host.store.database.read() as connection:
        engagement = EngagementRecords(connection, engagement_id).engagement()
        entries = EntryRecords(connection, engagement_id).all(year_start)
        series, unlockable = Journal(connection, engagement_id).choice(engagement.source_id)
    able = (each for each in entries if each.status in EXPORTABLE)
    return Choices(tuple(sorted(able, key=order)), series, unlockable)


def mark_unlockable(host: Host, engagement_id: int, series: Collection[str]) -> None:
    """Say which of the company's series are *Ej låsbar bokslutsserie*: a lock date is then a warning (E08)."""
    crashpoint("export.before_choice")
    with host.store.database.write() as connection:
        source_id = EngagementRecords(connection, engagement_id).engagement().source_id
        journal = Journal(connection, engagement_id)
        journal.choose(source_id, journal.choice(source_id)[0], series)
        host.store.trail(connection, host.actor).append(
            Action.EXPORT_CHOICE,
            engagement_id=engagement_id,
            object=f"engagement:{engagement_id}",
            details={"source": source_id, "unlockable": sorted(series)},
        )
    crashpoint("export.after_choice")


async def dry_run(
    host: Host,
    engagement_id: int,
    year_start: date,
    *,
    entries: Collection[int] | None = None,
    series: str = "",
    series_s: str | None = None,
) -> Preflight:
    """*Förhandskontroll*: what would stand in the way. Writes nothing, neither here nor in the source.

    A connection that cannot be used is one of its findings (E14). Raises `CapabilityMissing`, `export-nothing`, and
    what the source raises.
    """
    selected = select(host, engagement_id, year_start, entries, series, series_s)
    problem = unusable(host, selected)
    changed = await asyncio.to_thread(signed_off_changes, host, selected)
    outdated = await asyncio.to_thread(outdated_entries, host, selected)
    if problem is not None:
        facts = facts_of(selected, None, changed=changed, outdated=outdated, problem=problem)
        return preflight(selected.entries, None, facts)
    async with host.connections.open(engagement_id, lane="interactive") as opened:
        year, terms = await terms_of(host, opened, selected)
        found = await found_already(host, opened, selected, year, terms)
        facts = facts_of(selected, opened, changed=changed, outdated=outdated, found=found)
        return preflight(selected.entries, terms, facts)


async def export(
    host: Host,
    engagement_id: int,
    year_start: date,
    *,
    entries: Collection[int] | None = None,
    series: str,
    series_s: str | None = None,
    accepted_warnings: bool,
    approval: str,
    watch: Progress | None = None,
) -> BatchView:
    """Check, approve and send: what is wrong with an entry keeps that entry, the first failure stops the rest.

    `entries`: ids, by default all that can go. `series_s`: another series for S. `approval` names this one approval:
    the same again, from another tab or process, is the same batch. Returns how it stands when there is nothing more
    to do now: booked, stopped, or waiting (`next_look`) for what became of a lost answer.

    Raises `NotApproved`, `CapabilityMissing`, `Expired` with the words of P 0, `WrongCompany`, `ClosingError`
    `export-nothing`, `export-active` (another approval is under way), `run-active` (an import is), and what the
    source raises while nothing is approved yet.
    """
    approved = await approve(
        host,
        engagement_id,
        year_start,
        entries=entries,
        series=series,
        series_s=series_s,
        accepted_warnings=accepted_warnings,
        approval=approval,
    )
    return await go_on(host, approved.engagement_id, approved.id, watch=watch)


async def approve(
    host: Host,
    engagement_id: int,
    year_start: date,
    *,
    entries: Collection[int] | None = None,
    series: str,
    series_s: str | None = None,
    accepted_warnings: bool,
    approval: str,
) -> BatchView:
    """The first half of `export`, for whoever sends in the background: check and approve; `go_on` sends.

    Nothing has been sent when it returns, and nothing is lost if nobody goes on: the batch is due. Raises as `export`.
    """
    with host.store.database.read() as connection:
        batch = Journal(connection, engagement_id).approved(approval)
    if batch is None:
        sweep(host.store)  # what a dead process left must not stand in the way
        selected = select(host, engagement_id, year_start, entries, series, series_s)
        batch = await _approved(host, selected, approval, accepted_warnings=accepted_warnings)
    return find_batch(host, batch.engagement_id, batch.id)


async def resume(host: Host, engagement_id: int, *, watch: Progress | None = None) -> tuple[BatchView, ...]:
    """Do whatever is due now: take over what a dead process left, look for lost answers, go on, look a last time.

    Returns the batches that were worked on and those still under way, newest first.
    """
    sweep(host.store)
    told = []
    for view in status(host, engagement_id):
        if view.due(host.store.clock()):
            told.append(await go_on(host, engagement_id, view.id, watch=watch))
        elif view.active:
            told.append(view)
    return tuple(told)


def status(host: Host, engagement_id: int) -> tuple[BatchView, ...]:
    """Every batch of the engagement, newest first."""
    with host.store.database.read() as connection:
        journal = Journal(connection, engagement_id)
        return tuple(batch_view(each, journal.vouchers(each.id)) for each in journal.batches())


def find_batch(host: Host, engagement_id: int, batch_id: int) -> BatchView:
    """One batch of the engagement. Raises `ClosingError` `export-unknown`."""
    with host.store.database.read() as connection:
        journal = Journal(connection, engagement_id)
        return batch_view(journal.batch(batch_id), journal.vouchers(batch_id))


async def _approved(host: Host, selected: Selected, approval: str, *, accepted_warnings: bool) -> Batch:
    engagement_id = selected.engagement.id
    if (problem := unusable(host, selected)) is not None:
        raise problem
    async with _reached(host, selected.engagement) as opened:
        year, terms = await terms_of(host, opened, selected)
    changed = await asyncio.to_thread(signed_off_changes, host, selected)
    outdated = await asyncio.to_thread(outdated_entries, host, selected)
    checked = preflight(selected.entries, terms, facts_of(selected, opened, changed=changed, outdated=outdated))
    if checked.state == "blocked":
        raise NotApproved("export-blocked", checked)
    if checked.state == "tick" and not accepted_warnings:
        raise NotApproved("export-warnings", checked)
    sendable = [each for each in selected.entries if each.id in checked.sendable]
    account = opened.connection.account
    recipient = Recipient(
        selected.source.id,
        account.id if account else terms.account_id,
        organisation.normalise(selected.engagement.organisation_number or ""),
    )
    approved = approval_of(approval, recipient, year, selected.series, sendable, terms)
    key = lock_key(engagement_id, year.start)
    return freeze(host.store, host.actor, engagement_id, approved, lock_key=key)


async def go_on(host: Host, engagement_id: int, batch_id: int, *, watch: Progress | None = None) -> BatchView:
    """Work on the batch if something of it is due and nobody else does, here or in another process; how it stands then.

    Raises `ClosingError` `export-unknown`, also for another engagement's.
    """
    view = find_batch(host, engagement_id, batch_id)
    if not view.due(host.store.clock()):
        return view

    async def work(handle: Handle) -> None:
        with host.store.database.read() as connection:
            batch = Journal(connection, engagement_id).batch(batch_id)
            engagement = EngagementRecords(connection, engagement_id).engagement()
        desk = take_batch(host.store, host.actor, batch, sleep=host.sleep, owner=new_owner(), run_id=handle.run_id)
        if desk is not None:
            await drive(desk, lambda: _reached(host, engagement), lambda done, total: handle.progress("", done, total))

    task = Task("export", engagement_id, view.year_start, lock_key(engagement_id, view.year_start))
    try:
        await carry_out(host.store, host.actor, task, work, watch=watch)
    except ClosingError as error:
        if error.code not in ("run-active", "run-not-yours"):  # somebody else is at it, or has taken it over
            raise
    return find_batch(host, engagement_id, batch_id)


@asynccontextmanager
async def _reached(host: Host, engagement: Engagement) -> AsyncIterator[OpenConnection]:
    """The way to the engagement's source, once it has said that the login still reaches the same company."""
    if "authorize" in host.sources.source(engagement.source_id).operations:
        # Which company it is, and nothing more: what the login may do, the source says when it is asked to.
        await host.connections.check(engagement.id, host.actor, operations=frozenset())
    async with host.connections.open(engagement.id, lane="interactive") as opened:
        yield opened
