"""`closing source test`: what the host sees of a source, in plain words, and what it makes of a file."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from closing_host.api.errors import CapabilityMissing, DataError
from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from pydantic import BaseModel

    from closing_host.api.ledger import Ledger
    from closing_host.api.source import Origin
    from closing_host.sources.facade import DataSource

HEAD: Final = 4096
"""Bytes of a file that a source recognises it by."""

SHOWN_FINDINGS: Final = 50

NOTHING: Final = "–"

NOT_LOADED: Final = 8
FOUND: Final = 1

_COLUMNS: Final = ("asked", "name", "title", "kind", "default")

HOOKS: Final = (
    "authorize",
    "list_years",
    "import_ledger",
    "attachments",
    "export_terms",
    "export_voucher",
    "find_vouchers",
    "export_file",
)
"""What can be offered to a user, in the order of `hookspecs`."""


def try_out(
    source: str,
    file: Path | None = None,
    /,
    *,
    encoding: Annotated[str | None, Parameter(help="Read as this encoding instead of what the bytes say.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every finding.")] = False,
) -> int:
    """Say what the host sees of a data source: for its author. With a file, import that in memory; nothing is stored.

    Exit code: 0 when all is well, 1 when the file's books have findings of severity error, 8 when the host cannot use
    the source.

    Parameters
    ----------
    source
        The source's id; see closing source list.
    file
        A file for a source that reads files.
    """
    from closing_host.sources.registry import discover

    registry = discover(only=[source])
    words = session().words
    if source not in registry.sources:
        problems = [each for each in registry.problems if each.source == source]
        told = [
            {"stage": each.stage, "code": each.code, "message": words.message(each.code, each.parameters)}
            for each in problems
        ]

        def human() -> None:
            output.line(words.text("The host cannot use {source}.", source=source), style="bold")
            for each, problem in zip(told, problems, strict=True):
                output.line(f"{each['stage']}: {each['message']}")
                output.line(problem.trace)

        output.result({"id": source, "problems": told}, human)
        return NOT_LOADED
    found = registry.sources[source]
    seen = _seen(found)
    if file is None:
        output.result(seen, lambda: _show(found))
        return 0
    if not session().json:
        _show(found)
    code, read = _read(found, file, encoding, shown=None if everything else SHOWN_FINDINGS)
    output.result({**seen, "file": read}, lambda: None)
    return code


def _seen(source: "DataSource") -> dict[str, object]:
    info = source.info
    return {
        "id": source.id,
        "name": info.name,
        "distribution": source.distribution,
        "version": source.version,
        "contract": [".".join(map(str, each)) for each in info.contract],
        "operations": [each for each in HOOKS if each in source.operations],
        "files": list(info.files.suffixes) if info.files else [],
        "hosts": [_origin(each) for each in info.hosts],
        "rate_limit": {"calls": info.rate_limit.calls, "seconds": str(info.rate_limit.seconds)}
        if info.rate_limit
        else None,
        "cannot_hold": sorted(info.cannot_hold),
        "idempotent": info.idempotent,
        "settings": [
            dict(zip(("asked", "name", "title", "kind", "default"), each, strict=True)) for each in _fields(source)
        ],
        "help": _help_languages(source),
        "problems": [],
    }


def _show(source: "DataSource") -> None:
    words, info = session().words, source.info
    output.line(f"{info.name} ({source.id})", style="bold")
    limit = info.rate_limit
    pace = words.text("no limit stated")
    if limit is not None:
        pace = words.text("at most {calls} calls in {seconds} s", calls=limit.calls, seconds=f"{limit.seconds:g}")
    pairs = {
        words.text("Package"): f"{source.distribution} {source.version}",
        words.text("Contract"): words.text(
            "from {since}, before {before}",
            since=".".join(map(str, info.contract[0])),
            before=".".join(map(str, info.contract[1])),
        ),
        words.text("Reads files"): ", ".join(info.files.suffixes) if info.files else words.text("no"),
        words.text("Calls"): ", ".join(map(_origin, info.hosts)) or NOTHING,
        words.text("Pace"): pace,
        words.text("Cannot hold"): ", ".join(sorted(info.cannot_hold)) or NOTHING,
        words.text("Help"): ", ".join(_help_languages(source)) or NOTHING,
    }
    output.fields(pairs)
    meanings = words.texts(
        "Log in, renew, check and disconnect",
        "State the company and its financial years",
        "Import the books of a year",
        "State receivables and payables",
        "State the terms for closing entries",
        "Book closing entries",
        "Look for what may have been booked",
        "Write closing entries as a file",
    )
    rows = [
        ("✓" if hook in source.operations else NOTHING, hook, said) for hook, said in zip(HOOKS, meanings, strict=True)
    ]
    output.table(words.text("What it can do"), words.texts("", "Hook", "For the user"), rows)
    if fields := _fields(source):
        asked = {"installation": words.text("once"), "engagement": words.text("per client")}
        shown = [(asked[each[0]], *each[1:]) for each in fields]
        output.table(words.text("Settings"), words.texts("Asked", "Name", "Title", "Kind", "Default"), shown)
    else:
        output.line(words.text("No settings: no form is shown."))
    output.line(words.text("The host finds nothing wrong with it."))


def _origin(origin: "Origin") -> str:
    return origin.fixed or session().words.text("the address in the setting {field}", field=origin.setting)


def _fields(source: "DataSource") -> list[tuple[str, str, str, str, str | None]]:
    models = (("installation", source.info.installation), ("engagement", source.info.engagement))
    return [(which, *each) for which, model in models if model is not None for each in _fields_of(model)]


def _fields_of(model: "type[BaseModel]") -> list[tuple[str, str, str, str | None]]:
    from pydantic import SecretStr

    words, rows = session().words, []
    for name, field in model.model_fields.items():
        secret = field.annotation is SecretStr
        kind = words.text("secret") if secret else getattr(field.annotation, "__name__", str(field.annotation))
        default = words.text("required") if field.is_required() else None if secret else str(field.default)
        rows.append((name, words.label(field.title or ""), kind, default))
    return rows


def _help_languages(source: "DataSource") -> list[str]:
    from importlib.resources import files

    from closing_host.locale import LANGUAGES

    package = source.info.package
    return [each for each in LANGUAGES if package and (files(package) / "help" / f"{each}.md").is_file()]


def _read(source: "DataSource", file: Path, encoding: str | None, *, shown: int | None) -> tuple[int, dict[str, Any]]:
    from closing_host.cli.findings import control_data, finding_data, finding_of, show_controls, show_findings
    from closing_host.ledgers.controls import run_controls

    if source.info.files is None:
        raise CapabilityMissing("source-reads-no-files", source=source.info.name)
    began = time.monotonic()
    recognised, ledger, kept = _imported(source, file, encoding)
    seconds = time.monotonic() - began
    findings = [finding_of(row) for row in ledger.findings.iter_rows(named=True)]
    controls = run_controls(ledger, limit=shown)
    if not session().json:
        _show_books(file, ledger, recognised=recognised, seconds=seconds)
        show_findings(findings, len(findings) if shown is None else shown)
        show_controls(controls)
        output.line(session().words.text("Nothing was stored."))
    severities = [each.severity for each in (*findings, *(one for result in controls for one in result.findings))]
    data = {
        "file": file.name,
        "recognised": recognised,
        "company": ledger.company.name,
        "organisation_number": ledger.company.organisation_number,
        "years": [{"index": each.index, "start": each.start, "end": each.end} for each in ledger.years],
        "counts": {table: frame.height for table, frame in ledger.tables.items()},
        "kept": kept,
        "findings": [finding_data(each) for each in findings],
        "controls": [control_data(each) for each in controls],
    }
    return (FOUND if "error" in severities else 0), data


def _imported(source: "DataSource", file: Path, encoding: str | None) -> tuple[bool, "Ledger", list[str]]:
    """Whether the source knows the file by its beginning, its ledger, and the names of what the source kept."""
    from closing_host.api.context import Connection, ImportRequest, SourceFile
    from closing_host.sources.context import running_context

    try:
        with file.open("rb") as opened:
            recognised = source.recognises(opened.read(HEAD))
    except OSError as error:
        raise DataError("file-unreadable", file=file.name, detail=error.strerror or "") from error
    request = ImportRequest(file=SourceFile(file.name, file.absolute()), encoding=encoding)
    model = source.info.engagement
    connection = Connection(model() if model is not None else None, None)
    with (
        tempfile.TemporaryDirectory() as folder,
        output.progress(file.name) as report,
        running_context(source.id, progress=report, inside=Path(folder)) as context,
    ):
        ledger = asyncio.run(source.import_ledger(request, connection, context))
        return recognised, ledger, sorted(context.kept)


def _show_books(file: Path, ledger: "Ledger", *, recognised: bool, seconds: float) -> None:
    words = session().words
    output.line()
    output.line(file.name, style="bold")
    if not recognised:
        output.line(words.text("The source does not recognise this file: the host would not offer it."))
    years = [f"{each.index}: {each.start} – {each.end}" for each in ledger.years]
    pairs = {
        words.text("Company"): ledger.company.name,
        words.text("Organisation number"): ledger.company.organisation_number,
        words.text("Financial years"): ", ".join(years),
    }
    output.fields(pairs)
    booked = ledger.rows.filter(ledger.rows["kind"] == "booked").height
    output.line(
        words.text(
            "{accounts} accounts, {vouchers} vouchers, {rows} rows ({other} struck or added).",
            accounts=ledger.accounts.height,
            vouchers=ledger.vouchers.height,
            rows=booked,
            other=ledger.rows.height - booked,
        )
    )
