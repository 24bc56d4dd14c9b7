"""Runs a plugin's code so that nothing it raises, and no hanging, reaches the host unseen (T H1-H3).

Whatever escapes is a value (`Raised`), also `SystemExit`, `KeyboardInterrupt` and `StopIteration`: a plugin raises
those in a thread of its own, where they cannot be the user's. The threads are daemons, because Python cannot end one:
a plugin that hangs costs its thread and never keeps the process from ending. What one process cannot contain is a
crash of the interpreter and code that means harm; plugins are code that somebody chose to install.
"""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Returned(Generic[T]):
    """The code came back with `value`."""

    value: T


@dataclass(frozen=True, slots=True)
class Raised:
    """`error` escaped from the code."""

    error: BaseException


def outcome(function: Callable[[], T]) -> Returned[T] | Raised:
    """Call `function` here."""
    try:
        return Returned(function())
    except BaseException as error:
        return Raised(error)


def within(seconds: float, function: Callable[[], T]) -> Returned[T] | Raised | None:
    """Call `function` in a thread of its own; None when it has not come back in time."""
    done: list[Returned[T] | Raised] = []
    thread = threading.Thread(target=lambda: done.append(outcome(function)), daemon=True)
    thread.start()
    thread.join(seconds)
    return done[0] if done else None


async def in_thread(function: Callable[[], T]) -> Returned[T] | Raised:
    """Call `function` in a thread of its own, with this task's context variables.

    Not in the loop's executor, whose few threads a hanging plugin would take from everybody. When the awaiting task
    is cancelled, the thread goes on and nobody hears of its end.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Returned[T] | Raised] = loop.create_future()

    def deliver(ended: Returned[T] | Raised) -> None:
        if not answer.done():
            answer.set_result(ended)

    def work() -> None:
        ended = outcome(function)
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(deliver, ended)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
    return await answer
