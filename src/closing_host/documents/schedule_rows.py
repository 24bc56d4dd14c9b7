"""Rows of a schedule from a user's file: two columns, text and amount, in CSV or on an XLSX workbook's first sheet."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from closing_host.api.errors import DataError
from closing_host.api.money import ore_from_decimal, parse_local
from closing_host.closing.attached_files import recognise
from closing_host.closing.schedule import MOST_ROWS, ScheduleRow

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_UNPACKED: Final = 50 * 1024 * 1024
MOST_TAGS: Final = 250_000
"""Tags in any one part of a workbook; `MOST_ROWS` rows have 200,000. A part of 4 MB that holds nothing but empty cells
takes seven seconds and 700 MB to read (measured), which only a count before reading prevents (T F5, F10)."""

_PIECE: Final = 256 * 1024
_EXACT_DIGITS: Final = 15  # what a spreadsheet program shows of a number; beyond is the noise of binary fractions


def read_rows(path: Path) -> tuple[ScheduleRow, ...]:
    """The file's rows. A first line whose amount is no amount is a title; empty lines are left out.

    CSV: comma, semicolon or tab, UTF-8 or Windows-1252, amounts as `1 234,50` or `1234.50`. Raises `DataError` with
    the line: `rows-columns` (more than two columns), `rows-amount`, `rows-textless`; and for the whole file
    `rows-file-type`, `rows-file-large`, `rows-none`, `rows-unreadable`, and what `recognise` raises.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise DataError("rows-file-type", file=path.name)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataError("file-unreadable", file=str(path), detail=error.strerror or "") from error
    if len(content) > MOST_BYTES:
        raise DataError("rows-file-large", file=path.name, megabytes=MOST_BYTES // 1024 // 1024)
    recognise(path.name, content)
    lines = _csv_lines(path.name, content) if suffix == ".csv" else _xlsx_lines(path.name, content)
    rows = tuple(_rows(path.name, lines))
    if not rows:
        raise DataError("rows-none", file=path.name)
    return rows


def _rows(name: str, lines: Iterable[Sequence[object]]) -> Iterator[ScheduleRow]:
    first = True
    for number, line in enumerate(lines, 1):
        cells = list(line)
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if not cells:
            continue
        if len(cells) > 2:
            raise DataError("rows-columns", file=name, line=number)
        text, amount = _text(cells[0]), cells[1] if len(cells) > 1 else ""
        ore = _ore(amount)
        if ore is None:
            if first and isinstance(amount, str) and amount:
                first = False
                continue
            raise DataError("rows-amount", file=name, line=number, text=_text(amount))
        if not text:
            raise DataError("rows-textless", file=name, line=number)
        first = False
        yield ScheduleRow(text, ore)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _ore(value: object) -> int | None:
    """The amount in öre; None for what is none."""
    try:
        if isinstance(value, str):
            return parse_local(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return ore_from_decimal(Decimal(f"{value:.{_EXACT_DIGITS}g}") if isinstance(value, float) else Decimal(value))
    except ValueError:
        return None


def _csv_lines(name: str, content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((each for each in (";", "\t") if each in head), ",")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise DataError("rows-unreadable", file=name, detail=str(error)) from error


def _xlsx_lines(name: str, content: bytes) -> list[tuple[object, ...]]:
    from openpyxl import load_workbook  # noqa: PLC0415  read only when a workbook is handed over

    try:
        too_much = _unpacks_to_too_much(content)
    except Exception as error:  # a broken archive fails in any way
        raise DataError("rows-unreadable", file=name, detail=type(error).__name__) from error
    if too_much:
        raise DataError("rows-file-large", file=name, megabytes=MOST_BYTES // 1024 // 1024)
    try:
        with warnings.catch_warnings(action="ignore"):  # it tells of styles that it does not know
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return list(islice(book.worksheets[0].iter_rows(values_only=True), 2 * MOST_ROWS))
    except Exception as error:  # a library for files from anywhere fails in any way
        raise DataError("rows-unreadable", file=name, detail=type(error).__name__) from error


def _unpacks_to_too_much(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        # Bounded by the stated sizes: of a part that is larger no more is unpacked than it states.
        if sum(each.file_size for each in parts) > MOST_UNPACKED:
            return True
        return any(_tags(archive, each) > MOST_TAGS for each in parts)


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as file:
        return sum(piece.count(b"<") for piece in iter(lambda: file.read(_PIECE), b""))
