"""What was said in the start guide, as a record: kept whole or not at all, told in the trail, of one engagement."""

import json
from dataclasses import replace

import pytest

from closing_host.storage.audit import Action, events
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.setup import Setup, SetupRecords
from stored_books import ANNA, World

SAID = Setup("K3", "quarter", frozenset({"company", "period"}))


def put(world: World, setup: Setup) -> None:
    with world.store.database.write() as connection:
        SetupRecords(connection, 1).put(world.store.trail(connection, ANNA), setup)


def got(world: World, engagement_id: int = 1) -> Setup:
    with world.store.database.read() as connection:
        return SetupRecords(connection, engagement_id).get()


def told(world: World) -> list[str]:
    with world.store.database.read() as connection:
        return [each.details_json for each in events(connection) if each.action == Action.ENGAGEMENT_SETUP]


def test_nothing_is_chosen_before_the_first_choice(world: World) -> None:
    assert got(world) == Setup("", "", frozenset())


def test_a_setup_comes_back_and_the_trail_tells_of_each_change_once(world: World) -> None:
    put(world, SAID)
    put(world, SAID)
    put(world, replace(SAID, framework="K2"))
    assert got(world) == replace(SAID, framework="K2")
    assert got(world, 2) == Setup()
    newest, first = (json.loads(each) for each in told(world))
    assert first == {"framework": "K3", "period": "quarter", "confirmed": ["company", "period"]}
    assert newest["framework"] == "K2"


@pytest.mark.parametrize("point", ["setup.before_row", "setup.after_row"])
def test_a_crash_leaves_the_setup_as_it_was(point: str, world: World) -> None:
    def stop(passed: str) -> None:
        if passed == point:
            raise KeyboardInterrupt

    with crash_handler(stop), pytest.raises(KeyboardInterrupt):
        put(world, SAID)
    assert (got(world), told(world)) == (Setup(), [])


def test_the_form_of_company_is_told_by_its_hash(world: World) -> None:
    with world.store.database.write() as connection:
        EngagementRecords(connection, 1).set_form(world.store.trail(connection, ANNA), "EF")
    with world.store.database.read() as connection:
        assert EngagementRecords(connection, 1).engagement().form == "EF"
        event = events(connection, engagement_id=1)[0]
    assert (event.action, event.details_json) == (Action.ENGAGEMENT_FORM, "{}")
    assert event.before_hash != event.after_hash
