"""Attachments in the background: once at a time for the same books, stopped when the pages are, troubles remembered."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from closing_host.api.errors import AuthorizationError
from closing_host.web.makings import Makings


@pytest.fixture
def makings() -> Iterator[Makings]:
    made = Makings()
    yield made
    made.close()


def ended(makings: Makings, key: str = "1/2025") -> None:
    for _ in range(2000):
        if not makings.active(key):
            return
        threading.Event().wait(0.002)
    raise AssertionError("it does not end")


def test_one_at_a_time_for_the_same_books(makings: Makings) -> None:
    go, begun = threading.Event(), []

    async def job() -> None:
        begun.append("begun")
        await asyncio.to_thread(go.wait, 10)

    makings.begin("1/2025", job)
    makings.begin("1/2025", job)
    assert makings.active("1/2025")
    assert not makings.active("2/2025")
    go.set()
    ended(makings)
    assert begun == ["begun"]


def test_what_stopped_one_is_remembered_until_the_next(makings: Makings) -> None:
    async def refused() -> None:
        raise AuthorizationError("login-missing")

    async def broken() -> None:
        raise ZeroDivisionError

    async def well() -> None:
        pass

    for job, code in ((refused, "login-missing"), (broken, "unexpected-fault"), (well, None)):
        makings.begin("1/2025", job)
        ended(makings)
        trouble = makings.trouble("1/2025")
        assert (trouble.code if trouble else None) == code


def test_closing_stops_what_runs_and_takes_nothing_more() -> None:
    makings, running, stopped = Makings(), threading.Event(), []

    async def long() -> None:
        running.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.append("stopped")
            raise

    makings.begin("1/2025", long)
    assert running.wait(10)
    makings.close()
    makings.begin("2/2025", long)
    assert (stopped, makings.active("1/2025"), makings.active("2/2025")) == (["stopped"], False, False)
