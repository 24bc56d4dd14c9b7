"""*Saldon*, *Kontoanalys* and a voucher, of the books that a year shows."""

from typing import Any, Final
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.responses import Response

from closing_host.closing.entries import Status
from closing_host.web import reconciliation_words
from closing_host.web.books_desk import BooksDesk
from closing_host.web.call import Call
from closing_host.web.grid import cells
from closing_host.web.routes import Page, Permission
from closing_host.web.years import whole_number

MOST_BESIDE: Final = 3
"""Other accounts that are shown beside one."""


def balances(call: Call) -> Response:
    """The grid of accounts and months."""
    shown = _year(call)
    everything = call.query("zero") == "1"
    desk: BooksDesk = shown["desk"]
    grid = desk.grid
    lines = [line for line in grid.lines if everything or line.moves]

    def table() -> Markup:  # of two thousand accounts it takes longer to write than to compute
        return Markup(call.rendered("_balances.html", grid=grid, lines=lines, cells=cells, **shown))  # noqa: S704  a template's text

    what = ("balances", everything, call.words.language)
    text = desk.kept(what, table, lambda made: 2 * len(made))
    return call.page("balances.html", table=text, count=len(lines), everything=everything, **shown)


def account(call: Call) -> Response:
    """One account with running balance and counter accounts; others beside it, by `?beside=`. `?period=`: no more than
    the rows until the end of that period."""
    shown = _year(call)
    desk: BooksDesk = shown["desk"]
    number = call.path("account")
    chosen = call.request.query_params.getlist("beside")
    beside = [each for each in dict.fromkeys(each.strip() for each in chosen) if each not in ("", number)]
    stated = call.query("period")[:20]
    of_year = call.desk.reconciliation(shown["year"]).periods.find(stated) if stated else None
    period = of_year.period if of_year else None
    of = desk.account(number, whole_number(call.query("page")), period)
    known = [each for each in beside if desk.line(each) is not None][:MOST_BESIDE]
    others = [desk.account(each, period=period) for each in known]

    def address(account: str, *beside: str) -> str:
        where = [("year", str(shown["year"].year_end)), *([("period", period.key)] if period else [])]
        stated = [*where, *(("beside", each) for each in beside)]
        return f"/engagements/{call.desk.id}/accounts/{quote(account, safe='')}?{urlencode(stated)}"

    shown_accounts = [each.line.account for each in (of, *others)]
    moved = {each: desk.since_locked(each, of_year) for each in shown_accounts} if of_year else {}
    counter = {each for page in (of, *others) for row in page.rows for each in row["counter_accounts"]}
    return call.page(
        "account.html",
        of=of,
        others=others,
        own_address=address(number, *known),
        closing={each: address(number, *(other for other in known if other != each)) for each in known},
        addresses={each: address(each) for each in (*counter, *known)},
        room=len(known) < MOST_BESIDE,
        unknown=[each for each in beside if desk.line(each) is None],
        accounts=desk.books.ledger.accounts.select("account", "name").unique("account").sort("account").rows(),
        entry_keys=desk.books.entry_keys,
        period=period,
        since_locked={each: figures for each, figures in moved.items() if figures},
        saying=reconciliation_words,
        **shown,
    )


def voucher(call: Call) -> Response:
    """One voucher with the history of its corrections; beside the list when htmx asks."""
    shown = _year(call)
    desk: BooksDesk = shown["desk"]
    of = desk.voucher(call.number("voucher"))
    entry = desk.books.entry_keys.get(of.head["voucher"])
    return call.page("_voucher.html" if call.is_partial else "voucher.html", of=of, entry=entry, **shown)


def _year(call: Call) -> dict[str, Any]:
    year = call.desk.year(call.query("year")[:10])
    years = [each for each, snapshot in call.desk.client.years if snapshot is not None]
    desk = call.desk.books(year)
    return {
        "desk": desk,
        "engagement": call.desk.engagement,
        "year": year,
        "years": years,
        "books": desk.books,
        "missing": [each for each in desk.books.entries if each.status is Status.MISSING],
    }


_ENGAGEMENT: Final = "/engagements/{engagement:int}"

PAGES = (
    Page("GET", f"{_ENGAGEMENT}/balances", balances, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/accounts/{{account}}", account, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/vouchers/{{voucher:int}}", voucher, Permission.READ),
)
