"""Two imports that go on side by side, step by step, so that whatever they share shows."""

import threading
from collections.abc import Awaitable
from typing import Final, TypeVar

T = TypeVar("T")

_PATIENCE: Final = 2.0
"""Seconds that one waits for the other's next step before it goes on alone."""

_STEPS: Final = 20
"""Steps that are made together: what is shared shows early, and a long import shall not take long."""


class SideBySide:
    """Each of two calls `meet` at its steps, from any thread, and waits there for the other."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)
        self._left = 2 * _STEPS

    def meet(self) -> None:
        """Wait for the other's next step, unless it has ended."""
        self._left -= 1
        if self._left < 0:
            self._barrier.abort()
        try:
            self._barrier.wait(_PATIENCE)
        except threading.BrokenBarrierError:
            return

    async def until_the_end(self, work: Awaitable[T]) -> T:
        """Do one of the two pieces of work; when it ends, the other goes on alone."""
        try:
            return await work
        finally:
            self._barrier.abort()
