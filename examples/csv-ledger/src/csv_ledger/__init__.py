"""Books from a CSV file with semicolons; the first cell says what a line is. README.md describes the format."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from closing_host.api.context import Context, ImportRequest, SourceFile
from closing_host.api.errors import DataError
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import FINANCIAL_DATA, Company, FinancialYear, LedgerBuilder
from closing_host.api.money import parse_local
from closing_host.api.source import Files, SourceInfo


def recognises(head: bytes) -> bool:
    """By the first word of the first line."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"company;")


@hookimpl
def describe_source() -> SourceInfo:
    """A file's source: no settings, no login, no addresses."""
    cannot_hold = FINANCIAL_DATA - {"rows.text"}
    return SourceInfo(
        "CSV ledger",
        contract=((1, 0), (2, 0)),
        files=Files((".csv",), recognises),
        cannot_hold=cannot_hold,
        package="csv_ledger",
    )


@hookimpl
def import_ledger(request: ImportRequest, context: Context) -> LedgerBuilder:
    """The year in the file. Raises `DataError` at the first line that cannot be read."""
    assert request.file is not None  # the host gives one to a source that declares files
    first, *lines = list(lines_of(request.file, request.encoding or "utf-8-sig")) or [Line(request.file.name, 1, [""])]
    if first.cells[0] != "company" or len(first.cells) != 5:
        raise first.wrong("csv-ledger-company-first", 1)
    year = FinancialYear(0, first.day(4), first.day(5))
    books = LedgerBuilder(Company(first.cells[1], first.cells[2]), [year])
    within_voucher = False
    for line in lines:
        context.progress("", line.number, lines[-1].number)  # raises when the user has cancelled
        match line.cells:
            case ["account", account, name, "", ""]:
                books.add_account(account, name)
            case ["opening", account, _, "", ""]:
                books.add_balance("IB", account, line.amount(3))
            case ["voucher", series, number, _, text]:
                books.add_voucher(series, number, line.day(4), text, line=line.number)
                within_voucher = True
            case ["row", account, _, text, ""] if within_voucher:
                books.add_row(account, line.amount(3), text=text, line=line.number)
            case _:  # never passed over: it may hold money
                raise line.wrong("csv-ledger-line-unknown", 1)
    return books


@dataclass(frozen=True)
class Line:
    """One line, its cells filled up to five."""

    file: str
    number: int
    cells: list[str]

    def amount(self, column: int) -> int:
        """Öre. Raises `DataError`."""
        try:
            return parse_local(self.cells[column - 1])
        except ValueError as error:
            raise self.wrong("csv-ledger-amount-wrong", column) from error

    def day(self, column: int) -> date:
        """A date. Raises `DataError`."""
        try:
            return date.fromisoformat(self.cells[column - 1])
        except ValueError as error:
            raise self.wrong("csv-ledger-date-wrong", column) from error

    def wrong(self, code: str, column: int) -> DataError:
        """What is wrong with a cell (1 is the first), and where it stands."""
        return DataError(code, file=self.file, line=self.number, column=column, text=self.cells[column - 1][:40])


def lines_of(file: SourceFile, encoding: str) -> Iterator[Line]:
    """The lines that hold anything. Raises `DataError` where the file cannot be decoded."""
    with file.path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=";")
        try:
            for cells in filter(any, reader):  # a line without content is a blank one
                while not cells[-1]:  # spreadsheets fill lines up with empty cells
                    cells.pop()
                yield Line(file.name, reader.line_num, [each.strip() for each in cells] + [""] * (5 - len(cells)))
        except (UnicodeDecodeError, csv.Error) as error:
            raise DataError("csv-ledger-unreadable", file=file.name, line=reader.line_num + 1) from error
