import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from closing_host.sources.apart import apart
from closing_host.sources.isolation import Raised, Returned

pytestmark = pytest.mark.anyio


def lively() -> float:
    return 0.0


async def run(function: Callable[[], Any], patience: float = 10.0, silence: Callable[[], float] = lively) -> Any:
    return await apart(function, silence, patience, nullcontext())


async def test_an_async_hook_that_blocks_holds_nobody_up() -> None:
    release = threading.Event()

    async def blocking() -> int:
        release.wait(10)  # what an author writes who does not know better: the loop of the hook stands still
        return 7

    hook = asyncio.ensure_future(run(blocking))
    turns = 0
    while turns < 100:
        await asyncio.sleep(0)
        turns += 1
    assert not hook.done()
    release.set()
    assert await hook == Returned(7)


@pytest.mark.parametrize("later", [False, True], ids=["plain", "async"])
async def test_a_hook_that_gives_no_sign_of_life_is_left_behind(later: bool) -> None:
    release, ended = threading.Event(), threading.Event()

    def plain() -> None:
        release.wait(10)
        ended.set()

    async def blocking() -> None:
        plain()

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await run(blocking if later else plain, 0.05, lambda: time.monotonic() - began)
    assert time.monotonic() - began < 5
    assert not ended.is_set()
    release.set()
    assert await asyncio.to_thread(ended.wait, 10)


async def test_a_waiting_hook_that_is_left_behind_is_cancelled() -> None:
    ended = threading.Event()

    async def waiting() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await run(waiting, 0.05, lambda: time.monotonic() - began)
    assert await asyncio.to_thread(ended.wait, 10)


async def test_a_hook_that_shows_life_has_all_the_time_it_needs() -> None:
    asked = 0

    def silence() -> float:
        nonlocal asked
        asked += 1
        return 0.0

    async def slow() -> int:
        await asyncio.sleep(0.05)
        return 7

    assert await run(slow, 0.01, silence) == Returned(7)
    assert asked > 1


async def test_what_a_hook_leaves_running_ends_with_it() -> None:
    left: list[asyncio.Task[Any]] = []
    cancelled = threading.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def careless() -> int:
        left.append(asyncio.ensure_future(endless()))
        await asyncio.sleep(0)
        return 7

    assert await run(careless) == Returned(7)
    assert await asyncio.to_thread(cancelled.wait, 10)


async def test_a_hook_that_ignores_its_cancellation_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("closing_host.sources.apart.GRACE", 0.05)
    started, release = threading.Event(), threading.Event()

    async def stubborn() -> None:
        started.set()
        release.wait(10)

    hook = asyncio.ensure_future(run(stubborn))
    await asyncio.to_thread(started.wait, 10)
    hook.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hook
    release.set()


async def test_cancelled_before_it_awaits_an_async_hook_never_goes_on() -> None:
    started, release, beyond = threading.Event(), threading.Event(), threading.Event()

    def preparing() -> Any:
        started.set()
        release.wait(10)

        async def rest() -> None:
            await asyncio.sleep(0)
            beyond.set()

        return rest()

    threads = threading.active_count()
    hook = asyncio.ensure_future(run(preparing))
    await asyncio.to_thread(started.wait, 10)
    hook.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hook
    release.set()
    deadline = time.monotonic() + 10
    while threading.active_count() > threads + 1 and time.monotonic() < deadline:  # noqa: ASYNC110 - one is the executor's
        await asyncio.sleep(0.005)
    assert not beyond.is_set()


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError(), ValueError("x")])
async def test_what_escapes_on_the_own_loop_is_a_value(error: BaseException) -> None:
    async def raising() -> None:
        await asyncio.sleep(0)
        raise error

    assert await run(raising) == Raised(error)


def test_a_hook_that_outlives_the_loop_of_its_caller_ends_in_peace() -> None:
    started, release, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        release.wait(10)
        ended.set()

    async def leave() -> None:
        hook = asyncio.ensure_future(run(work))
        await asyncio.to_thread(started.wait, 10)
        hook.cancel()

    asyncio.run(leave())
    release.set()
    assert ended.wait(10)
