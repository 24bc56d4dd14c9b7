"""*Startguiden*, its first steps: which source, then its login or its file."""

from starlette.responses import Response

from closing_host.engagements.logging_in import LoggingIn
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.views.login import turn


def sources(call: Call) -> Response:
    """Step 1: the list of data sources."""
    return call.page("guide.html", sources=call.office.sources())


def source(call: Call) -> Response:
    """Step 2: the chosen source, with the one button that goes on, or with the place to drop a file."""
    return call.page("guide_source.html", source=call.office.source(call.path("source")))


async def begin(call: Call) -> Response:
    """*Importera från {källa}*: on to the source's login; a source without login is asked at once."""
    now = await call.office.begin_new(call.office.source(call.path("source")), call.session_key)
    if isinstance(now, LoggingIn):
        return turn(call, now)
    return call.go(f"/engagements/{now}/import")


PAGES = (
    Page("GET", "/guide", sources, Permission.READ),
    Page("GET", "/guide/{source}", source, Permission.READ),
    Page("POST", "/guide/{source}", begin, Permission.CONNECT),
)
