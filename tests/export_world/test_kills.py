"""The same as the matrix with processes that are really killed, over real sockets: nothing gets to clean up (B2)."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from closing_host.closing.entries import Status
from closing_host.storage.verify import verify
from datasource_fortnox.simulator import RunningSimulator, Simulator
from export_world.child import main
from export_world.journal_laws import check_rest
from export_world.laws import Laws
from export_world.process import KEY
from export_world.rest import to_rest
from export_world.template import simulator
from export_world.world import World, world

CASES = (
    ("export.after_freeze", ""),  # approved, nothing begun
    ("export.before_send", ""),  # written down that it is being sent; not a byte of it
    ("export.after_send", ""),  # booked and answered; the answer is lost with the process
    ("export.before_outcome", "N10"),  # booked, then the connection reset
    ("export.after_outcome", "N4"),  # reset before anything was read, and written down as unknown
    ("", "N14"),  # killed from outside, while it waits for the rest of an answer
)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSimulator]:
    """The simulator of the stories, on sockets."""
    servers = Simulator(companies=())
    servers.world = simulator()
    with servers.running() as started:
        yield started


@pytest.fixture(scope="module")
def forking() -> Any:
    """Starts processes in which the modules are loaded already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # the fork server does not get it otherwise
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["export_world.child"])
        yield context


@pytest.mark.parametrize(("point", "fault"), CASES)
def test_a_killed_process_loses_and_doubles_nothing(
    running: RunningSimulator, forking: Any, point: str, fault: str
) -> None:
    with world() as story:
        address = {"api_address": running.proxy_url, "login_address": running.origin}
        settings = story.installation.model_copy(update=address)
        story.host.connections.save_installation("fortnox", settings, story.host.actor)
        story.simulator.change_switches({"rate_max": 10_000})  # the child's clock is not the limiter's
        for number in (1, 2, 3):
            story.add_entry(10_000 * number)
        story.approve()
        if fault:
            story.simulator.faults.add(fault, method="POST", path="/3/vouchers", nth=2)
        child = forking.Process(
            target=main, args=(story.folder, story.engagement_id, story.simulator.clock.now(), point, KEY)
        )
        child.start()
        if not point:
            _when_it_waits(running)
            child.kill()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        story.restart()
        _go_on(story)


def _when_it_waits(running: RunningSimulator) -> None:
    """Until the second voucher has been booked; its answer never ends."""
    deadline = time.monotonic() + 30
    while sum(each.method == "POST" and "vouchers" in each.path for each in running.world.log.entries) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _go_on(story: World) -> None:
    """Another process, on the fast front, finds out what became of it."""
    story.simulator.log.clear()
    story.advance(60)
    laws = Laws(story)
    laws.check()
    to_rest(story)
    laws.check()
    check_rest(story)
    story.export()
    to_rest(story)
    laws.check()
    check_rest(story)
    assert [each.status for each in story.entries()] == [Status.TRANSFERRED] * 3
    assert [len(births) for births in story.ground.births.values()] == [1, 1, 1]
    assert verify(story.host.store).problems == ()
