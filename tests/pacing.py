"""Pace and time for tests: rows in memory, and a clock that moves when somebody sleeps."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from closing_host.storage.paces import PaceRow

T = TypeVar("T")


class Rows:
    """The shared rows in memory."""

    def __init__(self) -> None:
        self.held: dict[str, PaceRow] = {}

    def change(self, key: str, step: Callable[[PaceRow | None], tuple[PaceRow, T]]) -> T:
        self.held[key], answer = step(self.held.get(key))
        return answer


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now = round(self.now + seconds, 6)  # as a datetime keeps it
