"""Simulated time: a clock that stands still until it is moved, or runs from where it was set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

__all__ = ["Clock", "swedish"]


class Clock:
    """What time it is in Fortnox; the model never asks any other clock.

    A frozen clock stands still until `advance` or `set` moves it; a running one follows the monotonic clock from
    its start. The wall clock is read once at most, as the start of a running clock that was given none.
    """

    def __init__(
        self, start: datetime | None = None, *, running: bool = False, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.running = running
        self._monotonic = monotonic
        self._start = _utc(start or datetime.now(UTC))
        self._mark = monotonic()
        self._listeners: list[Callable[[], None]] = []

    @classmethod
    def frozen(cls, start: datetime | str) -> Clock:
        """A clock that stands at ``start`` (ISO text or aware datetime)."""
        return cls(datetime.fromisoformat(start) if isinstance(start, str) else start)

    def now(self) -> datetime:
        """The simulated moment, in UTC."""
        if not self.running:
            return self._start
        return self._start + timedelta(seconds=self._monotonic() - self._mark)

    def timestamp(self) -> float:
        """The moment as seconds since 1970."""
        return self.now().timestamp()

    def today(self) -> date:
        """The Swedish calendar day."""
        return swedish(self.now()).date()

    def advance(self, seconds: float) -> datetime:
        """Move the clock (backwards too, for clock-jump tests) and return the new moment."""
        return self.set(self.now() + timedelta(seconds=seconds))

    def set(self, moment: datetime | str) -> datetime:
        """Put the clock at ``moment`` and return it."""
        self._start = _utc(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
        self._mark = self._monotonic()
        for listener in self._listeners:
            listener()
        return self._start

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each `advance` and `set`."""
        self._listeners.append(listener)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def swedish(moment: datetime) -> datetime:
    """Swedish wall time without zone; ``lastmodified`` is stated in it (F 3.4, C).

    Computed from the EU rule (summer time between the last Sundays of March and October, 01:00 UTC), so that no time
    zone database is needed.
    """
    moment = _utc(moment)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment + timedelta(hours=2 if summer else 1)).replace(tzinfo=None)
