"""The session itself: how it begins and ends, and its language."""

from starlette.responses import Response

from closing_host.locale import LANGUAGES
from closing_host.storage.sessions import WebSessions
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.security.session_cookie import forget, keep


def start(call: Call) -> Response:
    """Follow the one-time link. Its token is the authority, so this is the one GET that changes something; the
    answer leads on at once, to an address without it (T A12)."""
    store = call.house.host.store
    with store.database.write() as connection:
        trail = store.trail(connection, call.house.host.actor)
        id = WebSessions(connection, call.house.clock()).begin(trail, call.query("token"))
    response = call.go("/")
    keep(response, id)
    return response


def end(call: Call) -> Response:
    """Log out."""
    assert call.session is not None
    store = call.house.host.store
    with store.database.write() as connection:
        trail = store.trail(connection, call.house.host.actor)
        WebSessions(connection, call.house.clock()).end(trail, call.session)
    response = call.go("/")
    forget(response)
    return response


def language(call: Call) -> Response:
    """Choose the pages' language and stay where one was."""
    assert call.session is not None
    chosen = next((each for each in LANGUAGES if each == call.field("language")), "")
    with call.house.host.store.database.write() as connection:
        WebSessions(connection, call.house.clock()).choose_language(call.session, chosen)
    back = call.field("back")
    return call.go(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


PAGES = (
    Page("GET", "/start", start, Permission.NOBODY),
    Page("POST", "/end", end, Permission.SESSION),
    Page("POST", "/language", language, Permission.SESSION),
)
