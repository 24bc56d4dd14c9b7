import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasource_fortnox.exact_json import exact_json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"Debit": Decimal("412.50"), "Account": 1930}, b'{"Debit":412.50,"Account":1930}'),
        ((Decimal("1E+3"), True, "x"), b'[1000,true,"x"]'),
        (date(2025, 12, 31), b'"2025-12-31"'),
        ('å"\\', b'"\\u00e5\\"\\\\"'),
        ([], b"[]"),
    ],
)
def test_values_are_written_with_their_own_digits(value: object, written: bytes) -> None:
    assert exact_json(value) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_every_amount_comes_back_to_the_ore(amount: Decimal) -> None:
    assert json.loads(exact_json([amount]), parse_float=Decimal, parse_int=Decimal) == [amount]


@pytest.mark.parametrize("value", [0.1, None, {"x"}])
def test_floats_and_the_rest_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        exact_json({"a": [value]})
