"""A TCP proxy before the application that makes what an ASGI server cannot: resets, half answers, wrong lengths.

One request per connection (``Connection: close``). Faults that need no raw socket are passed on to the application
with a ticket, so that the plan is asked once. Listens on loopback only.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from datasource_fortnox.simulator.app import TICKET
from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.faults.actions import Action, Ending
from datasource_fortnox.simulator.serving import matched, pause, serve
from datasource_fortnox.simulator.world import World

__all__ = ["FaultProxy"]

_TLS_HELLO = b"\x16"
_TLS_ALERT = b"\x15\x03\x01\x00\x02\x02\x28"
"""Fatal handshake failure: what a client that speaks https here receives (N3)."""


class FaultProxy:
    """Run with `start`; ``port`` is known afterwards. `refuse` closes the listener, so that connecting fails (N1)."""

    def __init__(self, world: World, backend_port: int) -> None:
        self._world = world
        self._backend_port = backend_port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1."""
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", port or self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop what is held open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def refuse(self, refusing: bool) -> None:
        """Refuse connections (True) or listen on the same port again."""
        if refusing:
            await self.stop()
        elif self._server is None:
            await self.start()

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._exchange(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if first == _TLS_HELLO:
            writer.write(_TLS_ALERT)
            await writer.drain()
            return
        head = first + await reader.readuntil(b"\r\n\r\n")
        method, target, headers = _parse(head)
        if "transfer-encoding" in headers:
            await reader.readuntil(b"0\r\n\r\n")
            writer.write(b"HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            return
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path, _, query = target.partition("?")
        incoming = Incoming.make(method, path, query, headers, body)
        action = matched(self._world, incoming)
        if action is None or not action.ending.wire:
            await self._forward(incoming, target, headers, action, writer)
            return
        served = serve(self._world, incoming, action)
        await pause(self._world, action.delay_s)
        await _spoil(action, served.reply, reader, writer)

    async def _forward(
        self,
        incoming: Incoming,
        target: str,
        headers: dict[str, str],
        action: Action | None,
        writer: asyncio.StreamWriter,
    ) -> None:
        ticket = self._world.faults.assign(action)
        passed = {**headers, "connection": "close", TICKET: ticket}
        lines = [f"{incoming.method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in passed.items())]
        source, sink = await asyncio.open_connection("127.0.0.1", self._backend_port)
        try:
            sink.write("\r\n".join([*lines, "", ""]).encode("latin-1") + incoming.body)
            await sink.drain()
            while piece := await source.read(65536):
                writer.write(piece)
                await writer.drain()
        finally:
            sink.close()


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    request_line, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = request_line.split(" ", 2)
    headers = dict(line.split(":", 1) for line in lines if ":" in line)
    return method, target, {name.strip().lower(): value.strip() for name, value in headers.items()}


def _head(reply: Reply, length: int | None, extra: dict[str, str] | None = None) -> bytes:
    headers = {**reply.headers, "content-type": reply.content_type, "connection": "close", **(extra or {})}
    if length is not None:
        headers["content-length"] = str(length)
    lines = [f"HTTP/1.1 {reply.status} Spoiled", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


async def _spoil(action: Action, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body, half = reply.body, reply.body[: len(reply.body) // 2]
    match action.ending:
        case Ending.REFUSED | Ending.UNKNOWN_HOST | Ending.RESET | Ending.RESET_IN_BODY:
            _reset(writer)
        case Ending.TLS_FAILURE:
            writer.write(_TLS_ALERT)
        case Ending.CLOSED:
            pass
        case Ending.TIMEOUT:
            await _hold(action, reader)
        case Ending.HALF_STATUS_LINE:
            writer.write(b"HTTP/1.1 2")
        case Ending.TRUNCATED:
            writer.write(_head(reply, len(body)) + half)
        case Ending.LENGTH_TOO_SHORT:
            writer.write(_head(reply, len(half)) + body)
        case Ending.LENGTH_TOO_LONG:
            writer.write(_head(reply, len(body) + 64) + body)
            await writer.drain()
            await _hold(action, reader)
        case Ending.SLOW_HEADERS:
            await _drip(_head(reply, len(body)), action, writer)
            writer.write(body)
        case Ending.SLOW_BODY:
            writer.write(_head(reply, len(body)))
            await _drip(body, action, writer)
        case Ending.BAD_GZIP:
            writer.write(_head(reply, len(body), {"content-encoding": "gzip"}) + body)
        case Ending.INFORMATIONAL:
            writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + _head(reply, len(body)) + body)
    if not writer.is_closing():
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST: linger on, zero seconds."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _hold(action: Action, reader: asyncio.StreamReader) -> None:
    """Say nothing until the client goes away or ``hold_s`` is over."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(reader.read(), action.hold_s)


async def _drip(content: bytes, action: Action, writer: asyncio.StreamWriter) -> None:
    size = max(len(content) // 20, 1)
    for start in range(0, len(content), size):
        writer.write(content[start : start + size])
        await writer.drain()
        await asyncio.sleep(action.piece_s)
