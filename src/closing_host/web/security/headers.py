"""The headers of every answer (T 3g, G-4)."""

import time
from collections.abc import Callable, Collection
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
_NOT_SHOWN: Final = "sandbox; default-src 'none'"
"""The policy of a file that is to be saved, should a browser show it all the same (T F11)."""
_DATA: Final = "no-store"
STATIC: Final = "/static/"
_STATIC_CACHE: Final = "no-cache"
"""Asked again each time, answered by 304."""
_VERSIONED_CACHE: Final = "max-age=31536000, immutable"
"""An address that names its content's version (`pages.static`): after an upgrade pages name another one."""


def content_security_policy(form_targets: Collection[str]) -> str:
    """The policy. `form_targets`: origins that a form may lead to besides our own, by redirect: the sources' logins.

    Nothing inline runs. The images in the style sheets are data addresses, so `img-src` has to allow these.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": " ".join(["'self'", *sorted(form_targets)]),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class Headers:
    """Adds them to every answer, whoever gives it. `form_targets` is asked again after `REMEMBERED` seconds."""

    REMEMBERED: Final = 2.0

    def __init__(self, app: ASGIApp, *, form_targets: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._form_targets = form_targets
        self._policy = ""
        self._made_at = -self.REMEMBERED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _FIXED.items():
                    headers[name] = value
                saved = headers.get("Content-Disposition", "").startswith("attachment")
                headers["Content-Security-Policy"] = _NOT_SHOWN if saved else self._current()
                headers["Cache-Control"] = _cache(scope)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _current(self) -> str:
        now = time.monotonic()
        if now - self._made_at >= self.REMEMBERED:
            self._policy, self._made_at = content_security_policy(self._form_targets()), now
        return self._policy


def _cache(scope: Scope) -> str:
    if not scope["path"].startswith(STATIC):
        return _DATA
    return _VERSIONED_CACHE if scope["query_string"].startswith(b"v=") else _STATIC_CACHE
