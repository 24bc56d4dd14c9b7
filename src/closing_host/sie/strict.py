"""Lines read one by one: all that the columnar patterns leave, which is everything unusual and the first pages."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import SCHEMAS
from closing_host.sie import chart
from closing_host.sie.chart import Chart
from closing_host.sie.findings import Findings
from closing_host.sie.header import Header
from closing_host.sie.records import BALANCES, BalanceRecord, RecordReader, RowRecord, VoucherRecord
from closing_host.sie.tokens import Record, parse

Line = tuple[int, int, int, str]
"""`at`, `line`, `offset`, `text` (see `lines.py`)."""

_AT: Final = {"at": pl.UInt32}


def _schema(table: str, columns: Iterable[str]) -> dict[str, Any]:
    return {name: SCHEMAS[table][name] for name in columns}


VOUCHERS: Final = _AT | _schema("vouchers", ("line", "series", "number", "date", "text", "registered_on", "signature"))
ROWS: Final = (
    _AT
    | {"voucher": pl.UInt32}
    | _schema("rows", ("line", "kind", "account", "amount", "objects", "date", "text", "quantity", "signature"))
)
BALANCE_ROWS: Final = (
    _AT
    | {"line": pl.UInt32}
    | _schema("balances", ("kind", "year", "period", "account", "objects", "amount", "quantity"))
)
"""What the strict and the columnar reading both make, so that the two can be put together and sorted by `at`."""


class StrictReader:
    """Reads lines of one file; what is no table row goes to `header` and `chart`."""

    def __init__(self, findings: Findings) -> None:
        self.header = Header(findings)
        self.chart = Chart(findings)
        self.checksums = 0
        """How many #KSUMMA have been met."""
        self._records = RecordReader(findings)
        self._findings = findings

    def vouchers(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The vouchers (`VOUCHERS`) of lines that begin with #VER."""
        read: list[tuple[int, *VoucherRecord]] = []
        for at, line, offset, text in lines.iter_rows():
            read.append((at, *self._records.voucher(self._record(line, offset, text), line)))
        return pl.DataFrame(read, schema=VOUCHERS, orient="row")

    def rows(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The rows (`ROWS`) of lines that begin with #TRANS, #RTRANS or #BTRANS; `lines` has `voucher` too."""
        read: list[tuple[int, int, *RowRecord]] = []
        for at, line, offset, text, voucher in lines.iter_rows():
            read.append((at, voucher, *self._records.row(self._record(line, offset, text), line)))
        return pl.DataFrame(read, schema=ROWS, orient="row")

    def others(self, lines: pl.DataFrame) -> pl.DataFrame:
        """The balances (`BALANCE_ROWS`) of any other lines; the rest of them is taken in or reported."""
        balances: list[tuple[int, *BalanceRecord]] = []
        for at, line, offset, text in lines.iter_rows():
            record = parse(text, offset)
            if record is None:
                self._findings.add("sie-line-unreadable", line, offset + 1, text.strip(" \t"))
                continue
            self._records.faults(record.faults, line)
            label = record.label.upper()
            if label in BALANCES:
                balance = self._records.balance(record, line)
                if balance is not None:
                    balances.append((at, *balance))
            elif self.header.takes(label):
                self.header.read(record, line)
            elif label in chart.LABELS:
                self.chart.read(record, line)
            elif label == "KSUMMA":
                self.checksums += 1
            else:
                self._findings.count("sie-label-unknown", (line, record.column, text), label=record.label)
        return pl.DataFrame(balances, schema=BALANCE_ROWS, orient="row")

    def _record(self, line: int, offset: int, text: str) -> Record:
        record = parse(text, offset)
        assert record is not None, "the line was marked as a record"
        self._records.faults(record.faults, line)
        return record
