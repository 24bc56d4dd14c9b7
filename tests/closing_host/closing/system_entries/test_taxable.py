"""The taxable surplus line by line: standard income and reversals as the tax sees them (P 7.5.3)."""

from dataclasses import replace
from datetime import date

from closing_host.closing.system_entries import Choices
from system_rules import books, figure, made

LONG = date(2025, 7, 1)
"""First day of eighteen months."""


def test_standard_income_follows_the_months_of_a_long_year() -> None:
    long_year = replace(books({"3010": -1, "2123": -100_000}, {"2123": -100_000}), start=LONG)
    assert figure(made(long_year, Choices())["S-c"], "standard-income") == 3_825


def test_standard_income_of_a_long_year_is_cut_to_kronor_once() -> None:
    long_year = replace(books({"3010": -1, "2123": -523}, {"2123": -523}), start=LONG)
    assert figure(made(long_year, Choices())["S-c"], "standard-income") == 20, "523 at 2.55 % for 18 months: 20.004"
