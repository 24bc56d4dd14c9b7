"""A company from a SIE 4E file: vouchers, chart, dimensions 1 and 6, balances of years 0 and -1.

Fortnox cannot hold everything that SIE can say; each thing left out stands once in ``Company.not_held``. The figures
come from this module and `sie_tokens` alone, so that they are a witness of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company, CostCenter, Project
from datasource_fortnox.simulator.ledger import Account, FinancialYear, Row, Series
from datasource_fortnox.simulator.money import NotMoney, ore
from datasource_fortnox.simulator.sie_tokens import Record, decode, pairs, records
from datasource_fortnox.simulator.vouchers import Draft, book

__all__ = ["CannotLoad", "load", "load_file"]

HEADER = {
    "FLAGGA", "FORMAT", "SIETYP", "PROGRAM", "GEN", "FNR", "FNAMN", "ORGNR", "ADRESS", "RAR", "OMFATTN", "KPTYP",
    "PSALDO", "KSUMMA", "DIM", "PROSA", "TAXAR",
}  # fmt: skip
"""Labels that Fortnox writes itself or that hold no books: read where needed, never reported."""


class CannotLoad(ValueError):
    """The file is no SIE 4E file with a #RAR 0."""


@dataclass
class _Loading:
    company: Company
    years: dict[int, FinancialYear] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    stated: dict[tuple[str, int], dict[int, int]] = field(default_factory=dict)
    voucher: Draft | None = None
    voucher_number: int | None = None
    twin: Row | None = None
    missing_series: str = "A"
    reported: dict[str, int] = field(default_factory=dict)

    def not_held(self, what: str) -> None:
        """Count something that Fortnox has no place for."""
        self.reported[what] = self.reported.get(what, 0) + 1


def load_file(path: Path, clock: Clock, *, tenant: int = 100001) -> Company:
    """`load` for a file on disk."""
    return load(path.read_bytes(), clock, tenant=tenant)


def load(data: bytes, clock: Clock, *, tenant: int = 100001) -> Company:
    """The company that the file describes; raises `CannotLoad` where there is no financial year 0."""
    company = Company(tenant, "", "", clock, address="", zip_code="", city="")
    state = _Loading(company)
    lines = list(records(decode(data)))
    used = {record.text(0) for record in lines if record.label == "VER"}
    state.missing_series = next(letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in used)
    for record in lines:
        if record.label == "RAR":
            _read_year(state, record)
    if 0 not in state.years:
        raise CannotLoad("no #RAR 0: not a SIE file with a financial year")
    for record in lines:
        _read(state, record)
    _close_voucher(state)
    _finish(state)
    return company


def _read_year(state: _Loading, record: Record) -> None:
    index = record.text(0)
    if index not in {"0", "-1"}:
        state.not_held(f"#RAR {index}: only this year and the one before are loaded")
        return
    try:
        first, last = _day(record.text(1)), _day(record.text(2))
    except ValueError as error:
        raise CannotLoad(f"line {record.line}: #RAR with no readable dates") from error
    state.years[int(index)] = FinancialYear({"0": 3, "-1": 7}[index], first, last)


def _read(state: _Loading, record: Record) -> None:
    company = state.company
    match record.label:
        case "FNAMN":
            company.name = record.text(0)
        case "ORGNR":
            company.organisation_number = record.text(0)
        case "ADRESS":
            company.address = record.text(1)
            company.zip_code, company.city = "", record.text(2).strip()
        case "KONTO" | "SRU" | "KTYP" | "ENHET":
            _read_account(state, record)
        case "OBJEKT":
            _read_object(state, record)
        case "IB" | "UB" | "RES":
            _read_balance(state, record)
        case "VER":
            _open_voucher(state, record)
        case "TRANS" | "RTRANS" | "BTRANS":
            _read_row(state, record)
        case "}":
            _close_voucher(state)
        case "{":
            pass
        case "VALUTA":
            if record.text(0) != "SEK":
                state.not_held(f"#VALUTA {record.text(0)}: Fortnox keeps books in SEK")
        case label:
            if label not in HEADER:
                state.not_held(f"#{label}")


def _read_account(state: _Loading, record: Record) -> None:
    number = _account_number(state, record.text(0))
    if number is None:
        return
    if record.label == "KONTO":
        known = state.accounts.get(number)
        state.accounts[number] = Account(number, record.text(1), sru=known.sru if known else "")
    elif record.label == "SRU":
        account = state.accounts.setdefault(number, Account(number, ""))
        if account.sru and account.sru != record.text(1):
            state.not_held("a second #SRU of an account")
        account.sru = account.sru or record.text(1)
    else:
        state.not_held(f"#{record.label}")


def _account_number(state: _Loading, text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    state.not_held(f"account number {text!r}: Fortnox has four digits")
    return None


def _read_object(state: _Loading, record: Record) -> None:
    dimension, code, name = (record.text(position) for position in range(3))
    if dimension == "1":
        state.company.cost_centers[code] = CostCenter(code, name)
    elif dimension == "6":
        state.company.projects[code] = Project(code, name)
    else:
        state.not_held(f"objects of dimension {dimension}")


def _read_balance(state: _Loading, record: Record) -> None:
    index, number = record.text(0), _account_number(state, record.text(1))
    amount = _amount(state, record, record.text(2))
    if index not in {"0", "-1"}:
        state.not_held(f"balances of year {index}")
    elif number is not None and amount is not None:
        state.stated.setdefault((record.label, int(index)), {})[number] = amount
        if record.label == "IB" and index == "0":
            account = state.accounts.setdefault(number, Account(number, ""))
            account.opening, account.opening_quantity = amount, _quantity(record.text(3))


def _amount(state: _Loading, record: Record, text: str) -> int | None:
    try:
        return ore(text)
    except NotMoney:
        state.not_held(f"line {record.line}: amount {text!r}")
        return None


def _quantity(text: str) -> Decimal:
    try:
        value = Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)


def _day(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is no date")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _open_voucher(state: _Loading, record: Record) -> None:
    _close_voucher(state)
    series, number = record.text(0), record.text(1)
    try:
        day = _day(record.text(2))
    except ValueError:
        state.not_held(f"line {record.line}: voucher without a readable date")
        return
    if not (number.isascii() and number.isdigit()):
        state.not_held(f"line {record.line}: voucher without a number")
        return
    if not series:
        state.not_held(f"vouchers without series: put into {state.missing_series}")
        series = state.missing_series
    registered = record.text(4)
    if record.text(5):
        state.not_held("signatures of vouchers")
    try:
        registered_on = _day(registered) if registered else None
    except ValueError:
        registered_on = None
    state.voucher = Draft(series, day, record.text(3), [], registered_on=registered_on)
    state.voucher_number = int(number)
    state.twin = None


def _read_row(state: _Loading, record: Record) -> None:
    if state.voucher is None:
        return
    number, amount = _account_number(state, record.text(0)), _amount(state, record, record.text(2))
    if number is None or amount is None:
        return
    row = Row(number, amount, text=record.text(4), quantity=_quantity(record.text(5)))
    _read_objects(state, row, record.objects(1))
    if record.text(3) and record.text(3) != f"{state.voucher.date:%Y%m%d}":
        state.not_held("row dates other than the voucher's")
    if record.text(6):
        state.not_held("signatures of rows")
    if record.label == "RTRANS":
        row.added, state.twin = True, row
        state.voucher.rows.append(row)
        return
    if record.label == "TRANS" and state.twin is not None:
        added, state.twin = state.twin, None
        if _same(added, row):
            added.text, added.quantity = row.text or added.text, row.quantity
            return
        state.not_held("#RTRANS without its #TRANS")
        state.voucher.rows.remove(added)
    row.removed = record.label == "BTRANS"
    state.voucher.rows.append(row)


def _read_objects(state: _Loading, row: Row, objects: tuple[str, ...]) -> None:
    for dimension, code in pairs(objects):
        if dimension == "1" and not row.cost_center:
            row.cost_center = code
        elif dimension == "6" and not row.project:
            row.project = code
        elif dimension in {"1", "6"}:
            state.not_held(f"a second object of dimension {dimension} on a row")
        else:
            state.not_held(f"objects of dimension {dimension}")


def _same(one: Row, other: Row) -> bool:
    keys = ("account", "amount", "cost_center", "project")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _close_voucher(state: _Loading) -> None:
    draft, number = state.voucher, state.voucher_number
    state.voucher = state.voucher_number = None
    if draft is None or number is None:
        return
    if state.twin is not None:
        state.not_held("#RTRANS without its #TRANS")
        draft.rows.remove(state.twin)
        state.twin = None
    year = state.years[0]
    if (draft.series, number) in year.vouchers:
        state.not_held(f"a second voucher {draft.series} {number}")
        return
    key = book(state.company, year, draft, number=number)
    if sum(row.amount for row in draft.rows if not row.removed):
        state.not_held(f"voucher {draft.series} {number} is out of balance: kept")
    if len(draft.text) > 200 or any(len(row.text) > 100 for row in draft.rows):
        state.not_held("texts beyond 200 (voucher) or 100 (row) characters: kept")
    year.vouchers[key[1], key[2]].registered_on = draft.registered_on


def _finish(state: _Loading) -> None:
    company, year = state.company, state.years[0]
    for number in {row.account for voucher in year.vouchers.values() for row in voucher.rows} - state.accounts.keys():
        state.not_held(f"account {number} is used without #KONTO: added")
        state.accounts[number] = Account(number, "")
    for (label, index), amounts in state.stated.items():
        for number in amounts.keys() - state.accounts.keys():
            state.not_held(f"account {number:04d} has #{label} {index} without #KONTO: added")
            state.accounts[number] = Account(number, "")
    for number in state.stated.get(("UB", 0), {}):
        state.accounts[number].balance_sheet = True
    for number in state.stated.get(("RES", 0), {}):
        state.accounts[number].balance_sheet = False
    year.accounts = state.accounts
    for series in year.series.values():
        series.description = f"Serie {series.code}"
    year.series.setdefault("A", Series("A", "Serie A"))
    company.years[year.id] = year
    company.preselected_year = year.id
    _check(state, year)
    if -1 in state.years:
        _previous(state, state.years[-1])
    company.not_held = [f"{what} ({times}×)" if times > 1 else what for what, times in state.reported.items()]


def _check(state: _Loading, year: FinancialYear) -> None:
    moved = year.turnover()
    for label in ("UB", "RES"):
        for number, amount in state.stated.get((label, 0), {}).items():
            opening = year.accounts[number].opening if label == "UB" else 0
            if (actual := opening + moved.get(number, 0)) != amount:
                state.not_held(f"#{label} 0 {number:04d} says {amount} öre, its rows give {actual}")


def _previous(state: _Loading, year: FinancialYear) -> None:
    """The year before, known by its balances only."""
    year.stated = {**state.stated.get(("UB", -1), {}), **state.stated.get(("RES", -1), {})}
    for number in sorted({*year.stated, *state.stated.get(("IB", -1), {})}):
        twin = state.accounts[number]
        opening = state.stated.get(("IB", -1), {}).get(number, 0)
        year.accounts[number] = Account(number, twin.name, sru=twin.sru, opening=opening)
        year.accounts[number].balance_sheet = number in state.stated.get(("UB", -1), {}) or number < 3000
    state.company.years[year.id] = year
