"""Importing: a file finds its engagement by organisation number; a connected engagement brings its own years."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from closing_host.api.context import Progress, SourceFile
from closing_host.api.errors import DataError
from closing_host.api.ledger import Company, FinancialYear, Ledger
from closing_host.engagements.attachment_making import after_import
from closing_host.engagements.host import Host
from closing_host.engagements.register import new_engagement
from closing_host.engagements.system_making import follow
from closing_host.ledgers import organisation
from closing_host.runs.runner import Handle, Task, carry_out
from closing_host.sources.facade import DataSource
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements
from closing_host.storage.runs import Runs
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.importing import (
    Brought,
    Imported,
    bring_file,
    bring_year,
    control,
    publish,
    years_of,
)
from closing_host.transfers.recognising import ask

HEAD_BYTES: Final = 4096
"""How much of a file a source sees to recognise it."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a file goes: into `engagement_id`, else to the one with its organisation number; `create` opens one
    when there is none."""

    engagement_id: int | None = None
    create: bool = False


async def import_file(
    host: Host,
    path: Path,
    placing: Placing,
    *,
    encoding: str | None = None,
    watch: Progress | None = None,
    name: str = "",
    queued: str | None = None,
) -> Imported:
    """Import one file as a run of its own. Nothing is stored unless all of it is right.

    Afterwards the system entries follow the books, as they do after every import.

    `name`: what the file is called, where it lies under another name. `queued`: the run that was recorded for it.

    Raises `DataError` and what the source raises; `run-active` when the same year is being imported.
    """

    async def work(handle: Handle) -> Imported:
        brought = await bring_file(
            source_of(host, path, name=name),
            SourceFile(name or path.name, path),
            handle.progress,
            host.store,
            encoding=encoding,
        )
        engagement = place(host, brought, placing)
        controls = control(brought.ledger, engagement)
        take_year(host, engagement, brought, handle)
        return await publish(host.store, engagement, brought, controls, handle, host.actor)

    task = Task("import", engagement_id=placing.engagement_id)
    imported = await carry_out(host.store, host.actor, task, work, watch=watch, queued=queued)
    await asyncio.to_thread(follow, host, imported.engagement.id)
    return imported


async def import_connected(
    host: Host, engagement_id: int, *, years: Collection[str] = (), watch: Progress | None = None
) -> AsyncIterator[Imported]:
    """Import from the engagement's own source, each year as a run of its own; yields each as it is done.

    What is on the way to the source is settled first, and the closing entries are recognised in the books. After a
    year's books its attachments are made, where the source states them: a second run, whose failure stands in
    what is yielded and leaves the import as it is.

    `years`: financial years by where they begin or end (`2025`, `2025-06`). By default the newest that has begun,
    and the one before it when there are no books of it yet, for comparison. Raises `Expired` when the connection
    cannot be used, `WrongCompany` when the login reaches another company now, `DataError` `year-unknown`, and what
    the source raises.
    """
    if "authorize" in host.sources.source(_engagement(host, engagement_id).source_id).operations:
        await host.connections.check(engagement_id, host.actor)
    async with host.connections.open(engagement_id) as opened:
        for year in await _chosen(host, engagement_id, opened, years):
            yield await _import_year(host, engagement_id, opened, year, watch)


async def read_live(host: Host, engagement_id: int, like: FinancialYear | None, *, watch: Progress) -> Brought:
    """What the engagement's source states now of the year that `like` is; nothing is stored, nothing renewed.

    Raises as `import_connected` does.
    """
    async with host.connections.open(engagement_id, lane="interactive") as opened:
        stated = await years_of(opened, host.store)
        wanted = [f"{like.end}"] if like is not None else []
        year = (await _chosen(host, engagement_id, opened, wanted))[-1] if stated else None
        return await bring_year(opened, year, watch, host.store)


async def _import_year(
    host: Host, engagement_id: int, opened: OpenConnection, year: FinancialYear | None, watch: Progress | None
) -> Imported:
    async def work(handle: Handle) -> Imported:
        engagement = _engagement(host, engagement_id)
        brought = await bring_year(opened, year, handle.progress, host.store)
        controls = control(brought.ledger, engagement)
        take_year(host, engagement, brought, handle)
        asked = await ask(
            host.store,
            opened,
            engagement_id,
            year or brought.year,
            brought.ledger,
            host.actor,
            sleep=host.sleep,
            run_id=handle.run_id,
        )
        return await publish(host.store, engagement, brought, controls, handle, host.actor, asked)

    task = Task("import", engagement_id)
    if year is not None:
        task = Task("import", engagement_id, year.start, lock_key(engagement_id, year.start))
    imported = await carry_out(host.store, host.actor, task, work, watch=watch)
    await asyncio.to_thread(follow, host, engagement_id)
    return await after_import(host, opened, imported, year, watch=watch)


async def _chosen(
    host: Host, engagement_id: int, opened: OpenConnection, wanted: Collection[str]
) -> list[FinancialYear | None]:
    """The years to import, oldest first."""
    stated = await years_of(opened, host.store)
    if not stated:
        return [None]
    if wanted:
        found = {each: _matching(stated, each) for each in wanted}
        for each, year in found.items():
            if year is None:
                known = ", ".join(f"{one.start} – {one.end}" for one in stated)
                raise DataError("year-unknown", year=each, name=opened.source.info.name, years=known)
        chosen = {year.start: year for year in found.values() if year is not None}
        return [chosen[start] for start in sorted(chosen)]
    today = host.store.clock().date()
    begun = [each for each in stated if each.start <= today] or list(stated[-1:])
    with host.store.database.read() as connection:
        known_starts = {
            each.year_start for each in EngagementRecords(connection, engagement_id).years() if each.current_snapshot_id
        }
    before = [each for each in begun[1:2] if each.start not in known_starts]
    return [*before, begun[0]]


def _matching(stated: Collection[FinancialYear], wanted: str) -> FinancialYear | None:
    for moment in ("end", "start"):
        for each in stated:
            if getattr(each, moment).isoformat().startswith(wanted):
                return each
    return None


def _engagement(host: Host, engagement_id: int) -> Engagement:
    with host.store.database.read() as connection:
        return Engagements(connection).get(engagement_id)


def source_of(host: Host, path: Path, *, name: str = "") -> DataSource:
    """The file source that recognises the file, called `name` where it is told.

    Raises `DataError` `file-unreadable` or `file-not-recognised`.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise DataError("file-unreadable", file=name or str(path), detail=error.strerror or "") from error
    for source in host.sources.sources.values():
        files = source.info.files
        if files is not None and source.recognises(head):
            return source
    suffixes = sorted(
        {suffix for each in host.sources.sources.values() if each.info.files for suffix in each.info.files.suffixes}
    )
    raise DataError("file-not-recognised", file=name or path.name, suffixes=", ".join(suffixes))


def place(host: Host, brought: Brought, placing: Placing) -> Engagement:
    """The engagement that the books belong to (P 7.1 I09).

    Raises `DataError`: `engagement-not-stated` when neither the user nor the file names a company,
    `engagement-missing` when there is none for its number, `other-company` when it is another than the user named.
    """
    with host.store.database.read() as connection:
        engagements = Engagements(connection)
        if placing.engagement_id is not None:
            return engagements.get(placing.engagement_id)
        company = brought.ledger.company
        number = organisation.normalise(company.organisation_number)
        found = engagements.by_organisation_number(number) if number else ()
    name = brought.file.name if brought.file else brought.source.info.name
    if found:
        return found[0]
    if placing.create:
        return _opened(host, brought.source, company)
    if not number:
        raise DataError("engagement-not-stated", file=name)
    raise DataError(
        "engagement-missing", file=name, company=company.name, number=organisation.display(company.organisation_number)
    )


def take_year(host: Host, engagement: Engagement, brought: Brought, handle: Handle) -> None:
    """Make the run the engagement's and the year's own; add a year that is new, keep what the books newly tell.

    Raises `ClosingError` `run-active` when another run imports the same year, `year-overlaps` for a year that
    overlaps a known one.
    """
    year = brought.year
    with host.store.database.write() as connection:
        runs = Runs(connection, host.store.clock)
        runs.assign(handle.run_id, engagement.id, year.start, lock_key=lock_key(engagement.id, year.start))
        trail = host.store.trail(connection, host.actor)
        records = EngagementRecords(connection, engagement.id)
        for known in records.years():
            if known.year_start != year.start and known.year_start <= year.end and year.start <= known.year_end:
                raise DataError(
                    "year-overlaps",
                    year=f"{year.start} – {year.end}",
                    known=f"{known.year_start} – {known.year_end}",
                    name=engagement.name,
                )
        records.add_year(trail, year.start, year.end)
        if not engagement.form and (form := brought.ledger.company.form.strip()[:10]):
            records.set_form(trail, form)
        if engagement.organisation_number is None and (number := _valid_number(brought.ledger)):
            if others := Engagements(connection).by_organisation_number(number):
                raise DataError(
                    "engagement-exists",
                    engagement=others[0].id,
                    name=others[0].name,
                    number=organisation.display(number),
                )
            records.set_organisation_number(trail, number)


def lock_key(engagement_id: int, year_start: object) -> str:
    """What only one import at a time may hold: the engagement's year (P 7.9)."""
    return f"import:{engagement_id}:{year_start}"


def _opened(host: Host, source: DataSource, company: Company) -> Engagement:
    """An engagement as the books state the company. A number that is not Swedish is left out."""
    number = company.organisation_number
    return new_engagement(
        host,
        company.name or organisation.display(number) or source.info.name,
        organisation_number="" if organisation.check(number) else number,
        source_id=source.id,
        form=company.form,
    )


def _valid_number(ledger: Ledger) -> str | None:
    number = ledger.company.organisation_number
    return None if organisation.check(number) else organisation.normalise(number)
