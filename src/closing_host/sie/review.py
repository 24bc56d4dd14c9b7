"""What only the whole file can show about its vouchers and rows."""

import polars as pl

from closing_host.sie.findings import Findings


def number_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `row` UInt32: 0, 1, ... within each voucher. The rows of a voucher stand together."""
    index = pl.int_range(pl.len(), dtype=pl.UInt32)
    begins = pl.col("voucher") != pl.col("voucher").shift(1)
    first = pl.when(begins.fill_null(True)).then(index).forward_fill()
    return rows.with_columns((index - first).alias("row"))


def review_twins(rows: pl.DataFrame, findings: Findings) -> None:
    """Every added row (#RTRANS) must be followed at once by the booked row that it adds.

    The two are matched by account, objects and amount only: programs give the #RTRANS the correction's date and
    signature, and its twin the voucher's (SIE 2).
    """
    if not rows.select((pl.col("kind") == "added").any()).item():
        return
    compared = rows.lazy().select("voucher", "kind", "account", "amount", "objects", "line").with_row_index("index")
    added = (pl.col("kind") == "added").alias("added")
    near = compared.filter(added | added.shift(1, fill_value=False)).collect()
    twins = {index: same for index, *same in near.iter_rows() if same[1] == "booked"}
    for index, voucher, kind, account, amount, objects, line in near.iter_rows():
        if kind == "added":
            twin = twins.get(index + 1)
            if twin is None or (twin[0], *twin[2:5]) != (voucher, account, amount, objects):
                findings.add("sie-twin-missing", line, account=account or "")


def review_vouchers(vouchers: pl.DataFrame, rows: pl.DataFrame, findings: Findings) -> None:
    """Vouchers without rows (cancelled numbers, which some programs keep), without series, without number."""
    filled = rows.select(pl.col("voucher").unique())
    empty = vouchers.join(filled, on="voucher", how="anti").sort("voucher")
    for line, series, number in empty.select("line", "series", "number").iter_rows():
        findings.add("sie-voucher-empty", line, series=series, number=number)
    for column in ("series", "number"):
        missing = vouchers.filter(pl.col(column) == "")
        if missing.height:
            findings.count(f"sie-voucher-{column}-missing", (missing["line"][0], None, ""), missing.height)
