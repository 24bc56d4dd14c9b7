"""Öre and their written forms."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasource_fortnox.simulator.money import NotMoney, json_amount, ore, plain, scaled, two_decimals

amounts = st.integers(-(10**14), 10**14)


@given(amounts)
def test_every_form_reads_back_to_the_same_amount(amount: int) -> None:
    assert ore(plain(amount)) == ore(two_decimals(amount)) == amount
    assert ore(Decimal(repr(json_amount(amount)))) == amount


def test_forms() -> None:
    assert [plain(amount) for amount in (120_000, -370, 5, 0, -50)] == ["1200", "-3.7", "0.05", "0", "-0.5"]
    assert [two_decimals(amount) for amount in (120_000, -5)] == ["1200.00", "-0.05"]
    assert [json_amount(amount) for amount in (500, 41_250)] == [5, 412.5]


@pytest.mark.parametrize("value", ["x", "", "1.234", "NaN", "Infinity", None])
def test_what_is_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(NotMoney):
        ore(value)


def test_rates_round_half_up_away_from_zero() -> None:
    assert [scaled(amount, Decimal("0.5")) for amount in (1, 3, -1)] == [1, 2, -1]
