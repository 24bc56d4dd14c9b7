"""Requests that another site made are refused, by what the browser says of their origin (T 3g, G-2).

Stricter than the models it follows: an unsafe method passes only if the browser says that it comes from our own page;
one that says nothing is refused. Safe methods change nothing, but another site may only navigate to them.
"""

from typing import Final

from starlette.datastructures import Headers as RequestHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE: Final = frozenset({"GET", "HEAD"})
_KNOWN: Final = frozenset({*SAFE, "POST"})


def admitted(method: str, headers: RequestHeaders, own_origin: str) -> bool:
    """Whether the request may go on. Headers that are stated twice count as another site's."""
    site, origin = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    if method in SAFE:
        foreign = bool(site) and site[0] not in ("same-origin", "none")
        return not foreign or headers.get("sec-fetch-mode") == "navigate"
    if site and site != ["same-origin"]:
        return False
    if site:
        # With `Referrer-Policy: no-referrer` the browser calls our own forms' origin "null" (Fetch 3.2).
        return origin in ([], [own_origin], ["null"])
    return origin == [own_origin]


class OriginCheck:
    """Refuses what is not admitted, and methods that no route has."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            if scope["method"] not in _KNOWN:
                await PlainTextResponse("Method not allowed.", 405, {"Allow": "GET, HEAD, POST"})(scope, receive, send)
                return
            if not admitted(scope["method"], RequestHeaders(scope=scope), self._origin):
                await PlainTextResponse("Refused: this request came from another site.", 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)
