"""The export's dialog: entries, *Verifikationsserie*, *Förhandskontroll*, *Exportera*."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError
from closing_host.closing.preflight import Preflight
from closing_host.engagements.exporting import NotApproved
from closing_host.web.call import Call
from closing_host.web.entry_lines import line_of
from closing_host.web.export_desk import Chosen, ExportDesk
from closing_host.web.routes import Page, Permission
from closing_host.web.views.entries import desk_of, frame
from closing_host.web.views.exporting import export_desk, refused

NOT_CHOSEN: Final = "e05-series-not-chosen"
_WORST_FIRST: Final = {"error": 0, "warning": 1, "info": 2}


async def dialog(call: Call) -> Response:
    """The dialog with the last choice. Where no export can begin: the view, which says why."""
    exporting = export_desk(call)
    standing = await asyncio.to_thread(lambda: exporting.standing)
    if standing.problem is not None:
        return call.go(_view_of(call, exporting))
    return await _dialog(call, exporting, exporting.last_choice(), secrets.token_hex(16))


async def checks(call: Call) -> Response:
    """*Förhandskontroll* anew, when something else was chosen: that part of the dialog alone."""
    exporting = export_desk(call)
    chosen = _chosen(call)
    try:
        checked = await exporting.check(chosen) if chosen.entries else None
    except ClosingError as error:
        return call.page("_export_checks.html", **_checks(exporting, chosen, None, error))
    return call.page("_export_checks.html", **_checks(exporting, chosen, checked, None))


async def export(call: Call) -> Response:
    """*Exportera*: checked again, approved once, sent in the background. On to the page that tells of it."""
    exporting = export_desk(call)
    chosen = _chosen(call)
    approval = call.field("approval")
    if call.field("act") == "check" and chosen.entries:
        return await _dialog(call, exporting, chosen, approval)
    try:
        if not chosen.entries:
            raise ClosingError("export-none-chosen")
        if len(approval) != 32 or not set(approval) <= set("0123456789abcdef"):
            raise ClosingError("export-approval-missing")
        batch = await exporting.approve(chosen, accepted_warnings=call.field("accepted") == "yes", approval=approval)
    except NotApproved as error:
        return await _dialog(call, exporting, chosen, approval, error, error.preflight)
    except ClosingError as error:
        return await asyncio.to_thread(refused, call, error)
    return call.go(f"/engagements/{call.desk.id}/export/{batch.id}?year={exporting.year.year_end.isoformat()}")


async def unlockable(call: Call) -> Response:
    """*Ej låsbar bokslutsserie*: which of the series shown are; those that are not shown stay as they are marked."""
    exporting = export_desk(call)
    stated = [each for each in call.form.getlist("shown") if isinstance(each, str)]
    marked = [each for each in call.form.getlist("unlockable") if isinstance(each, str)]
    standing = await asyncio.to_thread(lambda: exporting.standing)
    kept = (standing.unlockable - set(stated)) | (set(marked) & set(stated))
    await asyncio.to_thread(exporting.mark_unlockable, sorted(each[:20] for each in kept))
    return call.go(f"/engagements/{call.desk.id}/export/new?year={exporting.year.year_end.isoformat()}")


async def _dialog(
    call: Call,
    exporting: ExportDesk,
    chosen: Chosen,
    approval: str,
    problem: ClosingError | None = None,
    checked: Preflight | None = None,
) -> Response:
    if checked is None:
        try:
            checked = await exporting.check(chosen)
        except ClosingError as error:
            return await asyncio.to_thread(refused, call, error)
    usable = {each.code for each in checked.series if each.usable}
    if chosen.series and chosen.series not in usable and problem is None:
        # The last choice is not there for this year any more: nothing is preselected, nothing is an error yet.
        return await _dialog(call, exporting, replace(chosen, series=""), approval)

    def rendered() -> Response:
        desk = desk_of(call)
        standing = exporting.standing
        return call.page(
            "export_dialog.html",
            200 if problem is None else 409,
            lines=[line_of(desk, each, call.words, standing.source_name) for each in standing.entries],
            approval=approval,
            **_checks(exporting, chosen, checked, problem),
            **frame(call, desk),
        )

    return await asyncio.to_thread(rendered)


def _checks(
    exporting: ExportDesk, chosen: Chosen, checked: Preflight | None, problem: ClosingError | None
) -> dict[str, Any]:
    """What the checks' part shows. That no series is chosen yet is no error: the field says so."""
    found = [each for each in (checked.findings if checked else ()) if chosen.series or each.code != NOT_CHOSEN]
    return {
        "standing": exporting.standing,
        "chosen": chosen,
        "checked": checked,
        "findings": sorted(found, key=lambda each: _WORST_FIRST[each.severity]),
        "problem": problem,
    }


def _chosen(call: Call) -> Chosen:
    separate = call.field("separate") == "yes"
    return Chosen(call.numbers("entry"), call.field("series")[:20], call.field("series_s")[:20] if separate else None)


def _view_of(call: Call, exporting: ExportDesk) -> str:
    return f"/engagements/{call.desk.id}/export?year={exporting.year.year_end.isoformat()}"


_EXPORT: Final = "/engagements/{engagement:int}/export"

PAGES = (
    Page("GET", f"{_EXPORT}/new", dialog, Permission.READ),
    Page("POST", f"{_EXPORT}/checks", checks, Permission.READ),
    Page("POST", f"{_EXPORT}/new", export, Permission.EXPORT),
    Page("POST", f"{_EXPORT}/unlockable", unlockable, Permission.EXPORT),
)
