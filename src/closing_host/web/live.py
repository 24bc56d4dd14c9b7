"""A part of a page that follows its records: sent anew each time that it changes, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.responses import Response, StreamingResponse

LOOKED_AT_EVERY: Final = 0.25
"""Seconds between two looks at the records."""
SIGN_OF_LIFE_EVERY: Final = 60
"""Looks between two signs of life, so that a broken connection is noticed."""

Look = Callable[[], tuple[str, bool]]
"""The part of the page as it is now, and whether it will change again."""


def followed(look: Look) -> Response:
    """Answer with what `look` gives each time that it is another text, until it says that it was the last one.

    The first look is before the answer begins, where what it raises can be told.
    """
    first = look()

    async def stream() -> AsyncIterator[str]:
        (text, goes_on), shown, looks = first, "", 0
        while True:
            if text != shown:
                shown = text
                yield "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
            if not goes_on:
                yield "event: ended\ndata: -\n\n"
                return
            looks += 1
            if looks % SIGN_OF_LIFE_EVERY == 0:
                yield ": here\n\n"
            await asyncio.sleep(LOOKED_AT_EVERY)
            text, goes_on = await asyncio.to_thread(look)

    return StreamingResponse(stream(), media_type="text/event-stream")
