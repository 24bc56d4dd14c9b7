"""The way back from a source's login, and what a dialogue may ask on the way."""

from starlette.responses import Response

from closing_host.api.authorization import Redirect
from closing_host.api.errors import ClosingError, PermissionMissing
from closing_host.engagements.logging_in import LoggingIn
from closing_host.transfers.logins import Connected, Dialogue
from closing_host.web.call import Call
from closing_host.web.forms import fields_of
from closing_host.web.office import CALLBACK_PATH
from closing_host.web.routes import Page, Permission

LONGEST_ANSWER = 64


def turn(call: Call, now: LoggingIn) -> Response:
    """Send the user where the dialogue is: to the source, to its form, to a question, or to the running import."""
    progress = now.progress
    if isinstance(progress, Connected):
        return call.go(f"/engagements/{now.engagement_id}/import")
    if isinstance(progress, Dialogue):
        if isinstance(progress.step, Redirect):
            return call.go(progress.step.url)
        return call.page("login_form.html", state=progress.state, fields=fields_of(progress.step.model))
    return call.page("login_confirm.html", state=progress.state, account=progress.account)


async def callback(call: Call) -> Response:
    """The browser came back from the source, with consent or without. A reload shows the same again."""
    answer = dict(list(call.request.query_params.items())[:LONGEST_ANSWER])
    return await _answered(call, answer, None)


async def answer(call: Call) -> Response:
    """The fields of a source's form."""
    fields = {name: value for name, value in call.form.items() if isinstance(value, str) and name != "state"}
    return await _answered(call, fields, call.field("state"))


async def confirm(call: Call) -> Response:
    """Yes, the company that the login reached is the engagement's."""
    return turn(call, await call.office.login_confirmed(call.field("state"), call.session_key))


async def decline(call: Call) -> Response:
    """No: the login is forgotten."""
    engagement_id = await call.office.login_declined(call.field("state"), call.session_key)
    return call.go(f"/engagements/{engagement_id}/source")


async def _answered(call: Call, fields: dict[str, str], state: str | None) -> Response:
    try:
        return turn(call, await call.office.login_answered(fields, call.session_key, state))
    except ClosingError as error:
        engagement_id = call.office.engagement_of_login(state or fields.get("state", ""))
        without = isinstance(error, PermissionMissing) and error.operation == "attachments"
        return call.page("login_failed.html", 403, problem=error, engagement_id=engagement_id, without=without)


PAGES = (
    Page("GET", CALLBACK_PATH, callback, Permission.CONNECT),
    Page("POST", "/login/answer", answer, Permission.CONNECT),
    Page("POST", "/login/confirm", confirm, Permission.CONNECT),
    Page("POST", "/login/decline", decline, Permission.CONNECT),
)
