"""Records of accounts: when each was reviewed, and by whom (P 7.2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from closing_host.closing.standing import Review
from closing_host.storage.account_records import AccountRecords, KeptRecord
from closing_host.storage.audit import Action
from kept_periods import MARCH, SIGNED, do, keep_account
from stored_books import ANNA, YEAR_START, World, small_ledger


@pytest.fixture
def house(world: World) -> World:
    world.publish(small_ledger(100))
    do(world, keep_account)
    return world


@pytest.mark.parametrize(
    "change", [{"reviewed_by": "cesar"}, {"review_comment": "Sett igen"}, {"review": Review.REJECTED}]
)
def test_a_review_that_says_or_is_of_another_has_its_own_moment(change: dict[str, Any], house: World) -> None:
    assert after(house, {}).reviewed_at == house.clock.now
    house.clock.advance(timedelta(hours=1))
    assert after(house, change).reviewed_at == house.clock.now


def test_the_moment_of_a_review_stays_when_something_else_changes(house: World) -> None:
    then = house.clock.now
    house.clock.advance(timedelta(hours=1))
    assert after(house, {"comment": "Ringt"}).reviewed_at == then


def after(world: World, change: dict[str, Any]) -> KeptRecord:
    with world.store.database.write() as connection:
        records = AccountRecords(connection, 1, YEAR_START)
        trail = world.store.trail(connection, ANNA)
        records.put(trail, Action.ACCOUNT_REVIEWED, MARCH, "1510", replace(SIGNED, **change))
        return records.of(MARCH)["1510"]
