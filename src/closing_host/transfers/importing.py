"""Bringing one financial year across the border: asked of a source, controlled, published.

The controls run on every ledger alike (P 7.1). What stops an import stops it before anything is stored; after that
the bytes as received and what the source kept are stored, and publishing is one step (`storage.snapshots`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from closing_host.api.context import Connection, ImportRequest, Progress, SourceFile
from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.closing.recognition import Recognised
from closing_host.ledgers.controls import ControlResult, run_controls
from closing_host.runs.runner import Handle
from closing_host.sources.context import running_context
from closing_host.sources.facade import DataSource
from closing_host.storage.audit import Actor, Trail
from closing_host.storage.engagements import Engagement
from closing_host.storage.snapshots import Published, Received
from closing_host.storage.store import Store
from closing_host.transfers.attachments import AttachmentsOutcome
from closing_host.transfers.connections import OpenConnection, renewed_by_use
from closing_host.transfers.recognising import Asked, record

FILE_SIZE_LIMIT: Final = 500 * 2**20
"""Bytes; a SIE file of a million vouchers is a little over half of it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a source brought, not yet stored: the year's ledger, the file it came from and what the source kept."""

    source: DataSource
    ledger: Ledger
    year: FinancialYear
    file: SourceFile | None = None
    kept: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that ended well: its run, what the year now shows, and what the controls said.

    `attachments`: how its second part ended; None for a source that states no receivables and payables.
    `recognised`: what the books say of closing entries, as far as the user is told; `not_asked`: why the source's own
    answer to that is not whole.
    """

    run_id: str
    engagement: Engagement
    published: Published
    ledger: Ledger
    controls: tuple[ControlResult, ...]
    attachments: AttachmentsOutcome | None = None
    recognised: tuple[Recognised, ...] = ()
    not_asked: ClosingError | None = None


async def bring_file(
    source: DataSource, file: SourceFile, progress: Progress, store: Store, *, encoding: str | None = None
) -> Brought:
    """Have a file source read `file`.

    Raises `DataError` `file-too-large` and `year-not-stated`, and what the source raises.
    """
    if (size := file.path.stat().st_size) > FILE_SIZE_LIMIT:
        raise DataError("file-too-large", file=file.name, size=size // 2**20, limit=FILE_SIZE_LIMIT // 2**20)
    request = ImportRequest(file=file, encoding=encoding)
    with running_context(source.id, progress=progress, clock=store.clock, inside=store.folder.tmp) as context:
        ledger = await source.import_ledger(request, Connection(None, None), context)
        return Brought(source, ledger, stated_year(ledger, file.name), file, dict(context.kept))


async def bring_year(opened: OpenConnection, year: FinancialYear | None, progress: Progress, store: Store) -> Brought:
    """Have a connected source bring `year` (None: a source that cannot list its years brings the one it has).

    Raises `DataError` `year-not-stated`, and what the source raises.
    """
    source = opened.source
    with running_context(
        source.id, http=opened.http, progress=progress, clock=store.clock, inside=store.folder.tmp
    ) as context:
        ledger = await source.import_ledger(ImportRequest(year=year), opened.connection, context)
        return Brought(source, ledger, stated_year(ledger, source.info.name), None, dict(context.kept))


async def years_of(opened: OpenConnection, store: Store) -> tuple[FinancialYear, ...]:
    """The financial years that the source states, newest first; empty when it cannot list them."""
    source = opened.source
    if "list_years" not in source.operations:
        return ()
    with running_context(source.id, http=opened.http, clock=store.clock, inside=store.folder.tmp) as context:
        _, years = await source.list_years(opened.connection, context)
    return tuple(sorted(years, key=lambda year: year.start, reverse=True))


async def year_in(opened: OpenConnection, start: date, end: date, store: Store) -> FinancialYear:
    """The source's own record of the financial year from `start` to `end`; ours when the source lists none."""
    for year in await years_of(opened, store):
        if (year.start, year.end) == (start, end):
            return year
    return FinancialYear(0, start, end)


def stated_year(ledger: Ledger, name: str) -> FinancialYear:
    """The ledger's own year. Raises `DataError` when it states none, or one that ends before it begins."""
    year = ledger.year
    if year is None:
        raise DataError("year-not-stated", file=name)
    if year.end < year.start:
        raise DataError("year-reversed", file=name, start=year.start, end=year.end)
    return year


def control(ledger: Ledger, engagement: Engagement) -> tuple[ControlResult, ...]:
    """Run the import controls. Raises `DataError` with the finding of a control that stops the import (I09)."""
    results = run_controls(ledger, expected_organisation_number=engagement.organisation_number)
    for result in results:
        if result.stops:
            first = result.findings[0]
            parameters: dict[str, Any] = dict(first.parameters)
            raise DataError(first.code, **parameters)
    return results


async def publish(
    store: Store,
    engagement: Engagement,
    brought: Brought,
    controls: tuple[ControlResult, ...],
    handle: Handle,
    actor: Actor,
    asked: Asked | None = None,
) -> Imported:
    """Store what was brought and make it what its year shows, also when it is what the year shows already.

    In the same transaction the closing entries are recognised in it (`asked`: what the source answered; None for a
    file), the run ends, and the engagement's connection, if it came by one, gets its 30 days.
    """
    published, recognised = await asyncio.to_thread(
        _publish, store, engagement, brought, controls, handle, actor, asked
    )
    imported = Imported(handle.run_id, engagement, published, brought.ledger, controls, recognised=recognised)
    return imported if asked is None else replace(imported, not_asked=asked.problem)


def _publish(
    store: Store,
    engagement: Engagement,
    brought: Brought,
    controls: tuple[ControlResult, ...],
    handle: Handle,
    actor: Actor,
    asked: Asked | None,
) -> tuple[Published, tuple[Recognised, ...]]:
    raw = None
    if brought.file is not None:
        with brought.file.path.open("rb") as file:
            raw = store.blobs.put(file)
    received = Received(
        ledger=brought.ledger,
        year_start=brought.year.start,
        year_end=brought.year.end,
        source_id=brought.source.id,
        source_version=brought.source.version,
        raw=raw,
        kept={name: store.blobs.put(content) for name, content in brought.kept.items()},
        provenance=provenance(brought),
        controls=[summary(each) for each in controls],
    )
    recognised: tuple[Recognised, ...] = ()

    def also(trail: Trail) -> None:
        nonlocal recognised
        _used(trail, engagement, brought.source)
        as_of = brought.ledger.provenance.generated_on if brought.file else None
        look = asked.look if asked else None
        recognised = record(
            trail, engagement.id, brought.year.start, brought.ledger, look, as_of=as_of, run_id=handle.run_id
        )

    handle.beat()
    published = store.snapshots.publish(
        engagement.id, received, run_id=handle.run_id, owner=handle.owner, actor=actor, also=also
    )
    return published, recognised


def _used(trail: Trail, engagement: Engagement, source: DataSource) -> None:
    """A file from elsewhere says nothing of the connection; only its own source's import does (P 7.7)."""
    if "authorize" in source.operations:
        renewed_by_use(trail, engagement.id, "import")


def provenance(brought: Brought) -> dict[str, Any]:
    """Where the books came from, for the snapshot's record: names and figures, JSON values."""
    stated = brought.ledger.provenance
    return {
        "file": brought.file.name if brought.file else "",
        "format": stated.format,
        "program": stated.program,
        "program_version": stated.program_version,
        "generated_on": stated.generated_on.isoformat() if stated.generated_on else None,
        "encoding": stated.encoding,
        "checksum": stated.checksum,
        "sha256": stated.sha256,
        "size": stated.size,
    }


def summary(result: ControlResult) -> dict[str, Any]:
    """A control's result for the snapshot's record: codes and figures, no words, so that any language can show it."""
    return {
        "id": result.id,
        "outcome": result.outcome,
        "severity": result.severity,
        "count": result.count,
        "reason": result.reason,
        "parameters": {name: str(value) for name, value in result.parameters.items()},
        "findings": [
            {"code": each.code, "parameters": {name: str(value) for name, value in each.parameters.items()}}
            for each in result.findings
        ],
    }
