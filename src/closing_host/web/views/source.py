"""*Underhåll – Inställningar – Datakälla* of an engagement."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from closing_host.api.authorization import Operation
from closing_host.api.errors import SettingsError
from closing_host.engagements.register import closing_year
from closing_host.engagements.source_choices import SourceChoice
from closing_host.engagements.wizard import Standing
from closing_host.web.call import Call
from closing_host.web.guide_desk import GuideDesk
from closing_host.web.routes import Page, Permission
from closing_host.web.source_form import fields_to_fill, filled_in, wrong_fields
from closing_host.web.views.login import turn
from closing_host.web.views.setup import with_sub_ledger

SUB_LEDGER: Operation = "attachments"


def show(call: Call) -> Response:
    """The engagement's source and the others that it could have; `?choose=` shows one of these."""
    standing = call.desk.standing()
    sources = call.office.sources()
    chosen = call.query("choose") or standing.client.engagement.source_id
    source = next((each for each in sources if each.id == chosen), None)
    return _page(call, standing, sources, source)


async def choose(call: Call) -> Response:
    """Take another source; for one with login the first import follows, and replaces the books of its years."""
    source = await asyncio.to_thread(call.office.source, call.field("source"))
    try:
        settings = filled_in(call, source)
    except SettingsError as error:
        return await asyncio.to_thread(_refused, call, source, error)
    await asyncio.to_thread(call.desk.choose_source, source.id, settings)
    if source.way == "login":
        standing = await asyncio.to_thread(call.desk.standing)
        if not standing.connection.usable:
            return turn(call, await call.desk.begin_login(call.session_key))
    if source.way != "file":
        await asyncio.to_thread(call.desk.ask_for_import)
        return call.go(f"/engagements/{call.desk.id}/import")
    return call.go(f"/engagements/{call.desk.id}/source")


async def do_without(call: Call) -> Response:
    """*Koppla utan reskontra*, or with it again: holds from the login that follows."""
    without: frozenset[Operation] = frozenset({SUB_LEDGER}) if call.field("without") == "yes" else frozenset()
    await asyncio.to_thread(call.desk.do_without, without)
    return turn(call, await call.desk.begin_login(call.session_key))


def ask_disconnect(call: Call) -> Response:
    """Whether to disconnect, and what stays."""
    return call.page("disconnect.html", standing=call.desk.standing(), **_engagement(call))


async def disconnect(call: Call) -> Response:
    """*Koppla bort*."""
    ended = await call.desk.disconnect()
    problem = f"?problem={ended.problem}" if ended.problem else ""
    return call.go(f"/engagements/{call.desk.id}/source{problem}")


def _refused(call: Call, source: SourceChoice, error: SettingsError) -> Response:
    return _page(call, call.desk.standing(), call.office.sources(), source, wrong_fields(error, call.words))


def _page(
    call: Call,
    standing: Standing,
    sources: Sequence[SourceChoice],
    source: SourceChoice | None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    own = source is not None and source.id == standing.client.engagement.source_id
    guide = GuideDesk(call.house, call.desk.id)
    shown = closing_year(standing.client, call.desk.now.date())
    return call.page(
        "source.html",
        422 if wrong else 200,
        standing=standing,
        sources=sources,
        source=source,
        own=own,
        fields=fields_to_fill(source) if source is not None else (),
        wrong=wrong or {},
        kept=guide.kept_work() if source is not None and not own else None,
        sides=guide.control_accounts(shown[1])
        if own and shown and source is not None and with_sub_ledger(source, standing)
        else (),
        series=guide.chosen_series() if own else "",
        can_export=source is not None and guide.can_export(source.id),
        **_engagement(call),
    )


def _engagement(call: Call) -> dict[str, Any]:
    problem = call.query("problem")
    return {"engagement": call.desk.engagement, "problem": problem if problem.replace("-", "").isalnum() else ""}


PAGES = (
    Page("GET", "/engagements/{engagement:int}/source", show, Permission.READ),
    Page("POST", "/engagements/{engagement:int}/source", choose, Permission.CONNECT),
    Page("POST", "/engagements/{engagement:int}/source/without", do_without, Permission.CONNECT),
    Page("GET", "/engagements/{engagement:int}/source/disconnect", ask_disconnect, Permission.READ),
    Page("POST", "/engagements/{engagement:int}/source/disconnect", disconnect, Permission.CONNECT),
)
