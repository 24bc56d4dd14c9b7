"""The overview of an engagement: its first tab, and *Nytt räkenskapsår*."""

from datetime import date
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.monthly_figures import BALANCES, until
from closing_host.engagements.wizard import Standing
from closing_host.web import reconciliation_words
from closing_host.web.call import Call
from closing_host.web.monthly_charts import columns, trend
from closing_host.web.overview_desk import OverviewDesk
from closing_host.web.overview_words import told
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year

HALF: Final = 520
"""Width of a picture that has half of the page."""


def overview(call: Call) -> Response:
    """How the engagement stands in one of its years, and what to do next."""
    desk = call.desk.overview(call.query("year")[:10])
    standing = desk.client.standing
    base = f"/engagements/{call.desk.id}"
    year = desk.year
    span = None if year is None else (year.year_start, year.year_end)
    by_file = standing.way in ("file", None)
    return call.page(
        "overview.html",
        desk=desk,
        row=desk.client,
        standing=standing,
        engagement=call.desk.engagement,
        year=year,
        years=[each for each, _ in call.desk.client.years],
        base=base,
        in_year="" if year is None else f"?year={year.year_end}",
        steps=[told(call.words, each, base, span, standing.source_name, by_file=by_file) for each in desk.next],
        saying=reconciliation_words,
        locked_changes=call.desk.changed_since(year).locked if year is not None and desk.lines else (),
        pictures=_pictures(desk, call.desk.now.date()),
    )


def findings(call: Call) -> Response:
    """How many checks of the transaction analysis find something in a period: asked when the page is there already,
    because the first time it takes longer than the page."""
    shown = shown_year(call)
    period = call.query("period")[:20]
    found = call.desk.analysis(shown["year"]).found(period)
    count = sum(found.state(each) == "red" for each in found.results)
    address = f"/engagements/{call.desk.id}/analysis?year={shown['year'].year_end}&period={period}"
    return call.page("_overview_findings.html", count=count, address=address)


def new_year(call: Call) -> Response:
    """The next financial year, before it is added."""
    return _new_year(call)


def add_year(call: Call) -> Response:
    """*Nytt räkenskapsår*: add it, and import it where that needs nothing more of the user."""
    stated = call.field("end").strip()
    try:
        end = date.fromisoformat(stated) if stated else None
    except ValueError:
        return _new_year(call, DataError("day-unreadable", text=stated[:40]))
    try:
        year = call.desk.add_next_year(end)
    except DataError as error:
        return _new_year(call, error)
    if _imports(call.desk.standing()) and year.year_start <= call.desk.now.date():
        call.desk.ask_for_import()
        return call.go(f"/engagements/{call.desk.id}/import")
    return call.go(f"/engagements/{call.desk.id}?year={year.year_end}")


def _new_year(call: Call, problem: ClosingError | None = None) -> Response:
    client = call.desk.client
    standing = call.desk.standing()
    return call.page(
        "new_year.html",
        422 if problem else 200,
        coming=call.desk.next_year() if client.years else None,
        engagement=client.engagement,
        years=[each for each, _ in client.years],
        standing=standing,
        imports=_imports(standing),
        base=f"/engagements/{call.desk.id}",
        problem=problem,
        stated=call.field("end")[:40],
    )


def _imports(standing: Standing) -> bool:
    """Whether an import can begin by itself."""
    return standing.way == "direct" or (standing.way == "login" and standing.connection.usable)


def _pictures(desk: OverviewDesk, today: date) -> dict[str, Any] | None:
    """The year drawn month by month, as far as it has come; None without books or months."""
    monthly = desk.monthly
    if monthly is None or monthly.is_empty():
        return None
    shown = until(monthly, today)
    return {
        "ends": shown["end"].to_list(),
        "result": columns([shown["result"].to_list()], width=HALF),
        "results": shown.select("end", "result").rows(),
        "balance": trend([shown[name].to_list() for name in BALANCES], width=HALF),
        "balances": shown.select("end", *BALANCES).rows(),
    }


_ENGAGEMENT: Final = "/engagements/{engagement:int}"

PAGES = (
    Page("GET", _ENGAGEMENT, overview, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/findings", findings, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/years/new", new_year, Permission.READ),
    Page("POST", f"{_ENGAGEMENT}/years/new", add_year, Permission.IMPORT),
)
