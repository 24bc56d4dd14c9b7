"""Exports that the pages started: each in a thread with a loop of its own, so that no page waits for one.

All state is in the export's journal. What this process leaves, what a dead one left behind, and what is due at a later
instant (the look after a lost answer, the final looks) is taken up by whoever looks next, here or after a restart.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

from closing_host.api.errors import ClosingError
from closing_host.engagements.export_standing import due_exports
from closing_host.engagements.exporting import go_on
from closing_host.engagements.host import Host

AT_ONCE: Final = 4
"""Exports that are worked on at the same time; the others wait in the order in which they came."""

LOOKS_EVERY: Final = 2.0
"""Seconds between looks for what is due."""

AGAIN_AFTER: Final = 60.0
"""Seconds before an export that could not be worked on is tried again."""

FAREWELL: Final = 5.0
"""Seconds in which an export may come to rest when the process ends. After that it is broken off, which the journal
knows: what was on its way is looked for, the rest is free again."""

_LOG: Final = logging.getLogger(__name__)


class ExportWork:
    """The exports of one process. `begin` before the first request, `close` after the last."""

    def __init__(self, host: Host) -> None:
        self._host: Final = host
        self._pool: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="export")
        self._lock: Final = threading.Lock()
        self._running: Final[dict[int, Future[None]]] = {}
        self._tasks: Final[dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]]] = {}
        self._not_before: Final[dict[int, float]] = {}
        self._closing: Final = threading.Event()
        self._looker: Final = threading.Thread(target=self._look, name="due exports", daemon=True)

    def begin(self) -> None:
        """Take up what is due, now and again every `LOOKS_EVERY` seconds."""
        self._looker.start()

    def go_on(self, engagement_id: int, batch_id: int) -> None:
        """Work on the batch, unless that is happening already."""
        with self._lock:
            if self._closing.is_set() or batch_id in self._running:
                return
            self._running[batch_id] = self._pool.submit(self._carry_out, engagement_id, batch_id)

    def close(self) -> None:
        """Let what runs come to rest, or break it off."""
        self._closing.set()
        with self._lock:
            running = tuple(self._running.values())
        wait(running, FAREWELL)
        with self._lock:
            for loop, task in self._tasks.values():
                loop.call_soon_threadsafe(task.cancel)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _carry_out(self, engagement_id: int, batch_id: int) -> None:
        try:
            asyncio.run(self._followed(batch_id, go_on(self._host, engagement_id, batch_id)))
        except asyncio.CancelledError:
            _LOG.info("export %d was broken off", batch_id)
        except ClosingError as error:
            self._not_before[batch_id] = time.monotonic() + AGAIN_AFTER
            _LOG.warning("export %d could not go on: %s", batch_id, error.code)
        except Exception:
            self._not_before[batch_id] = time.monotonic() + AGAIN_AFTER
            _LOG.exception("export %d failed", batch_id)
        finally:
            with self._lock:
                del self._running[batch_id]

    async def _followed(self, batch_id: int, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(work)
        with self._lock:
            self._tasks[batch_id] = (asyncio.get_running_loop(), task)
        try:
            await task
        finally:
            with self._lock:
                del self._tasks[batch_id]

    def _look(self) -> None:
        while True:
            try:
                for engagement_id, batch_id in due_exports(self._host):
                    if time.monotonic() >= self._not_before.get(batch_id, 0.0):
                        self.go_on(engagement_id, batch_id)
            except ClosingError as error:  # a busy database: the next look finds them
                _LOG.warning("looking for exports that are due failed: %s", error.code)
            if self._closing.wait(LOOKS_EVERY):
                return
