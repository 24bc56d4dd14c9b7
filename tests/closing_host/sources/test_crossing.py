"""A hook on its own loop uses the client of the host's loop as if it were its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from closing_host.api.errors import SourceUnavailable
from closing_host.sources.apart import apart
from closing_host.sources.isolation import Raised, Returned
from closing_host.sources.wire import Limits, Wire
from raw_server import RawServer, http_answer, raw_server

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def run(function: Any) -> Any:
    return await apart(function, lambda: 0.0, 10.0, nullcontext())


async def books(request: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(http_answer(b"books" * 1000))


def wire(server: RawServer) -> Wire:
    return Wire(frozenset({server.origin}), clock=lambda: NOW, limits=Limits(tries=1))


async def test_reads_and_streams_arrive_whole() -> None:
    async with raw_server(books) as server, wire(server) as http:

        async def hook() -> tuple[bytes, bytes, bool]:
            read = await http.get(f"{server.origin}/read")
            async with http.stream("GET", f"{server.origin}/stream") as answer:
                streamed = b"".join([piece async for piece in answer.aiter_bytes(100)])
            return read.content, streamed, answer.is_closed

        assert await run(hook) == Returned((b"books" * 1000, b"books" * 1000, True))
        assert (await http.get(f"{server.origin}/here")).content == b"books" * 1000
        assert http.under_way == 0
    assert server.connections == 1


async def test_a_body_made_piece_by_piece_is_made_where_the_hook_runs() -> None:
    threads: list[threading.Thread] = []

    async def pieces() -> AsyncIterator[bytes]:
        threads.append(threading.current_thread())
        yield b"a" * 10

    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=request.content)

    line = httpx.MockTransport(echo)
    origins = frozenset({"https://books.example:443"})
    async with Wire(origins, clock=lambda: NOW, network=lambda: (line, line)) as http:

        async def hook() -> bytes:
            return (await http.post("https://books.example/", content=pieces())).content

        assert await run(hook) == Returned(b"a" * 10)
    assert threading.current_thread() not in threads


async def test_errors_are_those_of_the_wire() -> None:
    async def nobody(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with raw_server(nobody) as server, wire(server) as http:
        ended = await run(lambda: http.get(f"{server.origin}/"))
    assert isinstance(ended, Raised)
    assert isinstance(ended.error, SourceUnavailable)


@pytest.fixture
def silent() -> Iterator[threading.Event]:
    asked = threading.Event()
    yield asked
    asked.set()


async def test_cancelling_the_hook_ends_the_call(silent: threading.Event) -> None:
    async def never(request: bytes, writer: asyncio.StreamWriter) -> None:
        silent.set()
        await asyncio.Event().wait()

    async with raw_server(never) as server, wire(server) as http:
        hook = asyncio.ensure_future(run(lambda: http.get(f"{server.origin}/")))
        assert await asyncio.to_thread(silent.wait, 10)
        assert http.under_way == 1
        hook.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hook
        while http.under_way:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)


def test_a_call_after_the_host_has_gone_fails_as_never_sent() -> None:
    opened: list[Wire] = []

    async def open_and_leave() -> None:
        async with Wire(frozenset({"https://books.example:443"}), clock=lambda: NOW) as http:
            opened.append(http)

    asyncio.run(open_and_leave())

    async def late() -> None:
        with pytest.raises(SourceUnavailable):
            await opened[0].get("https://books.example/")

    asyncio.run(late())
