"""What a route declares, and what every request goes through before its view: session, permission, size, errors."""

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from closing_host.api.errors import AuthorizationError, ClosingError
from closing_host.storage.sessions import WebSession, WebSessions
from closing_host.web.call import MOST_FIELDS, Call
from closing_host.web.faults import guarded, told, unexpected
from closing_host.web.house import House
from closing_host.web.security.session_cookie import session_id
from closing_host.web.security.sizes import SMALL

View = Callable[[Call], Response | Awaitable[Response]]

_LOG: Final = logging.getLogger("closing_host.web.requests")
_GONE: Final = 499
"""The status in the log of a request whose browser went away while it was being read."""


class Permission(StrEnum):
    """What a route needs; `NOBODY`: not even a session. One local user has all of them, and roles can come later
    without touching views."""

    NOBODY = "nobody"
    READ = "read"
    IMPORT = "import"
    CONNECT = "connect"
    UNDO = "undo"
    ENTRIES = "entries"
    EXPORT = "export"
    ATTACH = "attach"
    ANALYSE = "analyse"
    RECONCILE = "reconcile"
    SESSION = "session"


LOCAL_USER: Final = frozenset(Permission)
"""What a session of the user of this machine may do."""


@dataclass(frozen=True, slots=True)
class Page:
    """One route. `needs` has no default: a route that does not say what it needs cannot be written.

    `body_limit`: bytes that a POST may have, in at most `fields` fields. `{engagement:int}` in the path opens the desk
    of the call for that one alone.
    """

    method: Literal["GET", "POST"]
    path: str
    view: View
    needs: Permission
    body_limit: int = SMALL
    fields: int = MOST_FIELDS

    def route(self, house: House) -> Route:
        """The page as Starlette's route."""

        async def endpoint(request: Request) -> Response:
            return await _answer(self, house, request)

        return Route(self.path, endpoint, methods=[self.method])


async def _answer(page: Page, house: House, request: Request) -> Response:
    began = time.monotonic()
    call = Call(house, request, None)
    try:
        call = Call(house, request, await asyncio.to_thread(session_of, house, request))
        _permit(page, call.session)
        if page.method == "POST":
            await call.read_form(page.body_limit, page.fields)
        response = await _viewed(page, call)
        if isinstance(response, StreamingResponse):
            response.body_iterator = guarded(call, response.body_iterator)
    except ClientDisconnect:
        response = Response(status_code=_GONE)  # which nobody receives: a browser that goes away is no fault
    except ClosingError as error:
        response = await asyncio.to_thread(told, call, error)
    except Exception as error:
        response = await asyncio.to_thread(unexpected, call, error)
    finally:
        await call.close()
    took = 1000 * (time.monotonic() - began)
    # The route's own path, never the address: that may hold tokens, and names that somebody searched for (G9).
    _LOG.info("%s %s %d %.0f ms", page.method, page.path, response.status_code, took)
    return response


async def _viewed(page: Page, call: Call) -> Response:
    if inspect.iscoroutinefunction(page.view):
        response: Response = await page.view(call)
        return response
    answer = await asyncio.to_thread(_seen, page.view, call)
    assert isinstance(answer, Response)
    return answer


def _seen(view: View, call: Call) -> object:
    try:
        return view(call)
    except StopIteration as error:  # which no thread can hand over: the request would never be answered
        raise RuntimeError("a view found nothing where it took something for granted") from error


def session_of(house: House, request: Request) -> WebSession | None:
    """The session of the request's cookie, kept alive by it; None without one that holds."""
    if not (id := session_id(request)):
        return None
    database, now = house.host.store.database, house.clock()
    with database.read() as connection:
        sessions = WebSessions(connection, now)
        found = sessions.find(id)
        due = found is not None and sessions.needs_touch(found)
    if found is not None and due:
        with database.write() as connection:
            WebSessions(connection, now).touch(found)
    return found


def _permit(page: Page, session: WebSession | None) -> None:
    if page.needs is Permission.NOBODY:
        return
    if session is None:
        raise AuthorizationError("session-missing")
    if page.needs not in LOCAL_USER:
        raise AuthorizationError("session-not-permitted")
