"""*Mina uppdrag*: the first page."""

from typing import Any

from starlette.responses import Response

from closing_host.engagements.clients import SHOWS, SORTS, ClientRow, Show, Sort, why_skipped
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission


def clients(call: Call) -> Response:
    """The list, searched, filtered and sorted by the address; a part of it when htmx asks."""
    show: Show = next((each for each in SHOWS if each == call.query("show")), "all")
    sort: Sort = next((each for each in SORTS if each == call.query("sort")), "name")
    search = call.query("q")[:200]
    rows = call.office.clients(search, show, sort)
    shown: dict[str, Any] = {"rows": rows, "search": search, "show": show, "sort": sort, "sorts": SORTS}
    if call.is_partial:
        return call.page("_clients.html", **shown)
    asked = frozenset(call.query("asked").split("."))
    told = [(row, why_skipped(row.standing)) for row in rows if str(_id(row)) in asked]
    return call.page("clients.html", asked=told, **shown)


def row(call: Call) -> Response:
    """One row anew, while its import runs."""
    return call.page("_client.html", row=call.office.client(call.desk.id))


def import_chosen(call: Call) -> Response:
    """*Importera valda*: back to the list, which says of each what became of it."""
    asked = call.office.import_chosen(call.numbers("engagement"))
    return call.go("/" + ("?asked=" + ".".join(map(str, asked)) if asked else ""))


def _id(row: ClientRow) -> int:
    return row.standing.client.engagement.id


PAGES = (
    Page("GET", "/", clients, Permission.READ),
    Page("GET", "/engagements/{engagement:int}/row", row, Permission.READ),
    Page("POST", "/import", import_chosen, Permission.IMPORT),
)
