"""`closing convert`: SIE files to Parquet, CSV, XLSX or SIE."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closing_host.api.ledger import Finding, Ledger

Format = Literal["parquet", "csv", "xlsx", "sie"]

_BY_SUFFIX: Final[dict[str, Format]] = {".xlsx": "xlsx", ".se": "sie", ".si": "sie", ".sie": "sie"}


def convert(
    file: Path,
    target: Path,
    /,
    *,
    to: Annotated[Format | None, Parameter(help="Format; by default what the target's name says.")] = None,
    sie_type: Annotated[Literal["1", "2", "3", "4", "4I"], Parameter(help="Type of the SIE file to write.")] = "4",
    ksumma: Annotated[bool, Parameter(negative="", help="Write a checksum into the SIE file.")] = False,
    encoding: Annotated[str | None, Parameter(help="Read as this encoding instead of what the bytes say.")] = None,
) -> None:
    """Convert a SIE file. Parquet and CSV are folders with one file per table; XLSX is one workbook.

    Parameters
    ----------
    file
        A SIE file of type 1-4.
    target
        File or folder to write, which must not exist yet.
    """
    from closing_host.sie import read

    form = to or _BY_SUFFIX.get(target.suffix.lower())
    if form is None:
        raise DataError("format-not-stated", file=target.name)
    if target.exists():
        raise DataError("target-exists", file=str(target))
    words = session().words
    with output.progress(file.name) as report:
        ledger = read(file, encoding=encoding, progress=lambda done, total: report("", done, total))
        findings = _written(ledger, target, form, sie_type, ksumma=ksumma)
    data = {
        "file": file,
        "target": target,
        "format": form,
        "counts": {table: frame.height for table, frame in ledger.tables.items()},
        "changed": [_data(each) for each in findings],
    }

    def human() -> None:
        from closing_host.cli.findings import show_findings

        output.line(
            words.text(
                "{target}: {accounts} accounts, {vouchers} vouchers, {rows} rows.",
                target=target,
                accounts=ledger.accounts.height,
                vouchers=ledger.vouchers.height,
                rows=ledger.rows.height,
            )
        )
        unread = ledger.findings.filter(ledger.findings["severity"] == "error").height
        if unread:
            said = words.plural(
                "{count} error in the file: run closing check on it.",
                "{count} errors in the file: run closing check on it.",
                unread,
            )
            output.line(said, style="red")
        show_findings(findings, len(findings))

    output.result(data, human)


def _written(ledger: "Ledger", target: Path, form: Format, sie_type: str, *, ksumma: bool) -> "Sequence[Finding]":
    """Write the target; returns what the format could not hold."""
    from closing_host.documents import ledger_tables, write_csv, write_parquet, write_xlsx

    if form == "sie":
        from closing_host.sie import write

        chosen: Literal[1, 2, 3, 4, "4I"] = "4I" if sie_type == "4I" else _TYPES[sie_type]
        return write(ledger, target, sie_type=chosen, generated_on=date.today(), checksum=ksumma).findings  # noqa: DTZ011
    tables = ledger_tables(ledger)
    if form == "xlsx":
        write_xlsx(tables, target, created=datetime.now(UTC))
        return ()
    target.mkdir(parents=True)
    for name, frame in tables.items():
        if form == "csv":
            write_csv(frame, target / f"{name}.csv")
        else:
            write_parquet(frame, target / f"{name}.parquet")
    return ()


_TYPES: Final[dict[str, Literal[1, 2, 3, 4]]] = {"1": 1, "2": 2, "3": 3, "4": 4}


def _data(finding: "Finding") -> dict[str, object]:
    from closing_host.cli.findings import finding_data

    return finding_data(finding)
