"""How long a hook may be silent, and when its source is left alone for a while (T H3).

A sign of life is a call of `context.progress` or `context.keep`, and a call over `context.http` that is under way:
that one has limits of its own (`wire.Limits`). So a long import that says where it is never runs out of time.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from closing_host.api.errors import SourceUnavailable

SILENCE: Final[Mapping[str, float]] = {"import_ledger": 300.0, "attachments": 300.0}
"""Seconds without a sign of life after which the hook is given up; `SHORT_SILENCE` for every other."""

SHORT_SILENCE: Final = 60.0

RECOGNISING: Final = 2.0
"""Seconds that `recognises` may take for one file."""

SILENT_CALLS: Final = 3
"""Hooks given up in a row after which the source is left alone."""

REST: Final = 300.0
"""Seconds for which it is."""

MOST_AT_ONCE: Final = 16
"""Calls of one source under way at a time, given up ones that never came back among them: each costs a thread."""


class Breaker:
    """One source's calls in this process: how many are under way, and whether it answers. From any thread.

    `patience` overrides the seconds of silence by hook; `now`: monotonic seconds.
    """

    def __init__(
        self,
        patience: Mapping[str, float] = SILENCE,
        *,
        short: float = SHORT_SILENCE,
        recognising: float = RECOGNISING,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.recognising: Final = recognising
        self._patience = patience
        self._short = short
        self._now = now
        self._lock = threading.Lock()
        self._under_way = 0
        self._silent = 0
        self._rests_until = 0.0

    def patience(self, hook: str) -> float:
        """Seconds that `hook` may be silent."""
        return self._patience.get(hook, self._short)

    def refuse(self, source: str) -> None:
        """Raises `SourceUnavailable` `source-resting` while the source is left alone, `source-crowded` when too many
        of its calls are under way. Nothing has been sent then. `source`: its name, for the words."""
        with self._lock:
            left = self._rests_until - self._now()
            if left > 0:
                minutes = max(1, round(left / 60))
                raise SourceUnavailable(
                    "source-resting", retry_after=left, source=source, times=self._silent, minutes=minutes
                )
            if self._under_way >= MOST_AT_ONCE:
                raise SourceUnavailable("source-crowded", source=source, calls=self._under_way)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count one call, until the hook's own code has come back: enter and leave in the thread that runs it."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def answered(self) -> None:
        """A hook came back, with whatever it had."""
        with self._lock:
            self._silent = 0

    def gave_up(self) -> None:
        """A hook was silent for too long."""
        with self._lock:
            self._silent += 1
            if self._silent >= SILENT_CALLS:
                self._rests_until = self._now() + REST
