"""Runs one hook apart: in a thread of its own, with a loop of its own when it is `async def` (T H3).

Nothing that a hook does can then stop the pages: not a `def` that never returns, not an `async def` that computes or
sleeps without awaiting. What it costs is its thread, which Python cannot end; `breaker` bounds how many.
"""

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Final

from closing_host.sources.isolation import Raised, Returned, outcome

GRACE: Final = 5.0
"""Seconds that an `async def` hook gets to tidy up when nobody waits for its answer any more."""


async def apart(
    function: Callable[[], Any],
    silence: Callable[[], float],
    patience: float,
    during: AbstractContextManager[None],
) -> Returned[Any] | Raised:
    """Call `function`, await what it returns when it can be awaited, and say how that ended.

    `during` is entered and left in the hook's thread. `silence()`: seconds since the last sign of life. Raises
    `TimeoutError` when that reaches `patience`: the hook is then left behind and nobody hears of its end. Cancelling
    the awaiting task cancels an `async def` hook, which gets `GRACE` to tidy up, and leaves a `def` hook behind.
    """
    call = _Call(function)

    def work() -> None:
        with during:
            call.work()

    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
    try:
        while (left := patience - silence()) > 0:
            done, _ = await asyncio.wait((call.answer,), timeout=left)
            if done:
                return call.answer.result()
    except asyncio.CancelledError:
        if call.cancel():
            await asyncio.wait((call.answer,), timeout=GRACE)
        raise
    call.cancel()
    raise TimeoutError


class _Call:
    """One call: `work` runs in its thread, the rest on the loop of who awaits the answer."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._home: Final = asyncio.get_running_loop()
        self.answer: Final[asyncio.Future[Returned[Any] | Raised]] = self._home.create_future()
        self._function: Final = function
        self._lock: Final = threading.Lock()
        self._cancelled = False
        self._task: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    def work(self) -> None:
        ended = outcome(self._function)
        if not isinstance(ended, Returned) or not inspect.isawaitable(ended.value):
            self._deliver(ended)
            return
        awaited = self._awaited(ended.value)
        runner = asyncio.Runner()
        self._deliver(outcome(lambda: runner.run(awaited)))
        outcome(runner.close)  # ends what the hook left running on its loop

    def cancel(self) -> bool:
        """Cancel the hook when it can be: it is awaiting, or will be."""
        with self._lock:
            self._cancelled = True
            if self._task is None:
                return False
            loop, task = self._task
            with contextlib.suppress(RuntimeError):  # its loop has been closed
                loop.call_soon_threadsafe(task.cancel)
            return True

    async def _awaited(self, awaitable: Awaitable[Any]) -> Any:
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._cancelled:
                task.cancel()
            self._task = (asyncio.get_running_loop(), task)
        return await awaitable

    def _deliver(self, ended: Returned[Any] | Raised) -> None:
        def deliver() -> None:
            if not self.answer.done():
                self.answer.set_result(ended)

        with contextlib.suppress(RuntimeError):  # the loop has been closed
            self._home.call_soon_threadsafe(deliver)
