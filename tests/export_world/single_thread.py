"""Everything in one thread, so that a seed always tells the same story, and quickly.

`asyncio.to_thread` and the threads of hooks are replaced by a call in place, after a turn of the loop, in which
another task may run: interleavings happen at the same places as with threads, but always in the same order.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from closing_host.sources import facade
from closing_host.sources.isolation import Raised, Returned, outcome


async def _in_place(function: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
    await asyncio.sleep(0)
    return function(*given, **named)


async def _taken_in_place(function: Callable[[], Any]) -> Returned[Any] | Raised:
    return outcome(function)


async def _hook_in_place(function: Callable[[], Any], *_: object) -> Returned[Any] | Raised:
    ended = outcome(function)
    if not isinstance(ended, Returned) or not inspect.isawaitable(ended.value):
        return ended
    try:
        return Returned(await ended.value)
    except GeneratorExit:  # Python's own, when a loop is closed over a waiting coroutine
        raise
    except BaseException as error:
        return Raised(error)


@contextmanager
def single_thread() -> Iterator[None]:
    """Until the block ends."""
    with (
        patch.object(asyncio, "to_thread", _in_place),
        patch.object(facade, "in_thread", _taken_in_place),
        patch.object(facade, "apart", _hook_in_place),
    ):
        yield
