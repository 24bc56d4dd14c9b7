"""*Verifikationer*: the year's vouchers, searched and filtered by the address, a page at a time."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from closing_host.ledgers.voucher_search import ORDERS, Order, Wanted, told_vouchers
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year, whole_number

AT_ONCE: Final = 200
"""Vouchers of one page."""


def vouchers(call: Call) -> Response:
    """The list; a part of the page when htmx asks."""
    shown = shown_year(call)
    desk = call.desk.books(shown["year"])
    ledger = desk.books.books.ledger
    wanted = _wanted(call)
    order: Order = next((each for each in ORDERS if each == call.query("sort")), "number")
    found = desk.find_vouchers(wanted, order)
    pages = max(1, -(-found.len() // AT_ONCE))
    page = min(whole_number(call.query("page")) or 1, pages)
    part = told_vouchers(ledger, found.slice((page - 1) * AT_ONCE, AT_ONCE))
    values: dict[str, Any] = {
        "found": tuple(part.iter_rows(named=True)),
        "count": found.len(),
        "entries": desk.books.entries,
        "total": ledger.vouchers.height,
        "series": [each or "" for each in ledger.vouchers["series"].unique().sort().to_list()],
        "wanted": wanted,
        "order": order,
        "page": page,
        "pages": pages,
        "address": _address(call, wanted, order, str(shown["year"].year_end)),
        **shown,
    }
    return call.page("_vouchers.html" if call.is_partial else "vouchers.html", **values)


def _wanted(call: Call) -> Wanted:
    series = call.query("series")[:50]
    return Wanted(
        search=call.query("q")[:200],
        series=None if series in ("", ANY) else series.removeprefix(PREFIX),
        account=call.query("account")[:20].strip(),
        first=_day(call.query("from")),
        last=_day(call.query("to")),
        corrected=call.query("corrected") == "1",
    )


ANY: Final = "*"
PREFIX: Final = "="
"""Before a series in the address: a voucher may be in the series "", and `*` may be one."""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _address(call: Call, wanted: Wanted, order: Order, year: str) -> str:
    """The list's address without the page, for the links to other pages."""
    stated = {
        "year": year,
        "q": wanted.search,
        "series": "" if wanted.series is None else PREFIX + wanted.series,
        "account": wanted.account,
        "from": wanted.first.isoformat() if wanted.first else "",
        "to": wanted.last.isoformat() if wanted.last else "",
        "corrected": "1" if wanted.corrected else "",
        "sort": "" if order == "number" else order,
    }
    return f"/engagements/{call.desk.id}/vouchers?" + urlencode({name: each for name, each in stated.items() if each})


PAGES = (Page("GET", "/engagements/{engagement:int}/vouchers", vouchers, Permission.READ),)
