"""A TCP server on loopback that answers with exactly the bytes that a test wants, also wrong ones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Gets one request (head and body) and writes what it likes; the connection stays open unless it closes it."""


class RawServer:
    """`origin` to call; `requests` as received; `connections`: how many there were."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.origin = ""
        self.requests: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                request = head + await reader.readexactly(length)
                self.requests.append(request)
                await self._answer(request, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def raw_server(answer: Answer) -> AsyncIterator[RawServer]:
    """Serve until the block ends."""
    served = RawServer(answer)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield served
    finally:
        server.close()


def http_answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer as bytes; `length` when the stated one shall be wrong."""
    stated = len(body) if length is None else length
    return "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {stated}", *headers, "", ""]).encode() + body
