"""A good source of files: lines with fields between semicolons, amounts in öre."""

from datetime import date
from pathlib import Path
from typing import Any

from closing_host import sie
from closing_host.api.context import Context, FileRequest, ImportRequest
from closing_host.api.errors import DataError, UnsupportedFormat
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.source import Files, SourceInfo
from closing_host.api.vouchers import WrittenFile

MARK = "books;"

SAMPLE = Path(__file__).parent / "samples" / "shop-2025.books"

FACTS: dict[str, Any] = {
    "vouchers": 1,
    "sums": {"1930": 125_099, "3001": -125_099},
    "opening": {"1930": 50_050},
    "texts": ("Försäljning i butik",),
}


def many(vouchers: int) -> bytes:
    lines = [f"{MARK}2025-01-01;2025-12-31", "account;1930;Kassa;0;", "account;3001;Sålt;0;"]
    for number in range(1, vouchers + 1):
        lines += [f"voucher;A;{number};2025-05-01;Verifikation", "row;1930;100", "row;3001;-100"]
    return "\n".join(lines).encode()


class GoodFile:
    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo(name="Good files", files=Files((".books",), self.recognises))

    def recognises(self, head: bytes) -> bool:
        return head.startswith(MARK.encode())

    @hookimpl
    def import_ledger(self, request: ImportRequest, context: Context) -> LedgerBuilder | Ledger:
        assert request.file is not None
        content = request.file.path.read_bytes()
        try:
            lines = content.decode().splitlines()
        except ValueError as error:
            raise UnsupportedFormat("books-unreadable", file=request.file.name) from error
        return self.parsed(self.lines(lines, request.file.name), context)

    def lines(self, lines: list[str], name: str) -> list[list[str]]:
        if not lines or not lines[0].startswith(MARK):
            raise UnsupportedFormat("books-unreadable", file=name)
        return [line.split(";") for line in lines]

    def parsed(self, lines: list[list[str]], context: Context) -> LedgerBuilder | Ledger:
        books = LedgerBuilder(*self.heading(lines))
        for done, line in enumerate(lines[1:], 1):
            context.progress("", done, len(lines))
            self.add(books, line)
        return books

    def heading(self, lines: list[list[str]]) -> tuple[Company, list[FinancialYear]]:
        _, start, end = lines[0]
        return Company(), [FinancialYear(0, date.fromisoformat(start), date.fromisoformat(end))]

    def add(self, books: LedgerBuilder, line: list[str]) -> None:
        match line:
            case ["account", account, name, opening, closing]:
                books.add_account(account, name)
                books.add_balance("IB", account, int(opening))
                if closing:
                    books.add_balance("UB", account, self.closing(int(closing)))
            case ["voucher", series, number, day, text]:
                books.add_voucher(series, number, date.fromisoformat(day), text)
            case ["row", account, ore]:
                books.add_row(account, int(ore))
            case _:
                raise DataError("books-line-unknown")

    def closing(self, ore: int) -> int:
        return ore

    @hookimpl
    def export_file(self, request: FileRequest) -> WrittenFile:
        rows = [f"{row.account};{row.amount}" for voucher in request.vouchers for row in voucher.rows]
        return WrittenFile(self.file_name(), "\n".join(rows).encode())

    def file_name(self) -> str:
        return "closing.books"


class SieFile(GoodFile):
    """Reads SIE too, and takes whatever the reader makes of it."""

    def recognises(self, head: bytes) -> bool:
        return super().recognises(head) or b"#SIETYP" in head

    def lines(self, lines: list[str], name: str) -> list[list[str]]:
        if lines and lines[0].startswith("#"):
            return [["sie", *lines]]
        return super().lines(lines, name)

    def parsed(self, lines: list[list[str]], context: Context) -> LedgerBuilder | Ledger:
        if lines[0][0] == "sie":
            return sie.read("\r\n".join(lines[0][1:]).encode())
        return super().parsed(lines, context)
