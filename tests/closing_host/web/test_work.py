"""Imports in the background: a source that hangs takes its own turns and nobody else's (T H3)."""

import asyncio
import threading
from pathlib import Path

from closing_host.engagements.dropped import DroppedFiles
from closing_host.engagements.host import Host
from closing_host.runs.runner import Task, queue
from closing_host.storage.audit import Actor
from closing_host.web.work import AT_ONCE, Work

ANNA = Actor("anna")


def test_a_source_that_hangs_takes_no_turn_from_another(tmp_path: Path) -> None:
    hung, done, later = threading.Semaphore(0), threading.Event(), threading.Event()

    async def hanging() -> None:
        hung.release()
        await asyncio.Event().wait()

    async def quick() -> None:
        done.set()

    async def waiting() -> None:
        later.set()

    with Host.open(tmp_path / "data", ANNA) as host:
        work = Work(host, DroppedFiles(host))
        for job in [hanging] * AT_ONCE + [waiting]:
            work._submit(queue(host.store, ANNA, Task("import")), "stuck", job)
        for _ in range(AT_ONCE):
            assert hung.acquire(timeout=10)
        work._submit(queue(host.store, ANNA, Task("import")), "other", quick)
        assert done.wait(10)
        assert not later.is_set()
        work.close()
        assert not later.is_set()
