"""An import as it runs and what it brought. What is shown follows from the records alone, so a reload, a second tab,
a lost connection and a restart of the server show the same."""

import asyncio
from typing import Any

from starlette.responses import Response

from closing_host.engagements.wizard import Step
from closing_host.web.call import Call
from closing_host.web.live import followed
from closing_host.web.routes import Page, Permission
from closing_host.web.since_told import since_told
from closing_host.web.views.login import turn
from closing_host.web.views.setup import company_choices


def show(call: Call) -> Response:
    """The page of the engagement's latest import."""
    return call.page("import.html", **_now(call), **company_choices())


def events(call: Call) -> Response:
    """The same part of the page each time that it changes, as server-sent events, until the import has ended."""

    def look() -> tuple[str, bool]:
        now = _now(call)
        return call.rendered("_import.html", **now), now["standing"].step is Step.RUNNING

    return followed(look)


async def begin(call: Call) -> Response:
    """*Importera från {källa}*: always possible; without a valid connection it goes to the login first (P 7.7)."""
    standing = await asyncio.to_thread(call.desk.standing)
    if standing.way == "file" or standing.way is None:
        return call.go(f"/engagements/{call.desk.id}/source")
    if standing.way == "login" and not standing.connection.usable:
        return turn(call, await call.desk.begin_login(call.session_key))
    await asyncio.to_thread(call.desk.ask_for_import)
    return call.go(f"/engagements/{call.desk.id}/import")


def _now(call: Call) -> dict[str, Any]:
    standing = call.desk.standing()
    newest = next(((year, snapshot) for year, snapshot in standing.client.years if snapshot is not None), None)
    brought = list(standing.run.outcome.get("snapshots", ())) if standing.run and standing.run.outcome else []
    changed = bool(brought and standing.run and standing.run.state == "done")
    shown = next((year for year, snapshot in standing.client.years if snapshot and snapshot.id in brought), None)
    return {
        **since_told(call.words, call.desk, shown if changed else None),
        "standing": standing,
        "snapshots": [call.desk.snapshot(each) for each in reversed(brought)],
        "newest": newest,
        "engagement": standing.client.engagement,
    }


PAGES = (
    Page("GET", "/engagements/{engagement:int}/import", show, Permission.READ),
    Page("GET", "/engagements/{engagement:int}/import/events", events, Permission.READ),
    Page("POST", "/engagements/{engagement:int}/import", begin, Permission.IMPORT),
)
