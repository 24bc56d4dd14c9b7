"""What a user chose for system entries, as a record: exact, of one engagement and year, whole or not at all."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from closing_host.closing.system_entries import Choices
from closing_host.storage.audit import Action, events
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.system_choices import SystemChoices
from stored_books import ANNA, YEAR_START, World, small_ledger

CHOSEN = Choices(
    excess_depreciation=0,
    allocation=203_637_00,
    reversals={"2123": 1_00},
    non_deductible=12_345_00,
    tax_summary=True,
    tax_rate=Decimal("20.60"),
    result_account="2099",
)


def choose(world: World, choices: Choices = CHOSEN) -> None:
    with world.store.database.write() as connection:
        SystemChoices(connection, 1).put(world.store.trail(connection, ANNA), YEAR_START, choices)


def chosen(world: World, engagement_id: int = 1) -> dict[date, Choices]:
    with world.store.database.read() as connection:
        return SystemChoices(connection, engagement_id).all()


def told(world: World) -> list[str]:
    with world.store.database.read() as connection:
        return [each.details_json for each in events(connection) if each.action == Action.SYSTEM_CHOICE]


@pytest.fixture
def with_books(world: World) -> World:
    world.publish(small_ledger(100))
    return world


def test_a_choice_comes_back_exact_to_its_own_engagement_and_year(with_books: World) -> None:
    assert chosen(with_books) == {}
    choose(with_books)
    assert chosen(with_books) == {YEAR_START: CHOSEN}
    assert str(chosen(with_books)[YEAR_START].tax_rate) == "20.60"
    assert chosen(with_books, 2) == {}
    with with_books.store.database.read() as connection:
        assert SystemChoices(connection, 1).get(date(1999, 1, 1)) is None


def test_another_choice_takes_its_place_and_the_same_one_is_not_told_twice(with_books: World) -> None:
    for choices in (CHOSEN, CHOSEN, replace(CHOSEN, allocation=None)):
        choose(with_books, choices)
    assert chosen(with_books)[YEAR_START].allocation is None
    assert [json.loads(each)["allocation"] for each in told(with_books)] == [None, 203_637_00]


@pytest.mark.parametrize("point", ["system.before_row", "system.after_row"])
def test_a_crash_leaves_what_was_chosen_before(point: str, with_books: World) -> None:
    choose(with_books)

    def stop(name: str) -> None:
        if name == point:
            raise RuntimeError(name)

    with crash_handler(stop), pytest.raises(RuntimeError, match=point):
        choose(with_books, Choices())
    assert chosen(with_books) == {YEAR_START: CHOSEN}
    assert len(told(with_books)) == 1
