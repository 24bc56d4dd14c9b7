"""What a hook runs in, for tests: a client, a clock that stands, and a record of what the hook did."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class HookContext:
    """Meets `closing_host.api.context.Context`. Set `cancel` to raise it from `progress`."""

    def __init__(self, http: httpx.AsyncClient, *, clock: Callable[[], datetime] = lambda: NOW) -> None:
        self.http = http
        self.clock = clock
        self.log = logging.getLogger("hook")
        self.workdir = Path()
        self.kept: dict[str, bytes] = {}
        self.stages: list[tuple[str, int, int | None]] = []
        self.cancel: Exception | None = None

    def progress(self, stage: str, done: int, total: int | None) -> None:
        self.stages.append((stage, done, total))
        if self.cancel is not None:
            raise self.cancel

    def keep(self, name: str, content: bytes) -> None:
        self.kept[name] = content
