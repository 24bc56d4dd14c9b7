from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api.money import (
    MAX_ORE,
    decimal_from_ore,
    in_range,
    ore_from_decimal,
    ore_text,
    parse_local,
    parse_ore,
)

ORE = st.integers(-MAX_ORE, MAX_ORE)


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("0", 0),
        ("-0.00", 0),
        ("12", 1200),
        ("12.", 1200),
        ("12.5", 1250),
        ("-12.50", -1250),
        (".5", 50),
        ("-.05", -5),
        ("007.10", 710),
        ("90071992547409.93", 9007199254740993),  # beyond what a float can tell apart
        ("100000000000000.00", MAX_ORE),
    ],
)
def test_amounts_of_files_are_read_exactly(text: str, ore: int) -> None:
    assert parse_ore(text) == ore


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "-.", "+1", "1,5", "1 000", "1.234", "1e3", "--1", "1-", "٣", "1\n", " 1", "nan", "0x1", "1" * 5000],
)
def test_what_is_no_amount_of_a_file_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_ore(text)


@pytest.mark.parametrize("text", ["100000000000000.01", "-100000000000000.01", "999999999999999999"])
def test_amounts_beyond_the_range_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="beyond"):
        parse_ore(text)


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 234,50", 123450),
        ("1\u00a0234,5", 123450),
        ("1\u202f234.50", 123450),
        ("\u2212 7", -700),
        ("-0,05", -5),
        (" 12 ", 1200),
    ],
)
def test_what_people_type_is_read(text: str, ore: int) -> None:
    assert parse_local(text) == ore


@pytest.mark.parametrize("text", ["", " ", "1.234,50", "1,234", "kr 5", "5 kr", "1,5,0"])
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_local(text)


@settings(deadline=None)
@given(ORE)
def test_every_amount_survives_text_and_decimal(ore: int) -> None:
    assert parse_ore(ore_text(ore)) == ore
    assert parse_local(ore_text(ore).replace(".", ",")) == ore
    assert ore_from_decimal(decimal_from_ore(ore)) == ore
    assert ore_text(ore) == str(decimal_from_ore(ore))


@settings(deadline=None)
@given(ORE, st.integers(1, 12))
def test_no_decimal_context_can_round_an_amount(ore: int, precision: int) -> None:
    with localcontext() as context:
        context.prec = precision
        assert ore_from_decimal(decimal_from_ore(ore)) == ore


@pytest.mark.parametrize(("text", "ore"), [("1E+3", 100000), ("12.500", 1250), ("-0", 0), ("1." + "0" * 60, 100)])
def test_decimals_of_any_form_are_taken(text: str, ore: int) -> None:
    assert ore_from_decimal(Decimal(text)) == ore


@pytest.mark.parametrize(
    "text",
    ["0.001", "1." + "0" * 40 + "1", "1E-70", "NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "100000000000000.01"],
)
def test_a_decimal_that_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ore_from_decimal(Decimal(text))


@pytest.mark.parametrize(("ore", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1250, "-12.50"), (100, "1.00")])
def test_amounts_are_written_with_two_decimals(ore: int, text: str) -> None:
    assert ore_text(ore) == text


def test_the_range_is_closed() -> None:
    assert in_range(MAX_ORE) == MAX_ORE
    assert in_range(-MAX_ORE) == -MAX_ORE
    for beyond in (MAX_ORE + 1, -MAX_ORE - 1):
        with pytest.raises(ValueError, match="beyond"):
            in_range(beyond)
    assert 900 * MAX_ORE < 2**63  # what the docstring promises of sums
