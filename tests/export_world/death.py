"""How a process dies in the middle of its work, without taking the tests with it.

An exception alone is too kind: `except BaseException` and `finally` would still write. So from the moment of death
the process' database begins and commits nothing and its network answers nothing, as if it were gone.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine, event

from closing_host.storage.crashpoints import crash_handler

Instant = Callable[[str], bool]
"""Whether the process dies at the crash point that it passes now."""


class Death(BaseException):
    """The process is gone."""


class Life:
    """Whether one process is alive, and at which crash point it is to die."""

    def __init__(self) -> None:
        self.over = False
        self.instant: Instant | None = None
        self.passed: list[str] = []

    def passes(self, point: str) -> None:
        """The process passes a crash point."""
        self.check()
        self.passed.append(point)
        if self.instant is not None and self.instant(point):
            self.over = True
            raise Death(point)

    def check(self, *_: object) -> None:
        """The dead do nothing."""
        if self.over:
            raise Death

    def bind(self, engine: Engine) -> None:
        """Let the engine's transactions end with the process."""
        event.listen(engine, "begin", self.check)
        event.listen(engine, "commit", self.check)
        self._engine = engine

    def flushes(self) -> bool:
        """Whether what the process commits is on the disk then (T E3)."""
        with closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA synchronous")
            row = cursor.fetchone()
            return row is not None and row[0] >= 2


_LIVING: ContextVar[Life | None] = ContextVar("living", default=None)


@contextmanager
def living(life: Life) -> Iterator[None]:
    """What this task does belongs to this process."""
    before = _LIVING.set(life)
    try:
        yield
    finally:
        _LIVING.reset(before)


@contextmanager
def mortality() -> Iterator[None]:
    """Crash points are told to the process that passes them, until the block ends."""

    def handler(point: str) -> None:
        if (life := _LIVING.get()) is not None:
            life.passes(point)

    with crash_handler(handler):
        yield


def at_nth(name: str, number: int = 1) -> Instant:
    """Die at the `number`-th passing of the point."""
    passed = 0

    def dies(point: str) -> bool:
        nonlocal passed
        passed += point == name
        return point == name and passed == number

    return dies


def at_step(number: int) -> Instant:
    """Die at the `number`-th crash point of whatever name."""
    passed = 0

    def dies(point: str) -> bool:
        nonlocal passed
        passed += 1
        return passed == number

    return dies
