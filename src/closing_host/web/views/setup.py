"""*Startguiden* of an engagement, from *Stämmer det?* to *Klart*. Each step can be left, resumed, and done again."""

import asyncio
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError
from closing_host.engagements.closing_series import SeriesOffer
from closing_host.engagements.register import closing_year
from closing_host.engagements.setup import ACCOUNTS, COMPANY, FORMS, FRAMEWORKS, PERIOD, PERIODS, USUAL_PERIOD
from closing_host.engagements.source_choices import SourceChoice
from closing_host.engagements.wizard import Standing, Step
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.call import Call
from closing_host.web.guide_desk import SIDES, GuideDesk
from closing_host.web.guide_steps import step_address
from closing_host.web.routes import Page, Permission


def resume(call: Call) -> Response:
    """On to the step where the engagement stands."""
    return call.go(step_address(call.desk.id, call.desk.standing().step))


def company(call: Call) -> Response:
    """Step 3, *Stämmer det?*: what the source states, and the form of company and K2/K3."""
    return call.page("guide_company.html", **_frame(call), **company_choices())


def confirm_company(call: Call) -> Response:
    """It is right. `then=books`: and everything else as proposed."""
    before = call.desk.standing()
    guide = _guide(call)
    guide.confirm_company(call.field("form"), call.field("framework"))
    if call.field("then") == "books":
        guide.accept_proposals(before.steps)
        return call.go(f"/engagements/{call.desk.id}/{'balances' if before.has_books else 'import'}")
    if PERIOD not in before.setup.confirmed:
        return call.go(step_address(call.desk.id, Step.PERIOD))
    return _onward(call, before, COMPANY)


def period(call: Call) -> Response:
    """Step 4, *Avstämningsperiod*."""
    return call.page("guide_period.html", periods=PERIODS, usual=USUAL_PERIOD, **_frame(call))


def choose_period(call: Call) -> Response:
    """Month, quarter or year."""
    before = call.desk.standing()
    _guide(call).choose_period(call.field("period"))
    return _onward(call, before, PERIOD)


def accounts(call: Call) -> Response:
    """Step 6, *Kontrollkonton* and closing series; before there are books, the step that brings them."""
    return _accounts(call)


async def series(call: Call) -> Response:
    """The series to choose from, asked of the source: that part of the page alone when htmx asks."""
    found = await asyncio.to_thread(lambda: _closing(call))
    offer, problem = None, None
    try:
        if found is None:
            raise ClosingError("engagement-without-books", name=call.desk.engagement.name)
        offer = await _guide(call).series(found[0])
    except ClosingError as error:
        problem = error
    if call.is_partial:
        source = call.desk.engagement.source_id
        return call.page("_series.html", offer=offer, series_problem=problem, chosen="", source_id=source)
    return await asyncio.to_thread(_accounts, call, offer=offer, series_problem=problem)


def confirm_accounts(call: Call) -> Response:
    """They are right; what was changed of them is kept first."""
    before = call.desk.standing()
    found = _closing(call)
    if found is None:
        return resume(call)
    guide = _guide(call)
    try:
        for side in SIDES:
            if side in call.form:
                guide.choose_accounts(found[1], side, call.field(side).replace("+", " ").replace(",", " ").split())
        if (code := call.field("series")) and code != guide.chosen_series():
            guide.choose_series(code)
    except ClosingError as error:
        return _accounts(call, problem=error)
    guide.confirm_accounts()
    return _onward(call, before, ACCOUNTS)


def done(call: Call) -> Response:
    """Step 7, *Klart*: what comes next. Before that, the step where the engagement stands."""
    shown = _frame(call)
    standing: Standing = shown["standing"]
    if standing.step is not Step.DONE:
        return resume(call)
    return call.page("guide_done.html", can_export=_guide(call).can_export(shown["engagement"].source_id), **shown)


def with_sub_ledger(source: SourceChoice, standing: Standing) -> bool:
    """Whether the source states receivables and payables, and the user does not do without."""
    return source.sub_ledger and "attachments" not in standing.connection.without


def company_choices() -> dict[str, Any]:
    """What can be said of a company."""
    return {"forms": FORMS, "frameworks": FRAMEWORKS}


def _accounts(
    call: Call,
    *,
    offer: SeriesOffer | None = None,
    series_problem: ClosingError | None = None,
    problem: ClosingError | None = None,
) -> Response:
    shown = _frame(call)
    standing: Standing = shown["standing"]
    found = _closing(call)
    if found is None or Step.ACCOUNTS not in standing.steps:
        return resume(call)
    guide = _guide(call)
    source = next(each for each in call.office.sources() if each.id == standing.client.engagement.source_id)
    given = {side: call.field(side) for side in SIDES if side in call.form}
    return call.page(
        "guide_accounts.html",
        200 if problem is None else 422,
        sides=guide.control_accounts(found[1]) if with_sub_ledger(source, standing) else (),
        can_export=guide.can_export(source.id),
        chosen=guide.chosen_series(),
        offer=offer,
        series_problem=series_problem,
        problem=problem,
        given=given,
        year=found[0],
        **shown,
    )


def _frame(call: Call) -> dict[str, Any]:
    standing = call.desk.standing()
    return {"standing": standing, "engagement": standing.client.engagement}


def _closing(call: Call) -> tuple[EngagementYear, Snapshot] | None:
    return closing_year(call.desk.client, call.desk.now.date())


def _guide(call: Call) -> GuideDesk:
    return GuideDesk(call.house, call.desk.id)


def _onward(call: Call, before: Standing, step: str) -> Response:
    """Who changes a choice of a guide that was done came from the settings; everybody else goes on to the next step."""
    if before.step is Step.DONE and step in before.setup.confirmed:
        return call.go(f"/engagements/{call.desk.id}/source")
    return resume(call)


_GUIDE: Final = "/engagements/{engagement:int}/guide"

PAGES = (
    Page("GET", _GUIDE, resume, Permission.READ),
    Page("GET", f"{_GUIDE}/company", company, Permission.READ),
    Page("POST", f"{_GUIDE}/company", confirm_company, Permission.CONNECT),
    Page("GET", f"{_GUIDE}/period", period, Permission.READ),
    Page("POST", f"{_GUIDE}/period", choose_period, Permission.CONNECT),
    Page("GET", f"{_GUIDE}/accounts", accounts, Permission.READ),
    Page("POST", f"{_GUIDE}/accounts", confirm_accounts, Permission.CONNECT),
    Page("GET", f"{_GUIDE}/series", series, Permission.READ),
    Page("GET", f"{_GUIDE}/done", done, Permission.READ),
)
