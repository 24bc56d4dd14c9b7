"""*Balansavstämning*: the sheet of a period, a row of it as it is typed, all of it at once, and as a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast
from urllib.parse import urlencode

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.main_schedules import group_of
from closing_host.closing.standing import Review, Standing
from closing_host.documents.reconciliation_words import group_words
from closing_host.engagements.attachment_documents import Form
from closing_host.engagements.reconciling import AccountLine, Sheet
from closing_host.web import reconciliation_words
from closing_host.web.call import Call
from closing_host.web.download import composed
from closing_host.web.reconciliation_desk import ReconciliationDesk
from closing_host.web.reconciliation_files import FORMS, sheet_document
from closing_host.web.reconciliation_form import Shown, TypedLine, not_kept, shown_amount, shown_done, typed_lines
from closing_host.web.reconciliation_lines import (
    Group,
    Wanted,
    grouped,
    in_the_way,
    shown_groups,
    side_sums,
    to_sign_off,
    wanted_of,
)
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year

SHEET_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of a whole sheet: thousands of accounts, some with long comments."""

SHEET_FIELDS: Final = 20_000

_ALL: Final = "all"
_GROUP: Final = "group:"
_ABLE: Final = "able:"
_LABEL: Final = re.compile(r"[VS][0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Refused:
    """What a request was refused. `rows`: by account, shown there; `way`: accounts that keep others from being *Klar*,
    `able` the number of those others, and `pressed` what was asked for."""

    rows: Mapping[str, ClosingError] = field(default_factory=dict)
    whole: ClosingError | None = None
    way: tuple[AccountLine, ...] = ()
    able: int = 0
    pressed: str = ""


_NOTHING: Final = Refused()


def sheet(call: Call) -> Response:
    """The accounts of a period, "" for the current one; only the table when htmx asks, as while one searches."""
    shown = in_period(call)
    template = "_reconciliation_sheet.html" if call.is_partial else "reconciliation.html"
    return call.page(template, **_values(call, shown))


def row(call: Call) -> Response:
    """Keep what was typed in one row: the row again, with the sums, the progress, and a word that is read out."""
    shown, account = in_period(call), call.path("account")
    desk: ReconciliationDesk = shown["desk"]
    line = shown["sheet"].line(account)
    typed = typed_lines(call.form).get(account)
    if line is None or typed is None:
        raise DataError("account-not-in-period", account=account, period=shown["sheet"].period.key)
    problem: ClosingError | None = None
    try:
        desk.keep(shown["sheet"].period.key, line, typed)
    except ClosingError as error:
        problem = error
    if not call.is_partial:
        if problem is not None:
            raise problem
        return call.go(f"{shown['address']}#account-{account}")
    again = in_period(call)
    groups = cast("tuple[Group, ...]", again["groups"])
    one_list = any(group.code is None for group in groups)
    return call.page(
        "_reconciliation_saved.html",
        200 if problem is None else _status(problem),
        line=again["sheet"].line(account),
        group=next((group for group in groups if not one_list and group.code == group_of(account)), None),
        **_values(call, again, Refused({account: problem} if problem else {}), {account: typed}),
    )


def save(call: Call) -> Response:
    """Keep all that was typed, and mark as done what the pressed button says."""
    shown, rows = in_period(call), typed_lines(call.form)
    desk: ReconciliationDesk = shown["desk"]
    key, pressed = shown["sheet"].period.key, call.field("sign-off")[:20]
    refused = Refused(desk.keep_all(key, shown["sheet"], rows), pressed=pressed)
    if not refused.rows and pressed:
        refused = _sign_off(desk, desk.sheet(key, unused=True), rows, pressed)
    if refused.rows or refused.whole or refused.way:
        return call.page("reconciliation.html", 422, **_values(call, in_period(call), refused, rows))
    return call.go(f"{shown['address']}&kept=1")


def download(call: Call) -> Response:
    """The accounts that are shown, as XLSX or CSV."""
    form = call.path("form")
    if form not in FORMS:
        raise ClosingError("report-form-unknown", report="reconciliation", form=form[:20], forms=", ".join(FORMS))
    shown = in_period(call)
    lines = [line for group in shown["groups"] for line in group.lines]
    created = call.house.clock()
    document = sheet_document(call.words, shown["sheet"], lines, form, created)
    return composed([document], cast("Form", form), document.name)


def in_period(call: Call) -> dict[str, Any]:
    """What pages of a period know: the year, the desk, the sheet as it is now, and what of it is shown where."""
    shown = shown_year(call)
    desk = call.desk.reconciliation(shown["year"])
    wanted = wanted_of(call.query("only"), call.query("q"), call.query("zero"), call.query("sort"))
    whole = desk.sheet(call.query("period")[:20], unused=True)
    lines = [line for line in whole.lines if line.used or wanted.zero]
    stated = {"year": str(shown["year"].year_end), "period": whole.period.key}
    base = f"/engagements/{call.desk.id}/reconciliation"
    return {
        **shown,
        "desk": desk,
        "sheet": whole,
        "wanted": wanted,
        "groups": shown_groups(lines, wanted),
        "base": base,
        "in_period": f"?{urlencode(stated)}",
        "in_day": f"?{urlencode({'year': stated['year'], 'as_at': str(whole.period.period.end)})}",
        "in_sheet": f"?{urlencode({**stated, **wanted.stated})}",
        "address": f"{base}?{urlencode({**stated, **wanted.stated})}",
    }


def _sign_off(desk: ReconciliationDesk, sheet: Sheet, rows: Mapping[str, TypedLine], pressed: str) -> Refused:
    """Mark all accounts as done that the page showed as not done, or those of a group; with `able:` before it those
    that can be. `rows`: what the page showed; what it did not show is not signed off."""
    able, which = pressed.startswith(_ABLE), pressed.removeprefix(_ABLE)
    code = which.removeprefix(_GROUP) if which.startswith(_GROUP) else None
    if code is None and which != _ALL:
        return _NOTHING
    shown = {account: row for account, row in rows.items() if row.shown.standing is not Standing.DONE}
    lines = to_sign_off(grouped([line for line in sheet.lines if line.account in shown]), code)
    way = in_the_way(lines)
    if way and not able:
        return Refused(way=way, able=len(lines) - len(way), pressed=which)
    blocked = {line.account for line in way}
    try:
        if seen := {line.account: shown[line.account].seen for line in lines if line.account not in blocked}:
            desk.sign_off(sheet.period.key, seen)
    except ClosingError as error:
        return Refused(whole=error, pressed=which)
    return _NOTHING


def _values(
    call: Call, shown: dict[str, Any], refused: Refused = _NOTHING, rows: Mapping[str, TypedLine] | None = None
) -> dict[str, Any]:
    sheet, groups = cast("Sheet", shown["sheet"]), cast("tuple[Group, ...]", shown["groups"])
    saved = call.query("saved")
    wanted: Wanted = shown["wanted"]
    return {
        "count": sum(len(group.lines) for group in groups),
        "waiting": len(to_sign_off(groups)),
        "sides": side_sums(groups),
        "enterable": sheet.period.enterable,
        "periods": shown["desk"].periods,
        "refused": refused,
        "problems": refused.rows,
        "typed": not_kept(rows or {}, refused.rows),
        "shown_amount": shown_amount,
        "shown_done": shown_done,
        "shown_of": Shown.of,
        "saying": reconciliation_words,
        "columns": reconciliation_words.columns(call.words),
        "standings": {each: reconciliation_words.standing(call.words, each) for each in Standing},
        "reviews": {each: reconciliation_words.review(call.words, each) for each in Review},
        "group_words": group_words,
        "saved": saved if _LABEL.fullmatch(saved) else "",
        "kept": call.query("kept") == "1",
        "narrowed": bool(wanted.only or wanted.search),
        **shown,
    }


def _status(problem: ClosingError) -> int:
    return 422 if isinstance(problem, DataError) else 409


_SHEET: Final = "/engagements/{engagement:int}/reconciliation"

PAGES = (
    Page("GET", _SHEET, sheet, Permission.READ),
    Page("POST", _SHEET, save, Permission.RECONCILE, SHEET_LIMIT, SHEET_FIELDS),
    Page("POST", f"{_SHEET}/accounts/{{account}}", row, Permission.RECONCILE),
    Page("GET", f"{_SHEET}/files/{{form}}", download, Permission.READ),
)
