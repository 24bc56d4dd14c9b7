from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.api.money import MAX_ORE
from closing_host.closing.schedule import (
    MOST_ROWS,
    Schedule,
    ScheduleRow,
    Standing,
    check_schedule,
    difference,
    reconciled_amount,
    usual_standing,
)

DAY = date(2025, 12, 31)


def schedule(*amounts: int, account: str = "1930", standing: Standing = "debit") -> Schedule:
    return Schedule(account, DAY, tuple(ScheduleRow("x", amount) for amount in amounts), standing)


def test_debts_are_listed_positive_and_stand_in_credit() -> None:
    """P 7.2: open items 74 500,00 are -74 500,00 in the ledger."""
    listed = schedule(7_000_000, 450_000, account="2990", standing=usual_standing("2990"))
    assert (listed.total, listed.reconciled) == (7_450_000, -7_450_000)
    assert usual_standing("1930") == "debit"


def test_reconciled_amount_is_the_sum_of_all_schedules() -> None:
    both = [schedule(100), schedule(70, standing="credit")]
    assert reconciled_amount(both) == 30
    assert difference(25, reconciled_amount(both)) == -5


def test_empty_is_not_nothing() -> None:
    assert reconciled_amount([]) is None
    assert reconciled_amount([schedule()]) is None
    assert reconciled_amount([schedule(), schedule(0)]) == 0
    assert difference(500, None) is None
    assert difference(500, 0) == 500


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(-MAX_ORE, MAX_ORE), max_size=5), max_size=5), st.integers(-MAX_ORE, MAX_ORE))
def test_difference_and_reconciled_amount_make_the_balance(amounts: list[list[int]], closing: int) -> None:
    reconciled = reconciled_amount(schedule(*each) for each in amounts)
    left = difference(closing, reconciled)
    assert (left is None) == (reconciled is None) == (not any(amounts))
    if left is not None and reconciled is not None:
        assert left + reconciled == closing


@pytest.mark.parametrize("account", ["3001", "9", "", "abc", "1５10", "1510 ", "-1"])
def test_only_balance_accounts_have_schedules(account: str) -> None:
    with pytest.raises(DataError, match="schedule-not-balance"):
        check_schedule(schedule(1, account=account))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(schedule(1), rows=(ScheduleRow(" ", 1),)), "schedule-textless"),
        (replace(schedule(1), rows=(ScheduleRow("x" * 501, 1),)), "schedule-text-long"),
        (schedule(MAX_ORE + 1), "schedule-amount"),
        (schedule(MAX_ORE, 1), "schedule-amount"),
        (replace(schedule(1), rows=(ScheduleRow("x", 1),) * (MOST_ROWS + 1)), "schedule-rows"),
        (replace(schedule(1), comment="x" * 10_001), "schedule-comment-long"),
        (replace(schedule(1), title="x" * 501), "schedule-comment-long"),
    ],
)
def test_what_no_schedule_may_be(wrong: Schedule, code: str) -> None:
    with pytest.raises(DataError, match=code):
        check_schedule(wrong)


def test_an_ordinary_schedule_passes() -> None:
    check_schedule(schedule(-5, MAX_ORE, account="264900"))
