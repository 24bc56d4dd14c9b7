"""``POST /vouchers``: the body's form, the year it goes to, then the ledger's rules (F 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from datasource_fortnox.simulator.errors import invalid
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.ledger import FinancialYear, Row
from datasource_fortnox.simulator.money import NotMoney, ore
from datasource_fortnox.simulator.rest.call import YEAR_PARAMETERS, Call
from datasource_fortnox.simulator.rest.vouchers import full
from datasource_fortnox.simulator.vouchers import Draft, book, check

__all__ = ["create"]

WRITABLE = {
    "VoucherSeries", "TransactionDate", "Description", "VoucherRows", "Comments", "CostCenter", "Project", "Year",
}  # fmt: skip
READ_ONLY = {"@url", "VoucherNumber", "ReferenceNumber", "ReferenceType", "ApprovalState"}
ROW_WRITABLE = {
    "Account", "Debit", "Credit", "CostCenter", "Project", "Quantity", "TransactionInformation", "Description",
}  # fmt: skip
"""Description on a row is tolerated (O)."""


def create(call: Call) -> Reply:
    """Create a voucher: 201 with the whole entity and its number."""
    call.allow(*YEAR_PARAMETERS)
    body = call.body("Voucher")
    draft = _draft(call, body)
    year = _year(call, draft.date)
    check(call.company, year, draft)
    key = book(call.company, year, draft)
    content = {"Voucher": full(call, year, call.company.voucher(key))}
    return Reply.json(content, 201, {"Location": "vouchers"})


def _draft(call: Call, body: Mapping[str, Any]) -> Draft:
    _known_fields(call, body, WRITABLE, READ_ONLY)
    absent = [name for name in ("VoucherSeries", "TransactionDate", "Description", "VoucherRows") if not body.get(name)]
    if absent:
        raise invalid(2001795, f"Obligatoriska fält saknas: {', '.join(absent)}")
    rows = body["VoucherRows"]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid(2002649, "Felaktig datastruktur.")
    if len(rows) < 2:
        raise invalid(2001795, "Verifikationen måste ha minst två rader.")
    try:
        day = date.fromisoformat(str(body["TransactionDate"]))
    except ValueError as error:
        raise invalid(2000588, f"Ogiltigt datum ({body['TransactionDate']})") from error
    return Draft(
        _text(body, "VoucherSeries", 10),
        day,
        _text(body, "Description", 200),
        [_row(call, row) for row in rows],
        comments=_text(body, "Comments", 1000),
        cost_center=_text(body, "CostCenter", 6),
        project=_text(body, "Project", 20),
    )


def _row(call: Call, row: Mapping[str, Any]) -> Row:
    _known_fields(call, row, ROW_WRITABLE, {"Removed"})
    account = str(row.get("Account", ""))
    if not (account.isascii() and account.isdigit() and len(account) == 4 and account >= "1000"):
        raise invalid(2002462, "Kontot måste ha fyra siffror.")
    debit, credit = (_amount(row, name) for name in ("Debit", "Credit"))
    quantity = row.get("Quantity", 0)
    if not isinstance(quantity, int | Decimal):
        raise invalid(2000108, f"Värdet måste vara numeriskt ({quantity})")
    return Row(
        int(account),
        debit - credit,
        text=_text(row, "TransactionInformation", 100),
        cost_center=_text(row, "CostCenter", 6),
        project=_text(row, "Project", 20),
        quantity=Decimal(quantity),
    )


def _known_fields(call: Call, content: Mapping[str, Any], writable: set[str], read_only: set[str]) -> None:
    for name, value in content.items():
        if name in read_only:
            raise invalid(call.switches.code_read_only, f"Fältet {name} är skrivskyddat.")
        if name not in writable:
            raise invalid(2001399, f"Felaktigt fältnamn ({name})")
        if value is None:
            raise invalid(2001392, f"Värdet tolkas som null ({name})")


def _text(content: Mapping[str, Any], name: str, longest: int) -> str:
    value = content.get(name, "")
    if not isinstance(value, str):
        raise invalid(2000106, f"Värdet måste vara alfanumeriskt ({value})")
    if len(value) > longest:
        raise invalid(2000107, f"Värdet är för långt ({name}, högst {longest} tecken)")
    if "://" in value or any(ord(mark) > 255 or mark == "·" or ord(mark) < 32 for mark in value):
        raise invalid(2000359, f"Värdet innehåller ej tillåtna tecken. ({value})")
    return value


def _amount(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name, 0)
    try:
        if isinstance(value, bool):
            raise NotMoney(f"{value!r} is no amount")
        return ore(value)
    except NotMoney as error:
        raise invalid(2000108, f"Värdet måste vara numeriskt ({value})") from error


def _year(call: Call, day: date) -> FinancialYear:
    """The year: by parameter, else by date or the preselected one (F 5.1 rule 4, F 12 [4])."""
    by_date = call.company.year_of(day)
    named = not set(YEAR_PARAMETERS).isdisjoint(call.query)
    if by_date is None:
        raise invalid(call.switches.code_year_missing, f"Räkenskapsår saknas för datumet {day}.")
    chosen = by_date
    if named or call.switches.voucher_year_without_parameter == "preselected":
        chosen = call.year()
    if chosen is not by_date:
        text = f"Datumet {day} ligger utanför räkenskapsåret."
        raise invalid(call.switches.code_year_mismatch, text)
    return chosen
