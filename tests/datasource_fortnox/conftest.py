"""One simulator for all tests here, set back before each."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from datasource_fortnox.simulator import Clock, RunningSimulator, Simulator, Switches
from fortnox_harness import Fortnox, installation
from hook_context import HookContext

START = "2026-02-14T09:00:00+00:00"


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSimulator]:
    simulator = Simulator(clock=Clock.frozen(START), switches=Switches(rate_max=10_000))
    with simulator.running() as running:
        yield running


@pytest.fixture
async def fortnox(running: RunningSimulator) -> AsyncIterator[Fortnox]:
    running.world.clock.set(START)
    running.world.reset()
    async with httpx.AsyncClient() as http:
        yield Fortnox(running, installation(running), HookContext(http, clock=running.world.clock.now))
