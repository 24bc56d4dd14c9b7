"""Rates that the tax rules take, dated, each with where the law states it (P 2.5, P 7.5.3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from closing_host.api.errors import DataError


@dataclass(frozen=True, slots=True)
class Rate:
    """`percent` holds for financial years that end on `year_ends_from` or later, until the next one does."""

    year_ends_from: date
    percent: Decimal
    source: str


CORPORATE_TAX: Final = (
    Rate(date(2013, 12, 31), Decimal("22"), "IL 65 kap. 10 §, lag 2012:757"),
    Rate(date(2019, 12, 31), Decimal("21.4"), "IL 65 kap. 10 §, lag 2018:1206"),
    Rate(date(2021, 12, 31), Decimal("20.6"), "IL 65 kap. 10 §, lag 2018:1206"),
)
"""Income tax of limited companies and economic associations."""

STANDARD_INCOME: Final = (
    Rate(date(2025, 1, 1), Decimal("1.96"), "IL 30 kap. 6 a §; government borrowing rate 30 November 2024"),
    Rate(date(2026, 1, 1), Decimal("2.55"), "IL 30 kap. 6 a §; government borrowing rate 30 November 2025"),
)
"""Of tax allocation reserves at the year's beginning; at least 0.5 percent. Only years whose rate is known: another
year's is stated by the user."""

ALLOCATION: Final = Decimal("25")
"""Percent of the surplus that a company may allocate to a tax allocation reserve (IL 30 kap. 5 §)."""


def rate_of(rates: tuple[Rate, ...], year_end: date) -> Rate:
    """The rate of a financial year. Raises `DataError` `rate-unknown` for a year before the first one."""
    known = [each for each in rates if each.year_ends_from <= year_end]
    if not known:
        raise DataError("rate-unknown", year_end=year_end, first=rates[0].year_ends_from)
    return known[-1]
