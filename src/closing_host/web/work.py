"""Imports and comparisons that the pages started: each in a thread with a loop of its own; no page waits for one.

All state is in the run records (design 2.9). What this process leaves queued, or what a dead one left behind, the
next one takes up.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.engagements import comparing
from closing_host.engagements.dropped import DroppedFiles, Inspected, give_up_queued
from closing_host.engagements.host import Host
from closing_host.engagements.synchronising import KIND as SYNCHRONISE
from closing_host.engagements.synchronising import ask_for_import, left_behind, newest_run, source_of_run, synchronise
from closing_host.storage.runs import Run

AT_ONCE: Final = 4
"""Imports from one source that run at the same time; the others wait in the order in which they came. Each source has
turns of its own, so that one that hangs takes them from nobody else (T H3)."""

COMPARING: Final = ""
"""The turns of comparisons, which ask no source."""

LOOKS_EVERY: Final = 10.0
"""Seconds between looks for what others left behind."""

_LOG: Final = logging.getLogger(__name__)


class Work:
    """The background work of one process. `begin` before the first request, `close` after the last."""

    def __init__(self, host: Host, files: DroppedFiles) -> None:
        self._host: Final = host
        self._files: Final = files
        self._pools: Final[dict[str, ThreadPoolExecutor]] = {}
        self._lock: Final = threading.Lock()
        self._mine: Final[set[str]] = set()
        self._running: Final[dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[None], int | None]]] = {}
        self._closing: Final = threading.Event()
        self._looker: Final = threading.Thread(target=self._look, name="left behind", daemon=True)

    def begin(self) -> None:
        """Take up what was left behind, now and again every `LOOKS_EVERY` seconds."""
        give_up_queued(self._host)
        self._take_up()
        self._looker.start()

    def import_from_source(self, run: Run) -> None:
        """Carry the queued run out when its turn comes; nothing for one that is on its way already."""
        self._submit(run, source_of_run(self._host, run), lambda: synchronise(self._host, run))

    def import_file(self, file: Inspected, run: Run) -> None:
        """The same for a dropped file."""
        turns_of = file.reading.source_id if file.reading is not None else COMPARING
        self._submit(run, turns_of, lambda: self._files.carry_out(file, run))

    def compare(self, run: Run) -> None:
        """The same for a comparison."""
        self._submit(run, COMPARING, lambda: comparing.carry_out_comparison(self._host, run))

    def close(self) -> None:
        """Stop what runs and hand imports from sources back: queued anew, for the next process to take up."""
        self._closing.set()
        with self._lock:
            stopped = [engagement_id for _, _, engagement_id in self._running.values()]
            for loop, task, _ in self._running.values():
                loop.call_soon_threadsafe(task.cancel)
            pools = tuple(self._pools.values())
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)
        for engagement_id in stopped:
            latest = newest_run(self._host, engagement_id) if engagement_id is not None else None
            if engagement_id is not None and latest is not None and latest.state == "cancelled":
                ask_for_import(self._host, engagement_id)

    def _submit(self, run: Run, turns_of: str, job: Callable[[], Awaitable[None]]) -> None:
        with self._lock:
            if run.state != "queued" or run.id in self._mine or self._closing.is_set():
                return
            self._mine.add(run.id)
            if turns_of not in self._pools:
                self._pools[turns_of] = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"import {turns_of}")
            self._pools[turns_of].submit(self._carry_out, run, job)

    def _carry_out(self, run: Run, job: Callable[[], Awaitable[None]]) -> None:
        async def main() -> None:
            task = asyncio.current_task()
            assert task is not None
            from_source = run.engagement_id if run.kind == SYNCHRONISE else None
            with self._lock:
                self._running[run.id] = (asyncio.get_running_loop(), task, from_source)
            try:
                await job()
            finally:
                with self._lock:
                    del self._running[run.id]

        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            _LOG.info("run %s was stopped", run.id)
        except ClosingError as error:
            _LOG.info("run %s failed: %s", run.id, error.code)
        except Exception:
            _LOG.exception("run %s failed", run.id)
        finally:
            with self._lock:
                self._mine.discard(run.id)

    def _take_up(self) -> None:
        for run in left_behind(self._host):
            self.import_from_source(run)
        for run in comparing.left_behind(self._host):
            self.compare(run)

    def _look(self) -> None:
        while not self._closing.wait(LOOKS_EVERY):
            try:
                self._take_up()
            except ClosingError as error:  # a busy database: the next look finds them
                _LOG.warning("looking for what was left behind failed: %s", error.code)
