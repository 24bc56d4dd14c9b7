"""The host's side of `api.context.Context`: what one hook call gets of the world."""

import asyncio
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from closing_host.api.context import Progress
from closing_host.api.errors import DataError
from closing_host.storage.clock import Clock, utc_now

if TYPE_CHECKING:
    import httpx

KEEP_LIMIT: Final = 512 * 1024 * 1024
"""Bytes that one call may keep beside its snapshot."""

LONGEST_NAME: Final = 120


def _unwatched(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody follows."""


class HostContext:
    """One hook call's context. Made by `running_context`, which owns its folder.

    `interruption` is what `progress` raised, so that the facade knows a cancellation from a fault, whatever the
    source makes of it. `kept` is what the source asked to keep, by name.
    """

    def __init__(
        self,
        workdir: Path,
        *,
        source: str,
        http: "httpx.AsyncClient | None",
        progress: Progress,
        clock: Clock,
        keep_limit: int,
    ) -> None:
        self.interruption: BaseException | None = None
        self._sign_of_life = time.monotonic()
        self._workdir: Final = workdir
        self._http = http
        self._report: Final = progress
        self._clock: Final = clock
        self._log: Final = logging.getLogger(f"closing_host.source.{source}")
        self._keep_limit: Final = keep_limit
        self._kept: Final[dict[str, bytes]] = {}

    @property
    def http(self) -> "httpx.AsyncClient":
        """The client that was given, or, for a source without declared hosts, one that refuses every address."""
        if self._http is None:
            # A source that reads files shall not pay for the network.
            from closing_host.sources.wire import Wire  # noqa: PLC0415

            self._http = Wire(frozenset(), clock=self._clock)
        return self._http

    @property
    def progress(self) -> Progress:
        """Reports to the host; raises what the host raises, from the cancellation on at every call."""
        return self._progress

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time now, in UTC, with zone."""
        return self._clock

    @property
    def log(self) -> logging.Logger:
        """`closing_host.source.<id>`."""
        return self._log

    @property
    def workdir(self) -> Path:
        """A folder of this call's own, readable by this user only."""
        return self._workdir

    @property
    def kept(self) -> Mapping[str, bytes]:
        """What `keep` was given."""
        return MappingProxyType(self._kept)

    def sign_of_life(self) -> None:
        """A hook begins, or does something."""
        self._sign_of_life = time.monotonic()

    def silence(self) -> float:
        """Seconds since the last sign of life; 0 while a call over `http` is under way, which has its own limits."""
        if getattr(self._http, "under_way", 0):  # a client that a test brought does not count
            self.sign_of_life()
        return time.monotonic() - self._sign_of_life

    def keep(self, name: str, content: bytes) -> None:
        """Store what came over the wire beside the snapshot.

        Raises `DataError` `kept-too-large`, `TypeError` for anything but text and bytes, and `ValueError` for a
        name that is taken or is not that of a file in one folder.
        """
        self.sign_of_life()
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise TypeError(f"keep takes a name and bytes, not {type(name).__name__} and {type(content).__name__}")
        plain = name.isprintable() and not set(name) & set("/\\:") and name.strip(". ") == name
        if not plain or not 0 < len(name) <= LONGEST_NAME or name in self._kept:
            raise ValueError(f"not a free file name: {name!r}")
        if sum(map(len, self._kept.values())) + len(content) > self._keep_limit:
            raise DataError("kept-too-large", name=name, limit=self._keep_limit // 1024**2)
        self._kept[name] = content

    def interrupt(self) -> None:
        """From now on `progress` raises: how work of the hook in a thread hears that nobody waits any more."""
        self.interruption = self.interruption or asyncio.CancelledError()

    def _progress(self, stage: str, done: int, total: int | None = None) -> None:
        if self.interruption is not None:
            raise self.interruption
        self.sign_of_life()
        try:
            self._report(stage, done, total)
        except BaseException as cancellation:
            self.interruption = cancellation
            raise


@contextmanager
def running_context(
    source: str,
    *,
    http: "httpx.AsyncClient | None" = None,
    progress: Progress = _unwatched,
    clock: Clock = utc_now,
    inside: Path | None = None,
    keep_limit: int = KEEP_LIMIT,
) -> Iterator[HostContext]:
    """A context for one hook call of `source`; its folder (below `inside`) goes with the block.

    `http`: the wire of this connection, which the caller opens and closes; None for a source without hosts.
    `progress` is called from any thread, and raises to cancel.
    """
    with tempfile.TemporaryDirectory(prefix=f"{source}-", dir=inside, ignore_cleanup_errors=True) as folder:
        yield HostContext(Path(folder), source=source, http=http, progress=progress, clock=clock, keep_limit=keep_limit)
