"""An application called without a server between: thousands of requests in a second, and what no client would send."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass
class Answered:
    """What the application answered. `pieces`: how many pieces of the body it asked for."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    pieces: int = 0

    @property
    def text(self) -> str:
        return self.body.decode()


async def called(
    app: ASGIApp,
    method: str,
    address: str,
    headers: Iterable[tuple[str, str]],
    body: Iterable[bytes] = (),
    *,
    goes_away: bool = False,
) -> Answered:
    """One request. `goes_away`: after the pieces of the body the browser is gone."""
    answered = Answered()
    pieces, ended = iter(body), asyncio.Event()
    parts = urlsplit(address)

    async def receive() -> Message:
        answered.pieces += 1
        piece = next(pieces, None)
        if piece is None and goes_away:
            return {"type": "http.disconnect"}
        if ended.is_set():
            await asyncio.Event().wait()  # the browser stays until it has the answer
        if piece is None:
            ended.set()
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            answered.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            answered.body += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8710),
    }
    await app(scope, receive, send)
    return answered
