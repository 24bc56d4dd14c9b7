"""`closing check`: validate SIE files without an engagement."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.api.errors import ClosingError
from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.ledger import Finding, Ledger
    from closing_host.ledgers.controls import ControlResult

CLEAN: Final = 0
ERRORS_FOUND: Final = 1
UNREADABLE: Final = 2

SHOWN_FINDINGS: Final = 50


def check(
    *files: Path,
    encoding: Annotated[str | None, Parameter(help="Read as this encoding instead of what the bytes say.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every finding.")] = False,
) -> int:
    """Check SIE files: what each states, findings by line, import checks and control sums.

    Exit code: 0 clean, 1 findings of severity error, 2 unreadable. The worst file decides.

    Parameters
    ----------
    files
        SIE files of type 1-4.
    """
    worst = CLEAN
    reports: list[dict[str, object]] = []
    for path in files:
        try:
            code, report = _checked(path, encoding, shown=None if everything else SHOWN_FINDINGS)
        except (ClosingError, OSError) as error:
            said = _unreadable(path, error)
            code, report = UNREADABLE, {"file": str(path), "unreadable": said}
            if not session().json:
                output.problem(said)
        worst = max(worst, code)
        reports.append(report)
    output.result(reports, lambda: None)
    return worst


def _checked(path: Path, encoding: str | None, *, shown: int | None) -> tuple[int, dict[str, object]]:
    from closing_host.cli.findings import control_data, finding_data, finding_of
    from closing_host.ledgers.controls import run_controls
    from closing_host.sie import read
    from closing_host.sie.structure import check_structure

    with output.progress(path.name) as report:
        ledger = read(path, encoding=encoding, progress=lambda done, total: report("", done, total))
    structure = check_structure(path, encoding=ledger.provenance.encoding)
    findings = sorted(
        [*(finding_of(row) for row in ledger.findings.iter_rows(named=True)), *structure],
        key=lambda each: (each.line or 0, each.column or 0),
    )
    controls = run_controls(ledger, limit=shown)
    severities = [each.severity for each in findings]
    severities += [each.severity for result in controls for each in result.findings]
    if not session().json:
        _show(path, ledger, findings, controls, shown)
    data = {
        **_stated(path, ledger),
        "findings": [finding_data(each) for each in findings],
        "controls": [control_data(each) for each in controls],
        "control_sums": _sums(ledger),
    }
    return (ERRORS_FOUND if "error" in severities else CLEAN), data


def _show(
    path: Path,
    ledger: "Ledger",
    findings: "Sequence[Finding]",
    controls: "Sequence[ControlResult]",
    shown: int | None,
) -> None:
    from closing_host.cli.findings import show_controls, show_findings

    words = session().words
    source, company = ledger.provenance, ledger.company
    output.line(path.name, style="bold")
    titles = words.texts(
        "Company", "Organisation number", "Format", "Program", "Encoding", "Checksum", "Financial year"
    )
    checksums = {
        "": words.text("none in the file"),
        "right": words.text("right"),
        "wrong": words.text("wrong"),
        "unclosed": words.text("not closed: the file is cut off"),
    }
    year = ledger.year
    values = (
        company.name,
        company.organisation_number,
        source.format,
        f"{source.program} {source.program_version}",
        source.encoding,
        checksums[source.checksum],
        f"{year.start} – {year.end}" if year else "",
    )
    output.fields(dict(zip(titles, values, strict=True)))
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
    show_findings(findings, len(findings) if shown is None else shown)
    show_controls(controls)
    sums = _sums(ledger)
    output.table(
        words.text("Control sums"),
        words.texts("Balance", "Year", "Accounts", "Sum"),
        [(each["kind"], each["year"], each["accounts"], each["sum"]) for each in sums],
    )


def _stated(path: Path, ledger: "Ledger") -> dict[str, object]:
    source, company = ledger.provenance, ledger.company
    return {
        "file": str(path),
        "sha256": source.sha256,
        "size": source.size,
        "format": source.format,
        "program": source.program,
        "program_version": source.program_version,
        "encoding": source.encoding,
        "checksum": source.checksum,
        "company": company.name,
        "organisation_number": company.organisation_number,
        "years": [{"index": each.index, "start": each.start, "end": each.end} for each in ledger.years],
        "counts": {table: frame.height for table, frame in ledger.tables.items()},
    }


def _sums(ledger: "Ledger") -> list[dict[str, object]]:
    """Sum of each kind of balance per year; the kinds per object or month are not control sums."""
    import polars as pl

    kinds = ("IB", "UB", "RES")
    sums = (
        ledger.balances.filter(pl.col("kind").cast(pl.String).is_in(kinds))
        .group_by(pl.col("kind").cast(pl.String), "year")
        .agg(pl.len(), pl.col("amount").cast(pl.Int128).sum())
        .sort(pl.col("kind").replace_strict(kinds, range(3)), pl.col("year").neg())
    )
    return [
        {"kind": kind, "year": year, "accounts": count, "sum": Ore(total)}
        for kind, year, count, total in sums.iter_rows()
    ]


def _unreadable(path: Path, error: ClosingError | OSError) -> str:
    words = session().words
    if isinstance(error, ClosingError):
        return f"{path.name}: {words.error(error)}"
    return words.text("{file} cannot be read: {reason}.", file=path, reason=error.strerror)
