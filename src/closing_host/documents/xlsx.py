"""Tables as an XLSX workbook, one sheet for each."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from closing_host.documents.columns import as_text, is_money, is_text, kronor
from closing_host.documents.target import Target, opened

MAX_ROWS: Final = 1_048_576
"""Rows of a sheet, the header among them. More go on in a sheet named "rows (2)"."""

LONGEST_TEXT: Final = 32_767
"""UTF-16 units that a cell holds. A longer text is cut and ends in `CUT`."""

CUT: Final = " […]"

EXACT_DIGITS: Final = 15
"""Spreadsheet programs hold numbers as binary floats: beyond these digits a number is written as text instead."""

MONEY: Final = "#,##0.00"
DATE: Final = "yyyy-mm-dd"

_FIRST_DATE: Final = date(1900, 3, 1)  # before it, spreadsheet programs disagree by a day (Excel's 29 February 1900)
_WIDTHS: Final = ((pl.Date, 11), (pl.String, 24), (pl.List, 16))
_AT_A_TIME: Final = 10_000

_Write = Callable[[Worksheet, int, int, Any], object]


def write_xlsx(sheets: Mapping[str, pl.DataFrame], target: Target, *, created: datetime) -> None:
    """Write each frame as a sheet: a header row that stays in view, then the rows.

    Money and other numbers are numeric cells (money formatted `#,##0.00`), dates are dates, texts are strings and never
    formulas. Null and empty text are empty cells. Sheet names are cut to 31 characters and lose `[]:*?/\\`.
    `created` (UTC) stands in the file's properties. Raises `OSError`.
    """
    options = {"constant_memory": True, "default_date_format": DATE}
    with opened(target) as file, xlsxwriter.Workbook(file, options) as workbook:
        workbook.set_properties({"created": created})
        formats = {
            "header": workbook.add_format({"bold": True, "bottom": 1}),
            "money": workbook.add_format({"num_format": MONEY}),
            "date": workbook.add_format({"num_format": DATE}),
        }
        taken: set[str] = set()
        for name, frame in sheets.items():
            for part in _parts(frame):
                _fill(workbook.add_worksheet(_sheet_name(name, taken)), part, formats)


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from frame.iter_slices(MAX_ROWS - 1) if frame.height else [frame]


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '") or "table"
    number, ending = 1, ""
    while (chosen := f"{plain[: 31 - len(ending)]}{ending}").lower() in taken:
        number += 1
        ending = f" ({number})"
    taken.add(chosen.lower())
    return chosen


def _fill(sheet: Worksheet, frame: pl.DataFrame, formats: Mapping[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    writers = []
    for column, (name, dtype) in enumerate(frame.schema.items()):
        sheet.set_column(column, column, next((width for kind, width in _WIDTHS if dtype == kind), 14))
        sheet.write_string(0, column, _safe_text(name), formats["header"])
        writers.append(_writer(dtype, formats))
    shown = frame.select(_shown(name, dtype) for name, dtype in frame.schema.items())
    row = 0
    for some in shown.iter_slices(_AT_A_TIME):
        for values in some.iter_rows():
            row += 1
            for column, value in enumerate(values):
                if value is not None and value != "":
                    writers[column](sheet, row, column, value)


def _shown(name: str, dtype: pl.DataType) -> pl.Expr:
    if is_money(dtype):
        return kronor(name)
    return as_text(name, dtype) if is_text(dtype) else pl.col(name)


def _writer(dtype: pl.DataType, formats: Mapping[str, Format]) -> _Write:
    if is_money(dtype):
        return lambda sheet, row, column, value: _number(sheet, row, column, value, formats["money"])
    if dtype == pl.Date:
        return lambda sheet, row, column, value: _date(sheet, row, column, value, formats["date"])
    if dtype == pl.Boolean:
        return lambda sheet, row, column, value: sheet.write_boolean(row, column, value)
    if dtype.is_numeric():
        return lambda sheet, row, column, value: _number(sheet, row, column, value, None)
    return lambda sheet, row, column, value: sheet.write_string(row, column, _safe_text(str(value)))


def _number(sheet: Worksheet, row: int, column: int, value: Decimal | int | float, style: Format | None) -> None:
    exact = Decimal(value)
    digits = 0 if isinstance(value, float) else len(exact.normalize().as_tuple().digits)
    if not exact.is_finite() or digits > EXACT_DIGITS:
        sheet.write_string(row, column, str(value))
    else:
        sheet.write_number(row, column, value, style)  # a Decimal is written digit by digit


def _date(sheet: Worksheet, row: int, column: int, value: date, style: Format) -> None:
    if value < _FIRST_DATE:
        sheet.write_string(row, column, value.isoformat())
    else:
        sheet.write_datetime(row, column, value, style)


def _safe_text(text: str) -> str:
    """`text` as a cell holds it. The library takes `<r>…</r>` for its own markup; a blank behind it keeps it text."""
    if len(text) * 2 > LONGEST_TEXT and (encoded := text.encode("utf-16-le")) and len(encoded) > 2 * LONGEST_TEXT:
        text = encoded[: 2 * (LONGEST_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
