"""Vouchers and rows gathered piece by piece, and what only their whole can show.

Every piece is brought into its final form at once: a pass over the whole at the end would take the memory twice.
"""

from typing import Final

import polars as pl

from closing_host.api.ledger import SCHEMAS, empty
from closing_host.sie.findings import Findings

_ADDED: Final = pl.col("kind") == "added"


class Vouchers:
    """The vouchers of a file, in order."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._frames = [empty("vouchers")]
        self._count = 0

    def add(self, vouchers: pl.DataFrame) -> None:
        """The next vouchers, as `strict.VOUCHERS`. Missing series and numbers are told once for the file."""
        if not vouchers.height:
            return
        for column in ("series", "number"):
            missing = vouchers.filter(pl.col(column) == "")
            if missing.height:
                place = (missing["line"][0], None, "")
                self._findings.count(f"sie-voucher-{column}-missing", place, missing.height)
        self._frames.append(vouchers.with_row_index("voucher", self._count).select(*SCHEMAS["vouchers"]))
        self._count += vouchers.height

    def table(self, filled: pl.Series) -> pl.DataFrame:
        """All of them. Those that are not among `filled` have no rows: numbers that were cancelled, as a rule."""
        vouchers = pl.concat(self._frames)
        unfilled = vouchers.filter(~pl.col("voucher").is_in(filled.implode())) if vouchers.height else vouchers
        for line, series, number in unfilled.select("line", "series", "number").iter_rows():
            self._findings.add("sie-voucher-empty", line, series=series, number=number)
        return vouchers


class Rows:
    """The rows of a file's vouchers, in order, numbered within each voucher.

    Every added row (#RTRANS) must be followed at once by the booked row that it adds. The two are matched by account,
    objects and amount only: programs give the #RTRANS the correction's date and signature, and its twin the voucher's
    (SIE 2).
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._frames = [empty("rows")]
        self._filled = [pl.Series("voucher", [], pl.UInt32)]
        self._last = empty("rows")

    @property
    def filled(self) -> pl.Series:
        """The keys of the vouchers that have rows."""
        return pl.concat(self._filled)

    def add(self, rows: pl.DataFrame) -> None:
        """The next rows, as `strict.ROWS`."""
        if not rows.height:
            return
        numbered = self._numbered(rows).select(*SCHEMAS["rows"])
        self._review_twins(pl.concat([self._last, numbered]))
        self._filled.append(numbered["voucher"].unique())
        self._frames.append(numbered)
        self._last = numbered.tail(1)

    def table(self) -> pl.DataFrame:
        """All of them."""
        self._review_twins(self._last, ended=True)
        return pl.concat(self._frames)

    def _numbered(self, rows: pl.DataFrame) -> pl.DataFrame:
        index = pl.int_range(pl.len(), dtype=pl.Int64)
        voucher = pl.col("voucher")
        first = pl.when(voucher != voucher.shift(1)).then(index).forward_fill()
        # The first voucher of the piece may have begun in the one before.
        began = 0
        if self._last.height and self._last["voucher"][0] == rows["voucher"][0]:
            began = -1 - self._last["row"][0]
        return rows.with_columns((index - first.fill_null(began)).cast(pl.UInt32).alias("row"))

    def _review_twins(self, rows: pl.DataFrame, *, ended: bool = False) -> None:
        """Look at the added rows, save a last one whose twin may be the first row of the next piece."""
        added = rows.select(_ADDED).to_series()
        if not added.any():
            return
        near = rows.with_row_index("index").filter(added | added.shift(1, fill_value=False))
        columns = ("index", "voucher", "kind", "account", "amount", "objects", "line")
        seen = {index: rest for index, *rest in near.select(columns).iter_rows()}
        for index, (voucher, kind, account, amount, objects, line) in seen.items():
            if kind != "added" or (index == rows.height - 1 and not ended):
                continue
            twin = seen.get(index + 1)
            if twin is None or twin[:5] != [voucher, "booked", account, amount, objects]:
                self._findings.add("sie-twin-missing", line, account=account or "")
