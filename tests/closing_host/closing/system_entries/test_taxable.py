"""The taxable surplus line by line: standard income and reversals as the tax sees them (P 7.5.3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from closing_host.closing.system_entries import Choices, Computation, YearBooks
from system_rules import books, figure, kronor, made

LONG = date(2025, 7, 1)
"""First day of eighteen months."""


def test_standard_income_follows_the_months_of_a_long_year() -> None:
    long_year = replace(books({"3010": -1, "2123": -100_000}, {"2123": -100_000}), start=LONG)
    assert figure(made(long_year, Choices())["S-c"], "standard-income") == 3_825


def test_standard_income_of_a_long_year_is_cut_to_kronor_once() -> None:
    long_year = replace(books({"3010": -1, "2123": -523}, {"2123": -523}), start=LONG)
    assert figure(made(long_year, Choices())["S-c"], "standard-income") == 20, "523 at 2.55 % for 18 months: 20.004"


def reversed_of(name: str, *, of: int = 60_000, begins: date = date(2026, 1, 1)) -> YearBooks:
    """A company that has booked the reversal of all of a reserve of that name by hand."""
    booked = books({"3010": -100_000, "8819": -of, "1930": 100_000}, {"2128": -of})
    return replace(booked, start=begins, end=date(begins.year, 12, 31), names={"2128": name})


def uplifts(found: Computation) -> dict[str, float]:
    return {each.account: each.amount / 100 for each in found.figures if each.name == "reversal-uplift"}


@pytest.mark.parametrize(
    ("vintage", "begins", "percent"),
    [
        (2013, 2018, None),
        (2018, 2019, 103),
        (2018, 2020, 103),
        (2018, 2021, 106),
        (2018, 2024, 106),
        (2019, 2020, None),
        (2019, 2021, 104),
        (2020, 2026, 104),
        (2021, 2026, None),
    ],
)
def test_a_reserve_of_a_higher_tax_rate_is_taken_up_at_more_than_was_deducted(
    vintage: int, begins: int, percent: int | None
) -> None:
    given_books = reversed_of(f"Periodiseringsfond {vintage}", begins=date(begins, 1, 1))
    found = made(given_books, Choices(standard_income_rate=Decimal(0)))["S-c"]
    rates = [each.percent for each in found.figures if each.name == "reversal-rate"]
    assert rates == ([] if percent is None else [percent])
    assert sum(uplifts(found).values()) == (0 if percent is None else 600 * (percent - 100))
    assert figure(found, "tax-base") == 160_000 + sum(uplifts(found).values())


def test_the_day_on_which_the_year_begins_decides_at_what_a_reserve_is_taken_up() -> None:
    begun_in_2020 = replace(reversed_of("P-fond 2018"), start=date(2020, 7, 1), end=date(2021, 6, 30))
    assert uplifts(made(begun_in_2020, Choices())["S-c"]) == {"2128": 1_800}


def test_the_uplift_is_taxed_and_never_booked_on_the_reserve() -> None:
    opening = {"2120": -60_000, "2121": -10_000}
    found = made(books({"3010": -100_000, **opening}, opening), Choices(standard_income_rate=Decimal(0)))
    assert kronor(found["S-b"]) == {"2120": 60_000, "8819": -60_000}
    assert uplifts(found["S-b"]) == uplifts(found["S-c"]) == {"2120": 2_400}
    assert figure(found["S-b"], "allocation-limit") == 40_600
    assert kronor(found["S-c"]) == {"8910": 33_454, "2512": -33_454}


def test_each_vintage_is_uplifted_by_itself_in_whole_kronor_and_only_for_what_is_reversed_of_it() -> None:
    opening = {"2120": -60_000, "2128": -999, "2119": -5_000}
    given_books = books({"3010": -100_000, **opening}, opening)
    chosen = Choices(reversals={"2120": 1_000_000, "2128": 99_900, "2119": 0}, standard_income_rate=Decimal(0))
    assert uplifts(made(given_books, chosen)["S-c"]) == {"2128": 59, "2120": 400}


def test_what_is_moved_to_another_reserve_account_is_not_reversed() -> None:
    moved = replace(
        books({"3010": -1, "2130": -30_000, "2129": -20_000}, {"2120": -30_000, "2129": -30_000}),
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
    )
    assert uplifts(made(moved, Choices())["S-c"]) == {"2129": 400}


def test_a_reversal_that_is_booked_together_with_the_allocation_is_uplifted_all_the_same() -> None:
    net = books({"3010": -100_000, "2126": -40_000, "8810": -20_000}, {"2120": -60_000})
    kept = Choices(reversals={"2120": 6_000_000}, standard_income_rate=Decimal(0))
    assert uplifts(made(net, kept)["S-c"]) == {"2120": 2_400}
