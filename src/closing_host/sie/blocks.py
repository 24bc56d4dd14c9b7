"""Which voucher each row belongs to, and whether the braces are in order."""

from typing import Final

import polars as pl

from closing_host.sie.findings import Findings
from closing_host.sie.lines import LINE, TEXT

VOUCHER, OPEN, CLOSE, ROW, OTHER = 1, 2, 3, 4, 0
WHAT: Final = pl.col("what")
INSIDE: Final = pl.col("inside")

_ENDS: Final = r'(?:[ \t{"]|$)'
_VOUCHER: Final = rf"^[ \t]*#[Vv][Ee][Rr]{_ENDS}"
_ROW: Final = rf"^[ \t]*#[RrBb]?[Tt][Rr][Aa][Nn][Ss]{_ENDS}"

_MISSING_OPEN: Final = "sie-brace-open-missing"
_MISSING_CLOSE: Final = "sie-brace-close-missing"
_STRAY: Final = "sie-brace-stray"

_AS_USUAL: Final = (
    pl.when(TEXT.str.starts_with("#TRANS "))
    .then(ROW)
    .when(TEXT == "}")
    .then(CLOSE)
    .when(TEXT == "{")
    .then(OPEN)
    .when(TEXT.str.starts_with("#VER "))
    .then(VOUCHER)
    .cast(pl.UInt8)
)
_AT_LARGE: Final = (
    pl.when(TEXT.str.contains(_ROW))
    .then(ROW)
    .when(TEXT.str.contains(_VOUCHER))
    .then(VOUCHER)
    .when(TEXT.str.contains(r"^[ \t]*\{[ \t]*$"))
    .then(OPEN)
    .when(TEXT.str.contains(r"^[ \t]*\}[ \t]*$"))
    .then(CLOSE)
    .otherwise(OTHER)
    .cast(pl.UInt8)
)


def _what(lines: pl.DataFrame) -> pl.Series:
    """What stands on each line. Patterns are dear, so only the lines that are not written as usual meet them."""
    what = lines.select(_AS_USUAL.alias("what")).to_series()
    unusual = what.is_null()
    if unusual.any():
        what = what.scatter(unusual.arg_true(), lines.filter(unusual).select(_AT_LARGE).to_series())
    return what


def place(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of a piece with three more columns: `what` UInt8 (`VOUCHER`, `OPEN`, `CLOSE`, `ROW`, or `OTHER` for all
    else), `voucher` UInt32 (how many vouchers have begun in the piece: 0 means the one that was open before) and
    `inside` Boolean (whether that voucher is open; null where only the pieces before can tell)."""
    last = pl.when(WHAT.is_in([VOUCHER, CLOSE])).then(WHAT).forward_fill()
    return lines.hstack([_what(lines)]).with_columns(
        (WHAT == VOUCHER).cum_sum().cast(pl.UInt32).alias("voucher"), (last == VOUCHER).alias("inside")
    )


class Blocks:
    """Follows vouchers through the pieces of a file.

    A row belongs to the last #VER before it, unless a `}` stands between; braces that are missing are reported once
    for the whole file, rows outside any voucher one by one, because they are not read.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._vouchers = 0
        self._inside = False
        self._last = (CLOSE, 0)

    def keyed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of the next piece that may belong to a voucher: those that do, with its key in `voucher`."""
        if not rows.height:
            return rows
        if not self._inside:
            rows = rows.filter(pl.col("voucher") > 0)
        key = pl.col("voucher").cast(pl.Int64) + (self._vouchers - 1)
        return rows.with_columns(key.cast(pl.UInt32))

    def advance(self, placed: pl.DataFrame, doubtful: pl.DataFrame) -> None:
        """Go on behind the lines of this piece, and report what is wrong with them. `doubtful`: those of its rows for
        which `inside` is not true."""
        if doubtful.height:
            outside = doubtful.filter(~INSIDE.fill_null(self._inside))
            for line, offset, text in outside.select("line", "offset", "text").iter_rows():
                self._findings.add("sie-row-outside-voucher", line, offset + 1, text)
        self._check_braces(placed)
        self._vouchers += placed["voucher"][-1]
        inside = placed["inside"][-1]
        self._inside = self._inside if inside is None else inside

    def close(self) -> None:
        """The file has ended."""
        what, line = self._last
        if what == VOUCHER:
            self._findings.count(_MISSING_OPEN, (line, None, ""))
        elif what == OPEN:
            self._findings.count(_MISSING_CLOSE, (line, None, ""))

    def _check_braces(self, placed: pl.DataFrame) -> None:
        braces = placed.filter(WHAT.is_in([VOUCHER, OPEN, CLOSE]))
        if not braces.height:
            return
        what, line = self._last
        before, line_before = WHAT.shift(1, fill_value=what), LINE.shift(1, fill_value=line)
        wrong = {
            _MISSING_OPEN: (line_before, (before == VOUCHER) & (WHAT != OPEN)),
            _MISSING_CLOSE: (line_before, (before == OPEN) & (WHAT == VOUCHER)),
            _STRAY: (LINE, (WHAT == OPEN) & (before != VOUCHER) | (WHAT == CLOSE) & (before == CLOSE)),
        }
        found = braces.select(place.filter(each).implode().alias(code) for code, (place, each) in wrong.items())
        for code, (lines,) in found.to_dict().items():
            if lines.len():
                self._findings.count(code, (lines[0], None, ""), lines.len())
        self._last = braces["what"][-1], braces["line"][-1]
