"""Vouchers with their rows as #VER blocks, some at a time so that memory stays bounded."""

from typing import Final

import polars as pl

from closing_host.api.ledger import RowKind
from closing_host.sie.layout import EOL
from closing_host.sie.sheet import LINE, TEXT, Sheet

AT_A_TIME: Final = 20_000

LABELS: Final[dict[RowKind, str]] = {"booked": "TRANS", "added": "RTRANS", "removed": "BTRANS"}


def put_vouchers(sheet: Sheet, vouchers: pl.DataFrame, rows: pl.DataFrame) -> None:
    """All vouchers in the ledger's order, each with its rows in theirs.

    Vouchers of one series whose numbers do not rise are noted, because the standard wants them to (SIE 1.4).
    """
    vouchers, rows = vouchers.sort("voucher"), rows.sort("voucher", "row")
    vouchers = sheet.labelled(vouchers, "VER")
    rows = sheet.labelled(rows, *LABELS.values(), label=pl.col("kind").cast(pl.String).replace_strict(LABELS))
    keys, of_rows = vouchers["voucher"], rows["voucher"]
    vouchers = vouchers.with_columns(
        of_rows.search_sorted(keys, "left").cast(pl.Int64).alias("first"),
        of_rows.search_sorted(keys, "right").cast(pl.Int64).alias("behind"),
    )
    for some in vouchers.iter_slices(AT_A_TIME):
        first, behind = some["first"][0], some["behind"][-1]
        _put_some(sheet, some, rows.slice(first, behind - first))
    _note_falling(sheet, vouchers)


def _put_some(sheet: Sheet, vouchers: pl.DataFrame, rows: pl.DataFrame) -> None:
    # A voucher has three lines beside its rows' (#VER, { and }), so every line is known without counting any.
    before = sheet.lines + 1 + 3 * pl.int_range(pl.len()) - vouchers["first"][0]
    vouchers = vouchers.with_columns((before + pl.col("first")).alias(LINE))
    closing = vouchers.select(pl.col(LINE) + 2 + pl.col("behind") - pl.col("first"), pl.lit("}").alias(TEXT))
    opening = sheet.laid_out(vouchers, "VER").with_columns(pl.col(TEXT) + f"{EOL}{{")
    within = pl.int_range(pl.len()).over("voucher")
    rows = rows.join(vouchers.select("voucher", LINE), on="voucher", how="left", maintain_order="left")
    rows = rows.with_columns(pl.col(LINE) + 2 + within)
    lines = pl.concat([opening, sheet.laid_out(rows, *LABELS.values()), closing]).sort(LINE)
    sheet.put_lines(lines[TEXT].str.join(EOL).item(), lines.height + vouchers.height)


def _note_falling(sheet: Sheet, vouchers: pl.DataFrame) -> None:
    number = pl.col("number").cast(pl.Int64, strict=False)
    falling = (
        vouchers.select("series", "number", number.alias("value"))
        .filter(pl.col("value").is_not_null())
        .filter(pl.col("value").diff().over("series") <= 0)
    )
    if falling.height:
        series, number = falling.row(0)[:2]
        sheet.note_falling(f"{series}{number}", falling.height)
