"""The strict reading of vouchers, rows and balances: one record in, one row of a table out, faults to the log.

What has a value is kept, whatever else is wrong with the record: an unreadable amount is null and named, never a
guess, and never a reason to lose the row.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from closing_host.sie.findings import Findings
from closing_host.sie.tokens import Fault, Field, Record
from closing_host.sie.values import (
    account_fault,
    parse_amount,
    parse_date,
    parse_integer,
    parse_period,
    parse_quantity,
    parse_year_index,
)

ROW_KINDS: Final = {"TRANS": "booked", "RTRANS": "added", "BTRANS": "removed"}
BALANCES: Final = frozenset({"IB", "UB", "RES", "OIB", "OUB", "PSALDO", "PBUDGET"})

ObjectList = list[dict[str, object]]
VoucherRecord = tuple[int, str, str, date | None, str, date | None, str]
"""Line, series, number, date, text, registered on, signature."""
RowRecord = tuple[int, str, str | None, int | None, ObjectList, date | None, str, Decimal | None, str]
"""Line, kind, account, amount, objects, date, text, quantity, signature."""
BalanceRecord = tuple[int, str, int, int | None, str, ObjectList, int, Decimal | None]
"""Line, kind, year, period, account, objects, amount, quantity."""

_VOUCHER_FIELDS: Final = 6
_LIST_OPTIONAL: Final = frozenset({"PSALDO", "PBUDGET"})
"""In files of type 2, which have no objects, programs leave the list out."""
_LIST_AT: Final = {"OIB": 2, "OUB": 2, "PSALDO": 3, "PBUDGET": 3}


class RecordReader:
    """Reads records of one file into the tuples above; `findings` gets what there is to say."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def voucher(self, record: Record, line: int) -> VoucherRecord:
        """A #VER. Series and number may be empty; a date that cannot be read is null."""
        fields = self._in_place(record.fields, line)
        self._extra(record, fields[_VOUCHER_FIELDS:], line)
        series, number, day, text, registered, signature = _padded(fields, _VOUCHER_FIELDS, record.column)
        dated, hyphens = parse_date(day.text)
        words = text.text
        if hyphens:
            self._add("sie-date-hyphens", day, line)
        elif not day.text:
            self._add("sie-voucher-date-missing", day, line, series=series.text, number=number.text)
        elif dated is None:
            self._add("sie-voucher-date-unreadable", day, line, series=series.text, number=number.text, value=day.text)
            words = words or ("" if day.text.isdecimal() else day.text)
        return (
            line,
            series.text,
            number.text,
            dated,
            words,
            self._date(registered, line, "sie-voucher-registered-unreadable"),
            signature.text,
        )

    def row(self, record: Record, line: int) -> RowRecord:
        """A #TRANS, #RTRANS or #BTRANS. Account and amount are null when they cannot be read."""
        before, after = self._around_list(record, 1, line)
        account = before[0] if before else Field("", record.column, False)
        amount, day, text, quantity, signature = _padded(after, 5, record.column)
        self._extra(record, after[5:], line)
        number = account.text.strip()
        if not number:
            self._add("sie-account-missing", account, line)
        elif code := account_fault(number):
            self._add(code, account, line, account=number)
        row_day, hyphens = parse_date(day.text)
        words = text.text
        if hyphens:
            self._add("sie-date-hyphens", day, line)
        elif row_day is None and day.text and not words and not day.text.isdecimal():
            self._add("sie-row-date-is-text", day, line, value=day.text)
            words = day.text
        elif row_day is None and day.text:
            self._add("sie-row-date-unreadable", day, line, value=day.text)
        return (
            line,
            ROW_KINDS[record.label.upper()],
            number or None,
            self._amount(amount, line, number),
            self._objects(record, line),
            row_day,
            words,
            self._quantity(quantity, line),
            signature.text,
        )

    def balance(self, record: Record, line: int) -> BalanceRecord | None:
        """A balance, or None (and a finding) when its year, period, account or amount cannot be read."""
        kind = record.label.upper()
        if kind in _LIST_AT:
            before, after = self._around_list(record, _LIST_AT[kind], line)
        else:
            before, after = record.fields[:2], record.fields[2:]
        if kind.startswith("P"):
            year, month, account = _padded(before, 3, record.column)
        else:
            (year, account), month = _padded(before, 2, record.column), Field("", record.column, False)
        amount, quantity = _padded(after, 2, record.column)
        self._extra(record, after[2:], line)
        if kind.startswith("P") and parse_period(month.text) is None and parse_period(account.text) is not None:
            self._findings.count("sie-fields-swapped", (line, month.column, month.text), label=kind)
            month, account = account, month
        index, period = parse_year_index(year.text), parse_period(month.text)
        number = account.text.strip()
        ore, code = parse_amount(amount.text)
        needed: list[tuple[Field, object]] = [(year, index), (account, number or None), (amount, ore)]
        if kind.startswith("P"):
            needed.insert(1, (month, period))
        wrong = next((field for field, value in needed if value is None), None)
        if wrong is not None:
            self._add("sie-balance-unreadable", wrong, line, label=kind, account=number)
            return None
        assert index is not None
        assert ore is not None
        if code:
            self._add(code, amount, line, account=number, value=amount.text)
        if code := account_fault(number):
            self._add(code, account, line, account=number)
        return line, kind, index, period, number, self._objects(record, line), ore, self._quantity(quantity, line)

    def faults(self, faults: list[Fault], line: int) -> None:
        """Report what the tokeniser found."""
        for fault in faults:
            self._findings.add(fault.code, line, fault.column, fault.text)

    def _around_list(self, record: Record, at: int, line: int) -> tuple[list[Field], list[Field]]:
        """The fields before and after the object list, which belongs behind `at` fields."""
        if record.objects is None:
            if len(record.fields) > at and record.label.upper() not in _LIST_OPTIONAL:
                place = (line, record.fields[at].column, "")
                self._findings.count("sie-list-missing", place, label=record.label.upper())
            return record.fields[:at], record.fields[at:]
        if record.split > at:
            self._add("sie-fields-shifted", record.fields[at], line, label=record.label.upper())
        return record.fields[: record.split][:at], record.fields[record.split :]

    def _in_place(self, fields: list[Field], line: int) -> list[Field]:
        """A #VER's fields with what was left out put back: programs leave out the series, or the number too."""
        if (len(fields) > 2 and parse_date(fields[2].text)[0]) or (len(fields) > 2 and not fields[2].text):
            return fields
        for at in (1, 0):
            if len(fields) > at and parse_date(fields[at].text)[0]:
                self._add("sie-fields-shifted", fields[at], line, label="VER")
                nothing = Field("", fields[at].column, False)
                if at == 1 and not fields[0].text.isdecimal():
                    return [fields[0], nothing, *fields[1:]]
                return [*([nothing] * (2 - at)), *fields]
        return fields

    def _objects(self, record: Record, line: int) -> ObjectList:
        pairs, faults = paired(record.objects or [])
        self.faults(faults, line)
        return pairs

    def _amount(self, field: Field, line: int, account: str) -> int | None:
        ore, code = parse_amount(field.text)
        if code:
            self._add(code, field, line, account=account, value=field.text)
        return ore

    def _quantity(self, field: Field, line: int) -> Decimal | None:
        quantity = parse_quantity(field.text)
        if quantity is None and field.text:
            self._add("sie-quantity-unreadable", field, line, value=field.text)
        return quantity

    def _date(self, field: Field, line: int, code: str) -> date | None:
        day, hyphens = parse_date(field.text)
        if hyphens:
            self._add("sie-date-hyphens", field, line)
        elif day is None and field.text:
            self._add(code, field, line, value=field.text)
        return day

    def _extra(self, record: Record, extra: list[Field], line: int) -> None:
        if extra:
            place = (line, extra[0].column, extra[0].text)
            self._findings.count("sie-fields-extra", place, label=record.label.upper())

    def _add(self, code: str, field: Field, line: int, **parameters: object) -> None:
        self._findings.add(code, line, field.column, field.text, **parameters)


def paired(members: list[Field]) -> tuple[ObjectList, list[Fault]]:
    """Dimension and object, two by two. What makes no pair, or has no numeric dimension, is a fault."""
    objects: ObjectList = []
    faults: list[Fault] = []
    for dimension, code in zip(members[::2], members[1::2], strict=False):
        number = parse_integer(dimension.text)
        if number is None:
            faults.append(Fault("sie-list-wrong", dimension.column, dimension.text))
        else:
            objects.append({"dimension": number, "object": code.text})
    if len(members) % 2:
        faults.append(Fault("sie-list-wrong", members[-1].column, members[-1].text))
    return objects, faults


def _padded(fields: list[Field], count: int, column: int) -> list[Field]:
    """The first `count` fields, with empty ones for those that the record leaves out."""
    given = fields[:count]
    end = given[-1].column if given else column
    return given + [Field("", end, False)] * (count - len(given))
