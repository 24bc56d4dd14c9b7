import asyncio
import contextvars
import threading
import time

import pytest

from closing_host.sources.isolation import Raised, Returned, in_thread, outcome, within


def test_an_escape_is_a_value() -> None:
    error = KeyboardInterrupt()

    def function() -> None:
        raise error

    assert outcome(function) == Raised(error)
    assert outcome(lambda: 7) == Returned(7)


def test_code_that_does_not_come_back_is_left_behind() -> None:
    release = threading.Event()
    started = time.monotonic()
    assert within(0.05, release.wait) is None
    assert time.monotonic() - started < 5
    release.set()


@pytest.mark.anyio
async def test_a_thread_has_the_context_variables_of_its_task() -> None:
    run = contextvars.ContextVar("run", default="none")
    run.set("mine")
    assert await in_thread(run.get) == Returned("mine")


@pytest.mark.anyio
async def test_a_hanging_thread_takes_no_thread_from_the_loop() -> None:
    release = threading.Event()
    hanging = [asyncio.ensure_future(in_thread(release.wait)) for _ in range(40)]
    assert await asyncio.wait_for(asyncio.to_thread(lambda: 7), 10) == 7
    release.set()
    assert await asyncio.gather(*hanging) == [Returned(True)] * 40


def test_a_thread_that_outlives_its_loop_ends_in_peace() -> None:
    started, release, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        release.wait(10)
        ended.set()

    async def leave() -> None:
        task = asyncio.ensure_future(in_thread(work))
        await asyncio.to_thread(started.wait, 10)
        task.cancel()

    asyncio.run(leave())
    before = threading.active_count()
    release.set()
    assert ended.wait(10)
    deadline = time.monotonic() + 10
    while threading.active_count() >= before and time.monotonic() < deadline:
        time.sleep(0.005)
    assert threading.active_count() < before


@pytest.mark.anyio
async def test_an_answer_after_the_cancellation_is_nobodys() -> None:
    started, release = threading.Event(), threading.Event()

    def work() -> int:
        started.set()
        release.wait(10)
        return 7

    task = asyncio.ensure_future(in_thread(work))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()
    assert await in_thread(lambda: 8) == Returned(8)
