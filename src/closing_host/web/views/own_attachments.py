"""*Skapa och hantera bilagor*: the user's own attachments, by account."""

from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.attached_files import kept_name
from closing_host.engagements.own_attachments import ScheduleChange
from closing_host.storage.own_attachments import OwnAttachment
from closing_host.web import attachment_words
from closing_host.web.attachment_desk import AttachmentDesk
from closing_host.web.call import Call
from closing_host.web.own_form import MOST_ROWS, OwnForm, form_of, new_form, sent_form
from closing_host.web.routes import Page, Permission
from closing_host.web.uploads import rows_of, sent_files
from closing_host.web.views.attachment import number, stated_day
from closing_host.web.views.attachments import ADDRESS, in_year

FORM_LIMIT: Final = 1024 * 1024
ROWS_LIMIT: Final = 6 * 1024 * 1024
"""Bytes of a file with rows (5 MB), and of what the browser wraps it in."""


def find(call: Call) -> Response:
    """On to the account that was typed or chosen: its number, perhaps with its name behind it."""
    typed = call.query("account").strip().split(" ")[0][:40]
    shown = in_year(call)
    if not typed:
        return call.go(f"{shown['base']}{shown['in_year']}")
    return call.go(f"{shown['base']}/accounts/{quote(typed, safe='')}{shown['in_year']}")


def account(call: Call) -> Response:
    """What stands behind one account: schedules, the reconciliation, files. `?as_at=`: the day of what is added, the
    year's last one by default."""
    shown, wanted = in_year(call), call.path("account")
    desk: AttachmentDesk = shown["desk"]
    groups = desk.own(wanted, removed=True)
    removed = [each for group in groups for each in group.attachments if each.state == "removed"]
    gone = [each for each in desk.files(wanted, removed=True) if each.removed_at is not None]
    values: dict[str, Any] = {
        "groups": groups,
        "removed": removed,
        "gone": gone,
        "as_at": stated_day(call.query("as_at")),
    }
    values["standing"] = desk.account(wanted, values["as_at"])
    return call.page("own_account.html", attachment_words=attachment_words, **values, **shown)


def new(call: Call) -> Response:
    """An empty form."""
    wanted = call.query("account")
    return _form(call, new_form(wanted, call.query("as_at")[:10]), None)


def add(call: Call) -> Response:
    """Keep a new attachment, or do to the form's rows what its button says."""
    form, action = sent_form(call.form, call.field("account")), call.field("action")
    if action != "save":
        return _form(call, form.acted(action), None)
    shown = in_year(call)
    try:
        added = shown["desk"].add_own(
            form.account,
            form.rows(),
            title=form.title,
            comment=form.comment,
            copying=form.copying,
            standing=form.standing,
            as_at=stated_day(form.as_at),
        )
    except DataError as error:
        return _form(call, form, None, error)
    return _to_account(call, shown, added)


def edit(call: Call) -> Response:
    """The form of one that is there."""
    newest = _newest(call)
    return _form(call, form_of(newest, call.words), newest)


def change(call: Call) -> Response:
    """Keep a new version, or do to the form's rows what its button says."""
    newest = _newest(call)
    form, action = sent_form(call.form, newest.schedule.account), call.field("action")
    if action != "save":
        return _form(call, form.acted(action), newest)
    shown = in_year(call)
    try:
        said = ScheduleChange(form.rows(), form.title, form.comment, form.copying, form.standing)
        kept = shown["desk"].edit_own(newest.number, said, form.basis)
    except ClosingError as error:
        return _form(call, form, newest, error)
    return _to_account(call, shown, kept)


def sums(call: Call) -> Response:
    """Sum, *Avstämningsbelopp* and difference of a form as it stands now."""
    return call.page("_own_sums.html", **_sums(call, sent_form(call.form, call.field("account"))))


def rows(call: Call) -> Response:
    """Take rows from a file: as a new attachment of the account, or in place of one's own rows."""
    shown, file = in_year(call), sent_files(call)[0]
    brought, which = rows_of(file), number(call.field("number"))
    if which is not None:
        basis = number(call.field("basis")) or 0
        return _to_account(call, shown, shown["desk"].edit_own(which, ScheduleChange(brought), basis))
    wanted, title = call.field("account"), PurePosixPath(kept_name(file.filename or "")).stem[:200]
    options: dict[str, Any] = {"title": title, "comment": "", "copying": "with_data", "standing": None}
    options["as_at"] = stated_day(call.field("as_at"))
    return _to_account(call, shown, shown["desk"].add_own(wanted, brought, **options))


def remove(call: Call) -> Response:
    """Take one away; its versions stay and it can be put back."""
    shown = in_year(call)
    basis = number(call.field("basis")) or 0
    return _to_account(call, shown, shown["desk"].remove_own(call.number("number"), basis))


def restore(call: Call) -> Response:
    """Put a removed one back."""
    shown = in_year(call)
    return _to_account(call, shown, shown["desk"].restore_own(call.number("number")))


def history(call: Call) -> Response:
    """All versions: who changed it, when, and to what."""
    shown = in_year(call)
    versions = shown["desk"].own_history(call.number("number"))
    return call.page("own_history.html", versions=versions, attachment_words=attachment_words, **shown)


def _form(call: Call, form: OwnForm, own: OwnAttachment | None, error: ClosingError | None = None) -> Response:
    values = {"form": form, "own": own, "error_found": error, "most_rows": MOST_ROWS, **_sums(call, form, own)}
    if call.is_partial:
        return call.page("_own_rows.html", **values)
    status = 200 if error is None else 422
    return call.page("own_form.html", status, attachment_words=attachment_words, **values)


def _sums(call: Call, form: OwnForm, own: OwnAttachment | None = None) -> dict[str, Any]:
    shown = in_year(call)
    which = own.number if own is not None else number(call.field("number"))
    try:
        day = stated_day(form.as_at)
    except DataError:  # told when it is saved
        day = None
    standing = shown["desk"].account(form.account, day, without=which)
    says = any(text.strip() or amount.strip() for text, amount in form.lines)
    reconciled = (standing.reconciled or 0) + form.signed() if says else standing.reconciled
    difference = None if reconciled is None else standing.closing - reconciled
    return {"form": form, "standing": standing, "reconciled": reconciled, "difference": difference, **shown}


def _newest(call: Call) -> OwnAttachment:
    newest: OwnAttachment = in_year(call)["desk"].own_history(call.number("number"))[0]
    return newest


def _to_account(call: Call, shown: dict[str, Any], own: OwnAttachment) -> Response:
    return call.go(f"{shown['base']}/accounts/{own.schedule.account}{shown['in_year']}")


_OWN: Final = f"{ADDRESS}/own"
_ONE: Final = f"{_OWN}/{{number:int}}"

PAGES = (
    Page("GET", f"{ADDRESS}/accounts", find, Permission.READ),
    Page("GET", f"{ADDRESS}/accounts/{{account}}", account, Permission.READ),
    Page("GET", f"{_OWN}/new", new, Permission.READ),
    Page("POST", f"{_OWN}/new", add, Permission.ATTACH, body_limit=FORM_LIMIT),
    Page("POST", f"{_OWN}/sums", sums, Permission.READ, body_limit=FORM_LIMIT),
    Page("POST", f"{_OWN}/rows", rows, Permission.ATTACH, body_limit=ROWS_LIMIT),
    Page("GET", _ONE, edit, Permission.READ),
    Page("POST", _ONE, change, Permission.ATTACH, body_limit=FORM_LIMIT),
    Page("GET", f"{_ONE}/history", history, Permission.READ),
    Page("POST", f"{_ONE}/remove", remove, Permission.ATTACH),
    Page("POST", f"{_ONE}/restore", restore, Permission.ATTACH),
)
