"""An import as it runs and what it brought. What is shown follows from the records alone, so a reload, a second tab,
a lost connection and a restart of the server show the same."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from closing_host.engagements.wizard import Step
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.views.login import turn
from closing_host.web.views.setup import company_choices

LOOKED_AT_EVERY: Final = 0.25
"""Seconds between two looks at a run's record."""
SIGN_OF_LIFE_EVERY: Final = 60
"""Looks between two signs of life, so that a broken connection is noticed."""


def show(call: Call) -> Response:
    """The page of the engagement's latest import."""
    return call.page("import.html", **_now(call), **company_choices())


def events(call: Call) -> Response:
    """The same part of the page each time that it changes, as server-sent events, until the import has ended."""
    _now(call)  # raises before an answer has begun, where it can be told

    async def stream() -> AsyncIterator[str]:
        shown, looks = "", 0
        while True:
            now = await asyncio.to_thread(_now, call)
            text = call.rendered("_import.html", **now)
            if text != shown:
                shown = text
                yield "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
            if now["standing"].step is not Step.RUNNING:
                yield "event: ended\ndata: -\n\n"
                return
            looks += 1
            if looks % SIGN_OF_LIFE_EVERY == 0:
                yield ": here\n\n"
            await asyncio.sleep(LOOKED_AT_EVERY)

    return StreamingResponse(stream(), media_type="text/event-stream")


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
    return {
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
