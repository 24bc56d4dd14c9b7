"""A SIE file's first records read (SIE 1.4): #FLAGGA and who, which years, which program."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from closing_host.api.ledger import Address, Company, FinancialYear, Provenance
from closing_host.sie.findings import Findings
from closing_host.sie.tokens import Field, Record
from closing_host.sie.values import parse_date, parse_year_index

_TYPES: Final = ("1", "2", "3", "4")
_LONGEST_YEAR: Final = 18
"""Months (BFL 3 kap. 3 §)."""


class Header:
    """Collects the identification records. A record that may stand once counts the first time; more are reported."""

    def __init__(self, findings: Findings) -> None:
        self.company = Company()
        self.provenance = Provenance()
        self.sie_type = ""
        self.note = self.tax_year = self.chart_type = self.currency = ""
        self.covered_until: date | None = None
        self._years: dict[int, FinancialYear] = {}
        self._findings = findings
        self._seen: set[str] = set()
        self._readers: Final[dict[str, Callable[[Record, int], None]]] = {
            "FLAGGA": self._flag,
            "PROGRAM": self._program,
            "GEN": self._generated,
            "SIETYP": self._type,
            "PROSA": self._prosa,
            "FTYP": self._form,
            "FNR": self._source_id,
            "ORGNR": self._organisation,
            "BKOD": self._industry,
            "ADRESS": self._address,
            "FNAMN": self._name,
            "RAR": self._year,
            "TAXAR": self._tax_year,
            "OMFATTN": self._covered,
            "KPTYP": self._chart,
            "VALUTA": self._currency,
            "FORMAT": lambda record, line: None,
        }

    @property
    def years(self) -> tuple[FinancialYear, ...]:
        """Index 0 first, then -1, -2 ..."""
        return tuple(self._years[index] for index in sorted(self._years, reverse=True))

    def takes(self, label: str) -> bool:
        """Whether `label` (upper case) belongs here."""
        return label in self._readers

    def read(self, record: Record, line: int) -> None:
        """Take one record."""
        label = record.label.upper()
        if label != "RAR" and label in self._seen:
            self._findings.add("sie-record-repeated", line, record.column, _joined(record.fields), label=label)
            return
        self._seen.add(label)
        self._readers[label](record, line)

    def close(self, *, feeder: bool) -> None:
        """The file has ended. `feeder`: it is of type 4I, which need not state the year (SIE 1.5)."""
        if "FNAMN" not in self._seen:
            self._findings.add("sie-company-name-missing", None)
        if 0 not in self._years:
            self._findings.add("sie-year-unstated" if feeder else "sie-year-missing", None)

    def _flag(self, record: Record, line: int) -> None:
        read_before = _text(record, 0) == "1"
        if read_before:
            self._findings.add("sie-read-before", line, record.column)
        self.provenance = replace(self.provenance, read_before=read_before)

    def _program(self, record: Record, line: int) -> None:
        self.provenance = replace(self.provenance, program=_text(record, 0), program_version=_joined(record.fields[1:]))

    def _generated(self, record: Record, line: int) -> None:
        by = _joined(record.fields[1:])
        self.provenance = replace(self.provenance, generated_on=self._date(record, line), generated_by=by)

    def _type(self, record: Record, line: int) -> None:
        self.sie_type = _text(record, 0)
        if self.sie_type not in _TYPES:
            self._findings.add("sie-type-unknown", line, record.column, value=self.sie_type)
            self.sie_type = ""

    def _prosa(self, record: Record, line: int) -> None:
        self.note = self._one_text(record, line)

    def _form(self, record: Record, line: int) -> None:
        self.company = replace(self.company, form=_text(record, 0))

    def _source_id(self, record: Record, line: int) -> None:
        self.company = replace(self.company, source_id=_joined(record.fields))

    def _organisation(self, record: Record, line: int) -> None:
        self.company = replace(
            self.company,
            organisation_number=_text(record, 0),
            acquisition_number=_text(record, 1),
            activity_number=_text(record, 2),
        )

    def _industry(self, record: Record, line: int) -> None:
        self.company = replace(self.company, industry_code=_text(record, 0))

    def _address(self, record: Record, line: int) -> None:
        if len(record.fields) != 4:
            self._findings.add("sie-address-incomplete", line, record.column, count=len(record.fields))
        contact, street, postal, phone = (_text(record, at) for at in range(4))
        self.company = replace(self.company, address=Address(contact, street, postal, phone))

    def _name(self, record: Record, line: int) -> None:
        name = self._one_text(record, line)
        if not name.strip():
            self._findings.add("sie-company-name-missing", line, record.column)
        self.company = replace(self.company, name=name)

    def _year(self, record: Record, line: int) -> None:
        index = parse_year_index(_text(record, 0))
        start, end = (parse_date(_text(record, at)) for at in (1, 2))
        if start[1] or end[1]:
            self._findings.add("sie-date-hyphens", line, record.column, _joined(record.fields))
        if not _joined(record.fields[1:]).strip():
            self._findings.add("sie-record-incomplete", line, record.column, _joined(record.fields), label="RAR")
        elif index is None or start[0] is None or end[0] is None:
            self._findings.add("sie-year-unreadable", line, record.column, _joined(record.fields))
        elif start[0] > end[0]:
            self._findings.add("sie-year-reversed", line, record.column, start=start[0], end=end[0])
        elif index in self._years:
            self._findings.add("sie-record-repeated", line, record.column, _joined(record.fields), label=f"RAR {index}")
        else:
            if _months(start[0], end[0]) > _LONGEST_YEAR:
                self._findings.add("sie-year-long", line, record.column, start=start[0], end=end[0])
            self._years[index] = FinancialYear(index, start[0], end[0])

    def _tax_year(self, record: Record, line: int) -> None:
        self.tax_year = _text(record, 0)
        if not (len(self.tax_year) == 4 and self.tax_year.isdecimal()):
            self._findings.add("sie-tax-year-odd", line, record.column, value=self.tax_year)

    def _covered(self, record: Record, line: int) -> None:
        self.covered_until = self._date(record, line)

    def _chart(self, record: Record, line: int) -> None:
        self.chart_type = _text(record, 0)

    def _currency(self, record: Record, line: int) -> None:
        self.currency = _text(record, 0).upper()

    def _date(self, record: Record, line: int) -> date | None:
        text = _text(record, 0)
        day, hyphens = parse_date(text)
        if hyphens:
            self._findings.add("sie-date-hyphens", line, record.fields[0].column, text)
        elif day is None and text:
            self._findings.add("sie-date-unreadable", line, record.fields[0].column, text, label=record.label.upper())
        return day

    def _one_text(self, record: Record, line: int) -> str:
        return last_text(record, 0, line, self._findings)


def last_text(record: Record, at: int, line: int, findings: Findings) -> str:
    """The text that is a record's last field. Without quotes its blanks split it: it is put together again."""
    rest = record.fields[at:]
    if len(rest) > 1 and not rest[0].quoted:
        findings.add("sie-quotes-missing", line, rest[0].column, _joined(rest), label=record.label.upper())
        return _joined(rest)
    if len(rest) > 1:
        findings.count("sie-fields-extra", (line, rest[1].column, rest[1].text), label=record.label.upper())
    return rest[0].text if rest else ""


def _text(record: Record, at: int) -> str:
    return record.fields[at].text if len(record.fields) > at else ""


def _joined(fields: list[Field]) -> str:
    return " ".join(field.text for field in fields)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + (1 if end.day >= start.day else 0)
