"""The company that the export is tried on: small enough to be copied in a millisecond."""

import random
from collections.abc import Callable
from datetime import date
from typing import Final

from datasource_fortnox.simulator import Clock, Company, World
from datasource_fortnox.simulator.company import ALL_SCOPES
from datasource_fortnox.simulator.oauth.registry import Client
from datasource_fortnox.simulator.seeds import SEEDS

NOW: Final = "2026-02-14T09:00:00+00:00"
TENANT, OTHER_TENANT = 51877, 70013
YEAR: Final = date(2025, 1, 1)
YEAR_ID: Final = 5
SERIES: Final = "I"
"""The series that entries are exported into. A is another manual one, B is not manual."""


def _with_all_modules(build: Callable[[Clock, random.Random], Company]) -> Callable[[Clock, random.Random], Company]:
    def built(clock: Clock, dice: random.Random) -> Company:
        company = build(clock, dice)
        company.modules = set(ALL_SCOPES)
        return company

    return built


def new_simulator() -> World:
    """Two companies that one person may connect, on a clock that stands still; the limiter follows that clock."""
    sources = [_with_all_modules(SEEDS[name]) for name in ("no_invoicing", "broken_year")]
    world = World(sources, clock=Clock.frozen(NOW), clients=[Client()])
    world.change_switches({"limiter_time": "clock"})
    return world
