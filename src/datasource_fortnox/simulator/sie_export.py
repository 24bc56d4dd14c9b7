"""SIE 1-4 files in Fortnox's own layout: the 2025 form, or the 2011 one by a switch (F 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.ledger import FinancialYear, Row, Voucher
from datasource_fortnox.simulator.money import plain, two_decimals
from datasource_fortnox.simulator.switches import Switches
from datasource_fortnox.simulator.totals import totals

__all__ = ["Selection", "SieRequest", "export", "parse_selection"]

Selection = Mapping[str, tuple[int, int] | None]
"""Series, each with a closed interval of numbers or None for all."""


@dataclass(frozen=True)
class SieRequest:
    """What the caller asked for."""

    type: int = 4
    first: date | None = None
    last: date | None = None
    all_accounts: bool = False
    selection: Selection | None = None

    def takes(self, voucher: Voucher) -> bool:
        """Whether the voucher is written."""
        if (self.first and voucher.date < self.first) or (self.last and voucher.date > self.last):
            return False
        if self.selection is None:
            return True
        if voucher.series not in self.selection:
            return False
        interval = self.selection[voucher.series]
        return interval is None or interval[0] <= voucher.number <= interval[1]


def parse_selection(text: str) -> Selection:
    """``A,20,24;B,5,9`` or ``A``; ValueError for open-ended intervals (F 4.1, O)."""
    found: dict[str, tuple[int, int] | None] = {}
    for part in text.split(";"):
        series, *bounds = part.split(",")
        if not series or len(bounds) not in {0, 2}:
            raise ValueError(f"open-ended interval {part!r}")
        found[series] = (int(bounds[0]), int(bounds[1])) if bounds else None
    return found


def export(company: Company, year: FinancialYear, wanted: SieRequest, switches: Switches) -> str:
    """The file's text with CRLF. Balances are never restricted by the voucher selection (U, F 4.1)."""
    writer = _Writer(company, year, wanted, switches)
    return "".join(f"{line}\r\n" for line in writer.lines())


class _Writer:
    def __init__(self, company: Company, year: FinancialYear, wanted: SieRequest, switches: Switches) -> None:
        self.company, self.year, self.wanted = company, year, wanted
        self.old = switches.sie_form == "2011"
        self.switches = switches
        self.totals = totals(year)
        self.previous = company.year_before(year)

    def lines(self) -> Iterator[str]:
        yield from self._header()
        yield ""
        used = {*self.totals.opening, *self.totals.closing, *self.totals.result}
        for number in sorted(self.year.accounts if self.wanted.all_accounts else used & self.year.accounts.keys()):
            account = self.year.accounts[number]
            yield f"#KONTO {number:04d} {_quoted(account.name)}"
            if account.sru:
                yield f"#SRU {number:04d} {account.sru}"
        yield ""
        if self.wanted.type >= 3:
            yield from self._dimensions()
            yield ""
        yield from self._balances()
        yield ""
        if self.wanted.type == 4:
            for voucher in self.year.in_order():
                if self.wanted.takes(voucher):
                    yield from self._voucher(voucher)

    def _header(self) -> Iterator[str]:
        company, year = self.company, self.year
        yield "#FLAGGA 0"
        yield "#FORMAT PC8"
        yield f"#SIETYP {self.wanted.type}"
        yield '#PROGRAM "Fortnox Bokföring" 2.0.0' if self.old else '#PROGRAM "Fortnox" 3.57.11'
        yield f"#GEN {company.clock.today():%Y%m%d}" + (" 1" if self.old else "")
        if self.old:
            yield ""
        yield f"#FNR {company.tenant}"
        yield f"#FNAMN {_quoted(company.name)}"
        if self.old:
            yield f"#ORGNR {company.organisation_number}"
        where = f"{company.zip_code} {company.city}".strip()
        yield f'#ADRESS "" {_quoted(company.address)} {_quoted(where)} ""'
        yield f"#RAR 0 {year.start:%Y%m%d} {year.end:%Y%m%d}"
        if self.previous is not None:
            yield f"#RAR -1 {self.previous.start:%Y%m%d} {self.previous.end:%Y%m%d}"
        if not self.old:
            yield f"#ORGNR {company.organisation_number}"
        yield f"#OMFATTN {year.end:%Y%m%d}"
        yield "#KPTYP EUBAS97"

    def _dimensions(self) -> Iterator[str]:
        yield '#DIM 1 "Kostnadsställe"'
        yield '#DIM 6 "Projekt"'
        for code, cost_center in sorted(self.company.cost_centers.items()):
            yield f"#OBJEKT 1 {_quoted(code)} {_quoted(cost_center.description)}"
        for number, project in sorted(self.company.projects.items()):
            yield f"#OBJEKT 6 {_quoted(number)} {_quoted(project.description)}"

    def _balances(self) -> Iterator[str]:
        """Interleaved per account (#IB, #PSALDO …, #UB), then results (F 4.3, C)."""
        months = self._months() if self.wanted.type >= 2 else {}
        quantities = self._quantities()
        found, tail = self.totals, "" if self.old else " 0"
        for number in sorted({*found.opening, *found.closing}):
            account = self.year.accounts.get(number)
            opening_quantity = account.opening_quantity if account else Decimal(0)
            if number in found.opening:
                amount = (two_decimals if self.old else plain)(found.opening[number])
                yield f"#IB 0 {number:04d} {amount}{self._tail(opening_quantity)}"
            for (month, center), amount_in_month in sorted(months.get(number, {}).items()):
                objects = f'1 "{center}"' if center else ""
                yield f"#PSALDO 0 {month} {number:04d} {{{objects}}} {plain(amount_in_month)}{tail}"
            if number in found.closing:
                quantity = opening_quantity + quantities.get(number, Decimal(0))
                yield f"#UB 0 {number:04d} {plain(found.closing[number])}{self._tail(quantity)}"
        for number in sorted(found.result):
            for (month, center), amount_in_month in sorted(months.get(number, {}).items()):
                objects = f'1 "{center}"' if center else ""
                yield f"#PSALDO 0 {month} {number:04d} {{{objects}}} {plain(amount_in_month)}{tail}"
            yield f"#RES 0 {number:04d} {plain(found.result[number])}{self._tail(quantities.get(number, Decimal(0)))}"
        if self.switches.sie_previous_year_balances and self.previous is not None:
            before = totals(self.previous)
            for label, part in (("IB", before.opening), ("UB", before.closing), ("RES", before.result)):
                yield from (f"#{label} -1 {number:04d} {plain(amount)}{tail}" for number, amount in part.items())

    def _tail(self, quantity: Decimal) -> str:
        if self.old:
            return f" {_number(quantity)}" if quantity else ""
        return f" {_number(quantity)}"

    def _months(self) -> dict[int, dict[tuple[str, str], int]]:
        """Changes per account, month and (type 3 and 4) cost centre; the empty centre is the total (F 4.3)."""
        found: dict[int, dict[tuple[str, str], int]] = {}
        for voucher in self.year.vouchers.values():
            month = f"{voucher.date:%Y%m}"
            for row in voucher.booked():
                sums = found.setdefault(row.account, {})
                centers = {"", row.cost_center} if self.wanted.type >= 3 else {""}
                for center in centers:
                    sums[month, center] = sums.get((month, center), 0) + row.amount
        return found

    def _quantities(self) -> dict[int, Decimal]:
        found: dict[int, Decimal] = {}
        for voucher in self.year.vouchers.values():
            for row in voucher.booked():
                if row.quantity:
                    found[row.account] = found.get(row.account, Decimal(0)) + row.quantity
        return found

    def _voucher(self, voucher: Voucher) -> Iterator[str]:
        series, number = _bare(voucher.series), str(voucher.number)
        registered = f" {voucher.registered_on:%Y%m%d}" if voucher.registered_on and not self.old else ""
        if self.old:
            series, number = f'"{voucher.series}"', f'"{number}"'
        yield f"#VER {series} {number} {voucher.date:%Y%m%d} {_quoted(voucher.text)}{registered}"
        yield "{"
        for row in voucher.rows:
            yield from self._row(voucher, row)
        yield "}"
        yield ""

    def _row(self, voucher: Voucher, row: Row) -> Iterator[str]:
        """A struck row is #BTRANS; an added one #RTRANS with its twin #TRANS (F 4.3; struck wins, sie.md 1.1)."""
        center, project = row.cost_center or voucher.cost_center, row.project or voucher.project
        dimension = ('"1"', '"6"') if self.old else ("1", "6")
        pairs = [f'{name} "{code}"' for name, code in zip(dimension, (center, project), strict=True) if code]
        objects = "{" + " ".join(pairs) + "}"
        if self.old and not row.text and not row.quantity:
            content = f"{row.account:04d} {objects} {two_decimals(row.amount)} "
        else:
            amount = (two_decimals if self.old else plain)(row.amount)
            content = f'{row.account:04d} {objects} {amount} "" {_quoted(row.text)} {_number(row.quantity)}'
        if row.removed:
            yield f"#BTRANS {content}"
            return
        if row.added:
            yield f"#RTRANS {content}"
        yield f"#TRANS {content}"


def _quoted(text: str) -> str:
    escaped = text.replace('"', '\\"').replace("\r", " ").replace("\n", " ")
    return f'"{escaped}"'


def _bare(text: str) -> str:
    return text if text and not set(text) & set(' "{}\t') else _quoted(text)


def _number(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}" if quantity else "0"
