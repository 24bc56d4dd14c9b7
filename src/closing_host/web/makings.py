"""Attachments that the pages are making: each in a thread with a loop of its own, so that no page waits for one.

What came of one is in the versions and the run records. Only what stopped it before there was a record (a login that
has run out) is remembered here, for the page that asked.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from closing_host.api.errors import ClosingError

AT_ONCE: Final = 2
"""Makings at the same time; the others wait in the order in which they came."""

_LOG: Final = logging.getLogger(__name__)


class Makings:
    """The makings of one process, each under a key: the books that it is for."""

    def __init__(self) -> None:
        self._pool: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="attachments")
        self._lock: Final = threading.Lock()
        self._active: Final[set[str]] = set()
        self._trouble: Final[dict[str, ClosingError]] = {}
        self._running: Final[dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]]] = {}
        self._closed = False

    def begin(self, key: str, job: Callable[[], Awaitable[object]]) -> None:
        """Carry `job` out when its turn comes; nothing for a key that is on its way already."""
        with self._lock:
            if key in self._active or self._closed:
                return
            self._active.add(key)
            self._trouble.pop(key, None)
            self._pool.submit(self._carry_out, key, job)

    def active(self, key: str) -> bool:
        """Whether one is on its way."""
        with self._lock:
            return key in self._active

    def trouble(self, key: str) -> ClosingError | None:
        """What the last one of this process ended with; None when it went well, or there was none."""
        with self._lock:
            return self._trouble.get(key)

    def close(self) -> None:
        """Stop what runs; its record says that it was stopped."""
        with self._lock:
            self._closed = True
            for loop, task in self._running.values():
                loop.call_soon_threadsafe(task.cancel)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _carry_out(self, key: str, job: Callable[[], Awaitable[object]]) -> None:
        async def main() -> None:
            task = asyncio.current_task()
            assert task is not None
            with self._lock:
                self._running[key] = (asyncio.get_running_loop(), task)
            try:
                await job()
            finally:
                with self._lock:
                    del self._running[key]

        trouble: ClosingError | None = None
        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            _LOG.info("attachments of %s were stopped", key)
        except ClosingError as error:
            _LOG.info("attachments of %s failed: %s", key, error.code)
            trouble = error
        except Exception as error:
            _LOG.exception("attachments of %s failed", key)
            trouble = ClosingError("unexpected-fault", detail=type(error).__name__)
        finally:
            with self._lock:
                if trouble is not None:
                    self._trouble[key] = trouble
                self._active.discard(key)
