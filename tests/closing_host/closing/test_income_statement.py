"""Sums of the income statement and the comparison with last year (P 7.2)."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.closing.income_statement import (
    AMOUNTS,
    LINES,
    group_of,
    percent,
    same_period_before,
    statement,
    variance,
)
from closing_host.closing.periods import period_of, periods_of

SCHEMA = {"account": pl.String, **dict.fromkeys(AMOUNTS, pl.Int64)}


def figures(*rows: tuple[str, int, int, int | None, int | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    ("account", "group"),
    [
        ("3001", "net-sales"),
        ("3799", "net-sales"),
        ("3999", "other-revenue"),
        ("4", "goods"),
        ("69", "external"),
        ("761001", "personnel"),
        ("7830", "depreciation"),
        ("7960", "other-costs"),
        ("8410", "financial"),
        ("8811", "appropriations"),
        ("8910", "tax"),
        ("8989", "tax"),
        ("8990", "booked-result"),
        ("8999", "booked-result"),
    ],
)
def test_an_account_belongs_to_a_group_by_its_first_digits(account: str, group: str) -> None:
    assert pl.DataFrame({"account": [account]}).select(group_of()).item() == group


def test_every_two_digits_of_the_classes_three_to_eight_have_one_group() -> None:
    accounts = pl.DataFrame({"account": [f"{number}10" for number in range(30, 90)]})
    assert accounts.select(group_of()).to_series().null_count() == 0


def test_totals_add_up_what_stands_above_them_and_leave_the_booked_result_out() -> None:
    made = statement(
        figures(
            ("3010", -1_000, -9_000, -800, -7_000),
            ("5010", 300, 2_000, 250, 1_500),
            ("8410", 50, 400, 0, 0),
            ("8910", 100, 900, 90, 800),
            ("8999", 550, 5_700, 460, 4_700),
        )
    )
    lines = {line: amounts for line, _, *amounts in made.iter_rows()}
    assert lines["operating-result"] == [-700, -7_000, -550, -5_500]
    assert lines["after-financial"] == [-650, -6_600, -550, -5_500]
    assert lines["result"] == [-550, -5_700, -460, -4_700]
    assert lines["booked-result"] == [550, 5_700, 460, 4_700]
    assert lines["goods"] == [0, 0, 0, 0]
    assert made["line"].to_list() == [each.code for each in LINES]


def test_without_last_year_nothing_is_said_of_it() -> None:
    made = statement(figures(("3010", -1_000, -9_000, None, None)))
    assert made["before"].null_count() == made["before_closing"].null_count() == len(LINES)
    assert made["change"].null_count() == 0


@given(st.lists(st.tuples(st.integers(3000, 8989), st.integers(-(10**15), 10**15)), max_size=30))
def test_the_result_is_the_sum_of_all_its_accounts(booked: list[tuple[int, int]]) -> None:
    made = statement(figures(*((f"{account}", amount, amount, amount, amount) for account, amount in booked)))
    assert made.filter(pl.col("line") == "result")["change"].item() == sum(amount for _, amount in booked)


def test_a_variance_is_exact_and_its_percent_rounded_half_up() -> None:
    assert (variance(-1_500, -1_000), percent(-1_500, -1_000)) == (-500, Decimal("-50.0"))
    assert percent(10**17 + 1, 10**17) == Decimal("0.0")
    assert percent(2_001, 2_000) == Decimal("0.1")
    assert (variance(5, 0), percent(5, 0)) == (5, None)
    assert (variance(5, None), percent(5, None)) == (None, None)


def test_a_period_is_compared_with_the_same_month_a_year_earlier() -> None:
    this = periods_of(date(2025, 1, 1), date(2025, 12, 31))
    longer = periods_of(date(2023, 7, 1), date(2024, 12, 31))
    march = same_period_before(longer, period_of(this, "2025-03"))
    assert march is not None
    assert (march.key, march.start) == ("2024-03", date(2024, 3, 1))
    closing = same_period_before(longer, this[-1])
    assert closing is not None
    assert closing.is_year_end


def test_a_month_that_last_year_did_not_have_is_compared_with_nothing() -> None:
    this = periods_of(date(2024, 7, 1), date(2025, 12, 31))
    before = periods_of(date(2023, 7, 1), date(2024, 6, 30))
    assert same_period_before(before, period_of(this, "2025-08")) is None
    assert same_period_before(before, period_of(this, "2024-08")) == period_of(before, "2023-08")
