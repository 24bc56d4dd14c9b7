"""`read`: a SIE file of type 1-4 as a `Ledger`. The other modules of this package each know one part of the way."""

import io
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final

import polars as pl

from closing_host.api.errors import UnsupportedFormat
from closing_host.api.ledger import SCHEMAS, Ledger, Provenance
from closing_host.sie import encoding as encodings
from closing_host.sie import patterns
from closing_host.sie.ahead import ahead
from closing_host.sie.blocks import Blocks
from closing_host.sie.columns import Columns, read_columns
from closing_host.sie.findings import Findings
from closing_host.sie.gathering import Rows, Vouchers
from closing_host.sie.ksumma import Ksumma
from closing_host.sie.letters import Letters
from closing_host.sie.object_lists import ObjectLists
from closing_host.sie.pieces import Input, Source, opened
from closing_host.sie.strict import BALANCE_ROWS, StrictReader

Progress = Callable[[int, int], None]
"""Called after each piece with the bytes done and the bytes in all; what it raises ends the reading."""

_HEAD: Final = 2**20
"""Bytes at the file's start that must show what it is."""
_XML: Final = re.compile(r"[\s\ufeff]*<")
_ANY_LABEL: Final = re.compile(r"(?:\A\ufeff?|[\r\n])[ \t{}]*#[A-Za-z]")


def read(source: Source, *, encoding: str | None = None, progress: Progress | None = None) -> Ledger:
    """Read SIE type 1, 2, 3, 4E or 4I. `source`: a path, the bytes, or a file opened in binary mode.

    Whatever the content, a ledger comes back, and what could not be read, or was read with doubt, stands in
    `Ledger.findings` with line, column and text. `encoding` (any of Python's) overrules what the bytes show.
    Raises `UnsupportedFormat` for SIE 5 (`sie-5-unsupported`) and for what is no SIE at all (`sie-not-recognised`),
    `DataError` for an unknown `encoding`, `OSError` for a file that cannot be opened, and what `progress` raises.
    """
    return read_ledger(source, encoding=encoding, progress=progress)


def read_ledger(
    source: Source, *, encoding: str | None = None, progress: Progress | None = None, line_by_line: bool = False
) -> Ledger:
    """As `read`. `line_by_line` keeps the columnar patterns out, so that tests can compare the two."""
    asked = None if encoding is None else encodings.named(encoding)
    with opened(source) as input_:
        start = input_.head(_HEAD)
        text_encoding = asked or encodings.detect(start)
        _recognise(encodings.decode(start, text_encoding))
        if encodings.keeps_lines(text_encoding):
            letters, pieces = Letters(asked), input_.pieces()
        else:
            text = encodings.decode(input_.whole(), text_encoding).encode("utf-8", "replace")
            letters, pieces = Letters.already_utf8(text_encoding), Input(io.BytesIO(text)).pieces()
        reader = _Reader()
        lists = ObjectLists()
        drawn = ((piece, letters.decide(piece), input_.done) for piece in pieces)
        work = partial(_read_piece, lists=lists, line_by_line=line_by_line)
        with closing(ahead(work, drawn)) as read_ahead:
            for columns, done in read_ahead:
                reader.add(columns)
                if progress is not None:
                    progress(done, input_.size)
        return reader.ledger(Provenance(encoding=letters.encoding, sha256=input_.sha256, size=input_.done))


def _read_piece(drawn: tuple[bytes, str, int], *, lists: ObjectLists, line_by_line: bool) -> tuple[Columns, int]:
    piece, encoding, done = drawn
    return read_columns(piece, encoding, lists, line_by_line=line_by_line), done


def _recognise(start: str) -> None:
    """Raise `UnsupportedFormat` unless the file may be SIE 1-4."""
    if _XML.match(start):
        raise UnsupportedFormat("sie-5-unsupported")
    if not _ANY_LABEL.search(start):
        raise UnsupportedFormat("sie-not-recognised")


class _Reader:
    """Collects the tables of one file."""

    def __init__(self) -> None:
        self._findings = Findings()
        self._lines = 0
        self._ksumma = Ksumma(self._findings)
        self._blocks = Blocks(self._findings)
        self._strict = StrictReader(self._findings)
        self._vouchers = Vouchers(self._findings)
        self._rows = Rows(self._findings)
        self._balances = [pl.DataFrame(schema=BALANCE_ROWS)]

    def add(self, columns: Columns) -> None:
        """The next piece: the strict reading of what the patterns left, and everything into its table."""
        self._findings.take(columns.notes, self._lines)
        placed = columns.behind(self._lines)
        checksums = self._strict.checksums
        self._vouchers.add(_both(placed.vouchers, self._strict.vouchers))
        rows, left = placed.rows
        self._rows.add(_both((self._blocks.keyed(rows), self._blocks.keyed(left)), self._strict.rows))
        self._balances.append(_both(placed.others, self._strict.others))
        self._blocks.advance(placed.placed, placed.doubtful)
        self._ksumma.feed(columns.data, self._lines + 1, stated=self._strict.checksums > checksums)
        self._lines += columns.lines

    def ledger(self, source: Provenance) -> Ledger:
        """What was read, when the file has ended; `source` is what is known of its bytes."""
        self._blocks.close()
        self._ksumma.close()
        if source.encoding != encodings.CP437:
            self._findings.add("sie-encoding-unexpected", None, encoding=source.encoding)
        rows = self._rows.table()
        vouchers = self._vouchers.table(self._rows.filled)
        balances = pl.concat(self._balances).select(*SCHEMAS["balances"])
        header = self._strict.header
        tables = self._strict.chart.tables()
        tables |= {"vouchers": vouchers, "rows": rows, "balances": balances}
        form = _format(header.sie_type, vouchers.height > 0, balances.height > 0, bool(header.years))
        header.close(feeder=form == "SIE 4I")
        provenance = replace(
            header.provenance,
            format=form,
            encoding=source.encoding,
            sha256=source.sha256,
            size=source.size,
            checksum=self._ksumma.state,
        )
        return Ledger(
            company=header.company,
            years=header.years,
            findings=self._findings.frame(),
            currency=header.currency or "SEK",
            chart_type=header.chart_type,
            tax_year=header.tax_year,
            covered_until=header.covered_until,
            note=header.note,
            provenance=provenance,
            **tables,
        )


def _both(split: patterns.Split, read_strictly: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """What the patterns read and the strict reading of what they left, in the order of the file."""
    read, left = split
    if not left.height:
        return read
    strictly = read_strictly(left)
    return pl.concat([read, strictly]).sort("at") if read.height else strictly


def _format(sie_type: str, vouchers: bool, balances: bool, years: bool) -> str:
    """`SIE 4I` is a type 4 that brings vouchers and no balances; without #SIETYP a file is of type 1 (SIE 1.2)."""
    if not sie_type:
        sie_type = "4" if vouchers else "1"
    if sie_type != "4":
        return f"SIE {sie_type}"
    return "SIE 4E" if balances or (years and not vouchers) else "SIE 4I"
