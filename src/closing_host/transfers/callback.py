"""Where a login comes back to the command line: a listener on the callback's address, or an address that is pasted.

The listener takes requests for the callback's path on loopback only, keeps the query of the first one and shows every
visitor the same small page. What the query is worth is for `Logins.complete` to say.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from closing_host.api.errors import AuthorizationError, TemporaryError

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
LONGEST_REQUEST: Final = 64 * 1024
PATIENCE_WITH_A_VISITOR: Final = 10.0
"""Seconds that a connection may take to state its request; browsers open some that they never use."""

_PAGE: Final = b"""<!doctype html><html lang="sv"><meta charset="utf-8"><title>closing</title>
<p lang="sv">Klart h\xc3\xa4r. G\xc3\xa5 tillbaka till programmet; du kan st\xc3\xa4nga den h\xc3\xa4r sidan.</p>
<p lang="en">Done here. Go back to the program; you can close this page.</p></html>
"""
_HEADERS: Final = (
    "Content-Type: text/html; charset=utf-8\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n"
)


class Listener:
    """A listener that runs; `answer` waits for the first visit to the callback."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._first: Final[asyncio.Future[Mapping[str, str]]] = asyncio.get_running_loop().create_future()

    async def answer(self, timeout: float) -> Mapping[str, str]:  # noqa: ASYNC109 - part of what a user is told
        """The query that came back. Raises `AuthorizationError` `callback-silent` after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.shield(self._first)
        except TimeoutError:
            raise AuthorizationError("callback-silent", minutes=round(timeout / 60)) from None

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with suppress(OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE_WITH_A_VISITOR):
                head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
            address = urlsplit(target)
            found = method == "GET" and address.path == self._path
            if found and not self._first.done():
                self._first.set_result(dict(parse_qsl(address.query, keep_blank_values=True)))
            status, body = ("200 OK", _PAGE) if found else ("404 Not Found", b"")
            writer.write(f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def listening(callback: str) -> AsyncIterator[Listener]:
    """Listen on the callback's port.

    Raises `AuthorizationError` `callback-not-local` unless `can_listen`, and `TemporaryError` `callback-taken` when
    another program has the port.
    """
    if not can_listen(callback):
        raise AuthorizationError("callback-not-local", address=callback)
    address = urlsplit(callback)
    listener = Listener(address.path or "/")
    try:
        server = await asyncio.start_server(listener.visit, address.hostname, address.port or 80, limit=LONGEST_REQUEST)
    except OSError as error:
        raise TemporaryError("callback-taken", address=callback) from error
    async with server:
        yield listener


def can_listen(callback: str) -> bool:
    """Whether the callback leads to this machine without encryption, so that we can answer there."""
    address = urlsplit(callback)
    return address.scheme == "http" and address.hostname in LOOPBACK


def pasted(address: str, callback: str) -> Mapping[str, str]:
    """The query of an address that the user copied from the browser.

    Raises `AuthorizationError` `callback-unreadable` when it does not begin with the callback's address.
    """
    got, wanted = urlsplit(address.strip()), urlsplit(callback)
    if (got.scheme, got.netloc, got.path or "/") != (wanted.scheme, wanted.netloc, wanted.path or "/"):
        raise AuthorizationError("callback-unreadable")
    return dict(parse_qsl(got.query, keep_blank_values=True))
