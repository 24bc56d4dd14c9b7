"""*Saldon*, *Kontoanalys* and a voucher, of the books that a year shows."""

from typing import Any, Final

import polars as pl
from starlette.responses import Response

from closing_host.api.errors import DataError
from closing_host.ledgers.balances import account_ledger, trial_balance
from closing_host.web.call import Call
from closing_host.web.grid import AccountPage, voucher_rows
from closing_host.web.routes import Page, Permission

ROWS_AT_ONCE: Final = 500


def balances(call: Call) -> Response:
    """The grid of accounts and months."""
    shown = _year(call)
    everything = call.query("zero") == "1"
    grid = call.desk.grid(shown["books"])
    lines = [line for line in grid.lines if everything or line.moves]
    return call.page("balances.html", grid=grid, lines=lines, everything=everything, **shown)


def account(call: Call) -> Response:
    """One account with running balance."""
    shown = _year(call)
    ledger, number = shown["books"].ledger, call.path("account")
    summed = trial_balance(ledger, by="year").filter(pl.col("account") == number)
    if summed.is_empty():
        raise DataError("account-unknown", account=number)
    rows = account_ledger(ledger, number)
    pages = max(1, -(-rows.height // ROWS_AT_ONCE))
    page = min(_number(call.query("page")) or 1, pages)
    part = rows.slice((page - 1) * ROWS_AT_ONCE, ROWS_AT_ONCE)
    opening = summed["opening"][0]
    before = part["balance"][0] - part["amount"][0] if part.height else opening
    of = AccountPage(
        number, summed["name"][0], before, tuple(part.iter_rows(named=True)), rows.height, summed["closing"][-1]
    )
    return call.page("account.html", of=of, page=page, pages=pages, **shown)


def voucher(call: Call) -> Response:
    """One voucher with the history of its corrections; beside the account when htmx asks."""
    shown = _year(call)
    ledger, key = shown["books"].ledger, call.number("voucher")
    found = ledger.vouchers.filter(pl.col("voucher") == key)
    if found.is_empty():
        raise DataError("voucher-unknown", voucher=key)
    values = {"voucher": found.row(0, named=True), "rows": voucher_rows(ledger, key), **shown}
    return call.page("_voucher.html" if call.is_partial else "voucher.html", **values)


def _year(call: Call) -> dict[str, Any]:
    year = call.desk.year(call.query("year")[:10])
    years = [each for each, snapshot in call.desk.client.years if snapshot is not None]
    return {"engagement": call.desk.engagement, "year": year, "years": years, "books": call.desk.books(year)}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


_ENGAGEMENT: Final = "/engagements/{engagement:int}"

PAGES = (
    Page("GET", f"{_ENGAGEMENT}/balances", balances, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/accounts/{{account}}", account, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/vouchers/{{voucher:int}}", voucher, Permission.READ),
)
