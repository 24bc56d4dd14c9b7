"""`closing import`: files into their engagements."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from closing_host.api.errors import ClosingError, DataError, Expired
from closing_host.cli import output
from closing_host.cli.changes import show_since, since_data, since_import
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host
    from closing_host.transfers.importing import Imported


def import_(
    *files: Path,
    engagement: Annotated[str | None, Parameter(name=["--engagement", "-e"], help="Number, number or name.")] = None,
    new: Annotated[bool, Parameter(negative="", help="Open an engagement for a company that has none.")] = False,
    encoding: Annotated[str | None, Parameter(help="Read as this encoding instead of what the bytes say.")] = None,
    everyone: Annotated[
        bool, Parameter(name="--all", negative="", help="Import every connected engagement from its source.")
    ] = False,
    year: Annotated[tuple[str, ...], Parameter(help="From a source: financial years, by where they end.")] = (),
) -> int:
    """Import files, each into the engagement whose organisation number it states; or, without files, from sources.

    `--engagement X` without files imports from its connected data source, `--all` every connected engagement. Every
    file and year is a run of its own; one that fails leaves the books as they were and does not stop the others.
    Exit code: 0, or that of the last that failed.

    Parameters
    ----------
    files
        SIE files of type 1-4.
    """
    from closing_host.engagements.importing import Placing, import_file
    from closing_host.engagements.register import find_engagement

    code = 0
    results: list[dict[str, Any]] = []
    with house() as host:
        client = find_engagement(host, engagement).id if engagement is not None else None
        if not files:
            return _from_sources(host, client, everyone=everyone, years=year)
        for path in files:
            try:
                with output.progress(path.name) as report:
                    imported = asyncio.run(
                        import_file(host, path, Placing(client, create=new), encoding=encoding, watch=report)
                    )
            except ClosingError as error:
                code = error.exit_code
                said = session().words.error(error)
                results.append({"file": str(path), "error": error.code, "message": said, "run": error.run})
                if not session().json:
                    output.error(error)
                continue
            found = since_import(host, imported)
            results.append({"file": str(path), **imported_data(imported), "signed_off_changed": since_data(found)})
            if not session().json:
                show_imported(path.name, imported)
                show_since(imported.engagement.id, imported.published.snapshot, found)
    output.result(results, lambda: None)
    return code


def import_from_source(host: "Host", engagement_id: int, years: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Import from the engagement's own source, showing each year as it is done. Raises `ClosingError`."""
    from closing_host.engagements.importing import import_connected
    from closing_host.engagements.register import overview

    name = overview(host, engagement_id).engagement.name
    results: list[dict[str, Any]] = []

    async def work() -> None:
        with output.progress(name) as report:
            async for imported in import_connected(host, engagement_id, years=years, watch=report):
                found = await asyncio.to_thread(since_import, host, imported)
                results.append({**imported_data(imported), "signed_off_changed": since_data(found)})
                if not session().json:
                    show_imported(imported.published.snapshot.source_id, imported)
                    show_since(imported.engagement.id, imported.published.snapshot, found)

    asyncio.run(work())
    return results


def _from_sources(host: "Host", client: int | None, *, everyone: bool, years: tuple[str, ...]) -> int:
    """One engagement, or all that are connected; those that need a login say so and are skipped, not failed."""
    code = 0
    results: list[dict[str, Any]] = []
    if everyone:
        clients = [each.engagement_id for each in host.connections.views()]
    elif client is not None:
        clients = [client]
    else:
        raise DataError("nothing-to-import")
    for each in clients:
        try:
            results += _imported(host, each, years, ask=not everyone and sys.stdin.isatty())
        except ClosingError as error:
            code = max(code, 0 if everyone and isinstance(error, Expired) else error.exit_code)
            said = session().words.error(error)
            results.append({"engagement": each, "error": error.code, "message": said, "run": error.run})
            if not session().json:
                output.error(error)
    output.result(results, lambda: None)
    return code


def _imported(host: "Host", client: int, years: tuple[str, ...], *, ask: bool) -> list[dict[str, Any]]:
    """Import; with somebody to `ask`, a connection that has run out leads to the login first (P 7.7)."""
    try:
        return import_from_source(host, client, years)
    except Expired as expired:
        if not ask:
            raise
        from closing_host.cli.connection import log_in

        output.error(expired)
        log_in(host, client)
        return import_from_source(host, client, years)


def show_imported(name: str, imported: "Imported") -> None:
    """What an import brought, in a few lines, with the controls that found something."""
    from closing_host.cli.attachment_output import show_outcome
    from closing_host.cli.findings import finding_of, show_controls, show_findings
    from closing_host.cli.recognised import show_recognised

    words = session().words
    snapshot, ledger = imported.published.snapshot, imported.ledger
    output.line(f"{name} → {imported.engagement.name}", style="bold")
    year = f"{snapshot.year_start} – {snapshot.year_end}"
    if not imported.published.changed:
        output.line(
            words.text(
                "No changes: {year} already shows exactly these books (fingerprint {fingerprint}).",
                year=year,
                fingerprint=snapshot.fingerprint[:12],
            )
        )
    else:
        output.line(
            words.text(
                "{year}: {vouchers} vouchers, {rows} rows. Snapshot {id}, fingerprint {fingerprint}.",
                year=year,
                vouchers=ledger.vouchers.height,
                rows=ledger.rows.height,
                id=snapshot.id,
                fingerprint=snapshot.fingerprint[:12],
            )
        )
    show_findings([finding_of(row) for row in ledger.findings.head(SHOWN).iter_rows(named=True)], SHOWN)
    found = [each for each in imported.controls if each.outcome == "found"]
    if found:
        show_controls(found)
    else:
        output.line(words.text("All import checks that could run passed."))
    if imported.attachments is not None:
        show_outcome(imported, imported.attachments)
    show_recognised(imported.recognised, imported.not_asked)
    output.line(words.text("Run {run}.", run=imported.run_id), style="dim")


SHOWN = 10


def imported_data(imported: "Imported") -> dict[str, Any]:
    """An import for JSON."""
    from closing_host.cli.attachment_output import outcome_data
    from closing_host.cli.findings import control_data, finding_data, finding_of
    from closing_host.cli.recognised import recognised_data

    snapshot = imported.published.snapshot
    return {
        "engagement": imported.engagement.id,
        "name": imported.engagement.name,
        "year_start": snapshot.year_start,
        "year_end": snapshot.year_end,
        "snapshot": snapshot.id,
        "fingerprint": snapshot.fingerprint,
        "changed": imported.published.changed,
        "counts": dict(snapshot.counts),
        "findings": [finding_data(finding_of(row)) for row in imported.ledger.findings.iter_rows(named=True)],
        "controls": [control_data(each) for each in imported.controls],
        "recognised": recognised_data(imported.recognised),
        "not_asked": "" if imported.not_asked is None else session().words.error(imported.not_asked),
        "run": imported.run_id,
        "attachments": outcome_data(imported, imported.attachments) if imported.attachments is not None else None,
    }
