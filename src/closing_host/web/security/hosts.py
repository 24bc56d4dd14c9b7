"""Only requests that name this machine are served, so that no other site's name can be pointed here (T G-7)."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers as RequestHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from closing_host.web.security.origin_check import SAFE

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")


def allowed_hosts(origin: str) -> frozenset[str]:
    """The values of Host that are served: this machine's names with the origin's port."""
    port = urlsplit(origin).port
    return frozenset(f"{name}:{port}" if port else name for name in LOOPBACK_NAMES)


class Hosts:
    """Refuses every other Host. Of the allowed ones only the origin's own carries the session, so a visit under
    another of the machine's names is led there; what is no visit is refused."""

    def __init__(self, app: ASGIApp, *, origin: str, allowed: Collection[str]) -> None:
        self._app = app
        self._origin = origin
        self._own = urlsplit(origin).netloc
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            hosts = RequestHeaders(scope=scope).getlist("host")
            safe = scope["method"] in SAFE
            if len(hosts) != 1 or hosts[0] not in self._allowed or (hosts[0] != self._own and not safe):
                await PlainTextResponse("This host is not served here.", 421)(scope, receive, send)
                return
            if hosts[0] != self._own:
                query = scope["query_string"].decode("latin-1")
                target = self._origin + scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
                await RedirectResponse(target, 307)(scope, receive, send)
                return
        await self._app(scope, receive, send)
