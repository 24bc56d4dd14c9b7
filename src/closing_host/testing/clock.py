"""A clock that stands until somebody sleeps: no test waits, and all that is timed can be looked at."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 2, 14, 9, 0, tzinfo=UTC)
"""When every test begins."""


class SteppedClock:
    """Call it for the time now (UTC). It moves when somebody sleeps on it, or by `advance`."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def __call__(self) -> datetime:
        """The time now."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """What the host waits with: moves the clock instead, and lets others go on."""
        self.advance(seconds + 0.001)  # a clock of microseconds may else stay just before the moment waited for
        await asyncio.sleep(0)
