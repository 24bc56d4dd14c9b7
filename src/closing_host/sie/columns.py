"""One piece of a file read as columns, by itself: pieces can be read side by side and put together in order."""

from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from closing_host.sie import lines as layout
from closing_host.sie import patterns
from closing_host.sie.blocks import INSIDE, OTHER, ROW, VOUCHER, WHAT, place
from closing_host.sie.findings import Note
from closing_host.sie.letters import utf8
from closing_host.sie.object_lists import ObjectLists
from closing_host.sie.strict import BALANCE_ROWS, ROWS, VOUCHERS


@dataclass(frozen=True, slots=True)
class Columns:
    """What the patterns read of a piece, and what they left; lines count from 1.

    `data`: the piece in UTF-8. `placed`: its lines as `blocks.place` gives them, without text; `doubtful`: those of
    its rows, with text, that stand in no voucher, or in one only if a piece before left it open.
    """

    data: bytes
    notes: list[Note]
    placed: pl.DataFrame
    doubtful: pl.DataFrame
    vouchers: patterns.Split
    rows: patterns.Split
    others: patterns.Split

    @property
    def lines(self) -> int:
        """How many lines the piece has."""
        return int(self.placed["line"][-1])

    def behind(self, lines: int) -> Self:
        """The same with the file's line numbers, `lines` of which stand before the piece."""

        def shifted(split: patterns.Split) -> patterns.Split:
            read, left = split
            return read.with_columns(line), left.with_columns(line)

        if not lines:
            return self
        line = layout.LINE + lines
        return replace(
            self,
            placed=self.placed.with_columns(line),
            doubtful=self.doubtful.with_columns(line),
            vouchers=shifted(self.vouchers),
            rows=shifted(self.rows),
            others=shifted(self.others),
        )


def read_columns(piece: bytes, encoding: str, lists: ObjectLists, *, line_by_line: bool = False) -> Columns:
    """Read a piece that is whole lines. `line_by_line`: leave everything to the strict reading."""
    data, notes = utf8(piece, encoding)
    lines = layout.split(data)
    read = _read(lines, lists, line_by_line)
    left = [read.doubtful, read.vouchers[1], read.rows[1], read.others[1]]
    if layout.need_tidying(lines, left):
        lines, more = layout.split_tidily(data)
        read, notes = _read(lines, lists, line_by_line), notes + more
    return replace(read, data=data, notes=notes)


def _read(lines: pl.DataFrame, lists: ObjectLists, line_by_line: bool) -> Columns:
    placed = place(lines)
    columns = ("at", "line", "offset", "text")
    vouchers = placed.filter(WHAT == VOUCHER).select(columns)
    rows = placed.filter((WHAT == ROW) & INSIDE.fill_null(True)).select(*columns, "voucher")
    others = placed.filter(WHAT == OTHER).filter(layout.TEXT.str.contains("[^ \t]")).select(columns)
    doubtful = placed.filter((WHAT == ROW) & ~INSIDE.fill_null(False))
    placed = placed.drop("text")
    if line_by_line:
        nothing = (pl.DataFrame(schema=schema) for schema in (VOUCHERS, ROWS, BALANCE_ROWS))
        split = list(zip(nothing, (vouchers, rows, others), strict=True))
    else:
        split = [patterns.vouchers(vouchers), patterns.rows(rows, lists), patterns.balances(others, lists)]
    return Columns(b"", [], placed, doubtful, *split)
