"""*Startguiden*, its first steps: which source, then its login, its file, or a company that is typed."""

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from closing_host.api.errors import DataError, SettingsError
from closing_host.engagements.logging_in import LoggingIn
from closing_host.engagements.source_choices import SourceChoice
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.source_form import fields_to_fill, filled_in, wrong_fields
from closing_host.web.views.login import turn
from closing_host.web.views.setup import company_choices


def sources(call: Call) -> Response:
    """Step 1: the list of data sources."""
    return call.page("guide.html", sources=call.office.sources())


def source(call: Call) -> Response:
    """Step 2: the chosen source, with the one button that goes on, or with the place to drop a file."""
    chosen = call.office.source(call.path("source"))
    return _source(call, chosen)


async def begin(call: Call) -> Response:
    """*Importera från {källa}*: on to the source's login; a source without login is asked at once."""
    chosen = await asyncio.to_thread(call.office.source, call.path("source"))
    try:
        settings = filled_in(call, chosen)
    except SettingsError as error:
        return _source(call, chosen, wrong_fields(error, call.words))
    now = await call.office.begin_new(chosen, call.session_key, settings)
    if isinstance(now, LoggingIn):
        return turn(call, now)
    return call.go(f"/engagements/{now}/import")


def company(call: Call) -> Response:
    """A company without a source yet, typed."""
    return call.page("guide_new_company.html", problem=None, given=call.field, **company_choices())


def open_company(call: Call) -> Response:
    """Open the engagement; on to its next step."""
    try:
        opened = call.office.new_company(
            call.field("name"), call.field("number"), call.field("form"), call.field("framework")
        )
    except DataError as error:
        return call.page("guide_new_company.html", 422, problem=error, given=call.field, **company_choices())
    return call.go(f"/engagements/{opened}/guide")


def _source(call: Call, chosen: SourceChoice, wrong: Mapping[str, str] | None = None) -> Response:
    shown = {"source": chosen, "steps": call.office.steps(chosen), "fields": fields_to_fill(chosen)}
    return call.page("guide_source.html", 422 if wrong else 200, wrong=wrong or {}, **shown)


PAGES = (
    Page("GET", "/guide", sources, Permission.READ),
    Page("GET", "/guide/company/new", company, Permission.READ),
    Page("POST", "/guide/company/new", open_company, Permission.CONNECT),
    Page("GET", "/guide/{source}", source, Permission.READ),
    Page("POST", "/guide/{source}", begin, Permission.CONNECT),
)
