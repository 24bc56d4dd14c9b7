"""Bounds of one answer: a total deadline and a largest size, unpacked too (T D5, D6).

httpx bounds each read, not the whole; a source that sends one byte a minute, or a small archive of a huge file,
would keep a worker for ever. Answers are unpacked here and not by httpx, because only here can it be stopped.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

import httpx

_GZIP: Final = 16 + zlib.MAX_WBITS
_PIECE: Final = 1 << 18


class AnswerTooLarge(httpx.ReadError):
    """The answer is larger than what is accepted."""


class BoundedTransport(httpx.AsyncBaseTransport):
    """Hands requests to `inner` and bounds each answer: `seconds` from the start to its last byte, `size` bytes.

    Raises `httpx.ReadTimeout`, `AnswerTooLarge`, or `httpx.DecodingError` for an answer packed wrongly.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, seconds: float, size: int) -> None:
        self._inner = inner
        self._seconds = seconds
        self._size = size

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is bounded while it is read."""
        deadline = asyncio.get_running_loop().time() + self._seconds
        request.headers["Accept-Encoding"] = "gzip"
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._inner.handle_async_request(request)
        except TimeoutError:
            raise httpx.ReadTimeout(f"no answer within {self._seconds:g} s", request=request) from None
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        assert isinstance(response.stream, httpx.AsyncByteStream)
        stream = _Bounded(response.stream, request, deadline, self._size, packed=packing == "gzip")
        if packing not in ("gzip", "identity", ""):
            await stream.aclose()
            raise httpx.DecodingError(f"packed as {packing!r}, which was not asked for", request=request)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(response.status_code, headers=headers, stream=stream, extensions=response.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _Bounded(httpx.AsyncByteStream):
    def __init__(
        self, inner: httpx.AsyncByteStream, request: httpx.Request, deadline: float, size: int, *, packed: bool
    ) -> None:
        self._inner = inner
        self._request = request
        self._deadline = deadline
        self._left = size
        self._unpacker = zlib.decompressobj(_GZIP) if packed else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = aiter(self._inner)
        begun = False
        while True:
            try:
                async with asyncio.timeout_at(self._deadline):
                    chunk = await anext(received)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise httpx.ReadTimeout("the answer did not end in time", request=self._request) from None
            begun = begun or bool(chunk)
            for piece in self._unpacked(chunk):
                self._left -= len(piece)
                if self._left < 0:
                    raise AnswerTooLarge("the answer is too large", request=self._request)
                yield piece
        if begun and self._unpacker is not None and not self._unpacker.eof:
            raise httpx.DecodingError("the packed answer ends too early", request=self._request)

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        if self._unpacker is None:
            yield chunk
            return
        try:
            while chunk:
                yield self._unpacker.decompress(chunk, _PIECE)
                chunk = self._unpacker.unconsumed_tail
        except zlib.error as error:
            raise httpx.DecodingError(f"wrongly packed answer: {error}", request=self._request) from error

    async def aclose(self) -> None:
        await self._inner.aclose()
