"""Group 3 of a SIE file (SIE 1.4): accounts, dimensions and objects. The records may come in any order."""

from typing import Final, TypeVar

import polars as pl

from closing_host.api.ledger import SCHEMAS
from closing_host.sie.findings import Findings
from closing_host.sie.header import last_text
from closing_host.sie.tokens import Record
from closing_host.sie.values import account_fault, parse_integer

_K = TypeVar("_K")
_V = TypeVar("_V")

_TYPES: Final = frozenset("TSKI")

LABELS: Final = frozenset({"KONTO", "KTYP", "ENHET", "SRU", "DIM", "UNDERDIM", "OBJEKT"})


class Chart:
    """Collects the chart records. The first statement of an account, dimension or object counts; more are reported."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._names: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self._sru: dict[str, list[str]] = {}
        self._details: dict[tuple[str, str], tuple[int, int]] = {}
        self._dimensions: dict[int, tuple[str, int | None]] = {}
        self._objects: dict[tuple[int, str], str] = {}

    def read(self, record: Record, line: int) -> None:
        """Take one record."""
        if record.label.upper() in ("DIM", "UNDERDIM", "OBJEKT"):
            self._dimension(record, line)
        else:
            self._account(record, line)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Accounts, dimensions and objects, in the order in which they were declared."""
        for (account, label), (line, column) in self._details.items():
            if account not in self._names:
                self._findings.add("sie-account-undeclared", line, column, account, account=account, label=label)
        accounts = [
            (account, name, self._types.get(account), self._units.get(account, ""), self._sru.get(account, []))
            for account, name in self._names.items()
        ]
        dimensions = [(number, *rest) for number, rest in self._dimensions.items()]
        objects = [(*key, name) for key, name in self._objects.items()]
        return {
            table: pl.DataFrame(records, schema=dict(SCHEMAS[table]), orient="row")
            for table, records in (("accounts", accounts), ("dimensions", dimensions), ("objects", objects))
        }

    def _account(self, record: Record, line: int) -> None:
        label = record.label.upper()
        account = record.fields[0].text.strip() if record.fields else ""
        if not account or (len(record.fields) < 2 and label != "KONTO"):
            self._incomplete(record, line)
            return
        if code := account_fault(account):
            self._findings.add(code, line, record.fields[0].column, account, account=account)
        if label == "KONTO":
            self._put(self._names, account, last_text(record, 1, line, self._findings), record, line)
            return
        self._details.setdefault((account, label), (line, record.column))
        value = last_text(record, 1, line, self._findings)
        if label == "ENHET":
            self._put(self._units, account, value, record, line)
        elif label == "SRU":
            self._sru.setdefault(account, []).append(value)
        elif value.upper() in _TYPES:
            self._put(self._types, account, value.upper(), record, line)
        else:
            self._findings.add("sie-account-type-unknown", line, record.fields[1].column, value, account=account)

    def _dimension(self, record: Record, line: int) -> None:
        label = record.label.upper()
        if len(record.fields) < (3 if label == "UNDERDIM" else 2):
            self._incomplete(record, line)
            return
        dimension = parse_integer(record.fields[0].text)
        if dimension is None:
            self._unreadable(record, 0, line)
        elif label == "OBJEKT":
            name = last_text(record, 2, line, self._findings)
            self._put(self._objects, (dimension, record.fields[1].text), name, record, line)
        elif label == "DIM":
            name = last_text(record, 1, line, self._findings)
            self._put(self._dimensions, dimension, (name, None), record, line)
        else:
            parent = parse_integer(record.fields[2].text)
            if parent is None:
                self._unreadable(record, 2, line)
            self._put(self._dimensions, dimension, (record.fields[1].text, parent), record, line)

    def _put(self, kept: dict[_K, _V], key: _K, value: _V, record: Record, line: int) -> None:
        if key in kept:
            said = " ".join(field.text for field in record.fields)
            self._findings.add("sie-record-repeated", line, record.column, said, label=record.label.upper())
        else:
            kept[key] = value

    def _incomplete(self, record: Record, line: int) -> None:
        said = " ".join(field.text for field in record.fields)
        self._findings.add("sie-record-incomplete", line, record.column, said, label=record.label.upper())

    def _unreadable(self, record: Record, at: int, line: int) -> None:
        field = record.fields[at]
        self._findings.add("sie-dimension-unreadable", line, field.column, field.text, label=record.label.upper())
