"""Where a sheet that a command shows is written instead: a new CSV or XLSX file, by its name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from closing_host.api.errors import DataError

if TYPE_CHECKING:
    import polars as pl


def write_sheet(target: Path, tables: "Mapping[str, pl.DataFrame]", table: "pl.DataFrame") -> None:
    """A workbook of `tables`, or `table` as CSV.

    Raises `DataError` `sheet-format-unknown` for another ending, `target-exists` for a file that is there.
    """
    from closing_host.documents import write_csv, write_xlsx

    form = target.suffix.lower()
    if form not in (".csv", ".xlsx"):
        raise DataError("sheet-format-unknown", file=target.name)
    if target.exists():
        raise DataError("target-exists", file=str(target))
    if form == ".csv":
        write_csv(table, target)
    else:
        write_xlsx(tables, target, created=datetime.now(UTC))
