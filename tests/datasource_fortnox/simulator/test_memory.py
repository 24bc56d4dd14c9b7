"""A world goes back to what it was: books, tokens, log, limiter, time."""

import pytest

from datasource_fortnox.simulator import Clock, World, recall, remember
from datasource_fortnox.simulator.edits import apply
from datasource_fortnox.simulator.seeds import SEEDS

NOW = "2026-02-14T09:00:00+00:00"
EDIT = {"op": "edit_voucher", "year": 5, "series": "A", "number": 1, "text": "ändrad"}


@pytest.fixture
def world() -> World:
    return World([SEEDS["no_invoicing"]], clock=Clock.frozen(NOW))


def test_edits_time_and_chance_are_taken_back(world: World) -> None:
    memory = remember(world)
    before = world.companies[51877].voucher((5, "A", 1)).text
    identifier = world.new_id()
    apply(world, EDIT)
    world.clock.advance(3600)
    world.change_switches({"rate_max": 3})
    world.later(10, lambda: apply(world, EDIT))
    recall(world, memory)
    assert world.companies[51877].voucher((5, "A", 1)).text == before
    assert world.clock.now().isoformat() == NOW
    assert world.switches.rate_max == 25
    assert world.new_id() == identifier
    world.clock.advance(60)
    assert world.companies[51877].voucher((5, "A", 1)).text == before


def test_a_memory_can_be_gone_back_to_again_and_again(world: World) -> None:
    memory = remember(world)
    for _ in range(2):
        apply(world, EDIT)
        recall(world, memory)
        assert world.companies[51877].voucher((5, "A", 1)).text != "ändrad"


def test_companies_share_the_world_s_own_clock_and_switches_afterwards(world: World) -> None:
    recall(world, remember(world))
    company = world.companies[51877]
    assert company.clock is world.clock
    assert company.switches is world.switches


def test_what_is_planned_cannot_be_remembered(world: World) -> None:
    world.later(10, lambda: None)
    with pytest.raises(ValueError, match="planned"):
        remember(world)
    world.forget_plans()
    world.faults.add("N8")
    with pytest.raises(ValueError, match="planned"):
        remember(world)
