from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from closing_host.api import exact_json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"Debit": Decimal("412.50"), "Account": 1930}, b'{"Debit":412.50,"Account":1930}'),
        ((Decimal("1E+3"), True, None, "x"), b'[1000,true,null,"x"]'),
        (date(2025, 12, 31), b'"2025-12-31"'),
        ('å"\\', b'"\\u00e5\\"\\\\"'),
        ([], b"[]"),
    ],
)
def test_values_are_written_with_their_own_digits(value: object, written: bytes) -> None:
    assert exact_json.write(value) == written


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_every_amount_comes_back_to_the_ore(amount: Decimal) -> None:
    assert exact_json.read(exact_json.write([amount])) == [amount]


@pytest.mark.parametrize("value", [0.1, {"x"}])
def test_floats_and_the_rest_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        exact_json.write({"a": [value]})


@pytest.mark.parametrize("content", [b"", b"<html>", b"[NaN]", b"[-Infinity]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        exact_json.read(content)


@pytest.mark.parametrize(
    ("value", "ore"),
    [(Decimal("0.1"), 10), (12, 1200), ("-1234.50", -123450), (Decimal("9007199254740.93"), 900719925474093)],
)
def test_kronor_become_ore(value: object, ore: int) -> None:
    assert TypeAdapter(exact_json.Ore).validate_python(value) == ore


@pytest.mark.parametrize("value", [0.1, True, None, "1,50", Decimal("0.001"), Decimal("NaN"), [], 10**15])
def test_what_is_no_amount_in_whole_ore_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(exact_json.Ore).validate_python(value)
