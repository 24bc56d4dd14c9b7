"""The cookie that carries a session's id (T 3g): for this host only, out of scripts' reach, never over the network.

`SameSite=Lax` and not `Strict`: the way back from a source's login is another site's navigation and needs the session.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "__Host-closing"
"""Browsers accept this prefix with `Secure` on loopback, which they trust like an encrypted connection."""


def session_id(request: Request) -> str:
    """The id that the browser sent, "" when it sent none."""
    return request.cookies.get(COOKIE, "")


def keep(response: Response, id: str) -> None:
    """Have the browser keep the id until it is closed; the server ends the session earlier."""
    response.set_cookie(COOKIE, id, path="/", secure=True, httponly=True, samesite="lax")


def forget(response: Response) -> None:
    """Have the browser forget it."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
