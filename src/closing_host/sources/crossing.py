"""From a hook's own loop to the loop that a wire lives on, and back.

A hook runs apart (`apart`), while its client, with pace and token, belongs to the loop that opened it: what is asked
on one loop is done on the other.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Final, TypeVar

import httpx

from closing_host.api.errors import SourceUnavailable

T = TypeVar("T")


async def across(home: asyncio.AbstractEventLoop, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Await `make()` on `home` and return or raise here what it does there. Cancelling here cancels there.

    Raises `SourceUnavailable`, nothing having been done, when nobody runs `home` any more.
    """
    work = make()
    try:
        there = asyncio.run_coroutine_threadsafe(work, home)
    except RuntimeError as error:
        work.close()
        raise SourceUnavailable from error
    return await asyncio.wrap_future(there)


class AcrossStream(httpx.AsyncByteStream):
    """A streamed answer of `home`, read piece by piece from another loop."""

    def __init__(self, inner: httpx.AsyncByteStream, home: asyncio.AbstractEventLoop) -> None:
        self._inner: Final = inner
        self._home: Final = home

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = aiter(self._inner)

        async def following() -> bytes | None:
            return await anext(pieces, None)

        while (piece := await across(self._home, following)) is not None:
            yield piece

    async def aclose(self) -> None:
        """Close it where it is."""
        await across(self._home, self._inner.aclose)
