"""Tables as CSV (RFC 4180): UTF-8, comma, CR LF, a point before the decimals, dates as YYYY-MM-DD."""

from typing import Final

import polars as pl

from closing_host.documents.columns import as_text, is_money, is_text, kronor
from closing_host.documents.target import Target, opened

_FORMULA: Final = r"^[=+\-@\t\r\x00]"
"""How a cell begins that a spreadsheet program would run (T F8)."""


def write_csv(frame: pl.DataFrame, target: Target) -> None:
    """Write `frame` with a header line. Null and empty text are empty fields.

    A text that begins with `=`, `+`, `-`, `@`, tab, CR or NUL gets a `'` in front, so that no spreadsheet program
    takes it for a formula; amounts and other numbers stay as they are. Raises `OSError`.
    """
    safe = frame.select(_cell(name, dtype) for name, dtype in frame.schema.items())
    with opened(target) as file:
        safe.rename(_defused_name).write_csv(file, line_terminator="\r\n")


def _cell(name: str, dtype: pl.DataType) -> pl.Expr:
    if is_money(dtype):
        return kronor(name)
    if not is_text(dtype):
        return pl.col(name)
    text = as_text(name, dtype)
    defused = pl.when(text.str.contains(_FORMULA)).then(pl.concat_str([pl.lit("'"), text])).otherwise(text)
    return pl.when(text != "").then(defused).alias(name)


def _defused_name(name: str) -> str:
    return f"'{name}" if name[:1] in "=+-@\t\r\0" and name else name
