"""Rates, limits and rounding that the tax rules take, dated, each with where the law states it (P 2.5, P 7.5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from closing_host.api.errors import DataError


@dataclass(frozen=True, slots=True)
class Rate:
    """`percent`, and where the law states it (IL: *inkomstskattelagen*)."""

    percent: Decimal
    source: str


CORPORATE_TAX: Final = (
    (date(2013, 1, 1), Rate(Decimal("22"), "IL 65 kap. 10 §")),
    (date(2019, 1, 1), Rate(Decimal("21.4"), "IL 65 kap. 10 §, lag 2018:1206")),
    (date(2021, 1, 1), Rate(Decimal("20.6"), "IL 65 kap. 10 §, lag 2018:1206")),
)
"""Income tax of limited companies and economic associations, for financial years that *begin* on the day or later."""

STANDARD_INCOME: Final[Mapping[int, Rate]] = {
    year: Rate(Decimal(percent), "IL 30 kap. 6 a §")
    for year, percent in (
        (2020, "0.5"),
        (2021, "0.5"),
        (2022, "0.5"),
        (2023, "1.94"),
        (2024, "2.62"),
        (2025, "1.96"),
        (2026, "2.55"),
    )
}
"""Of tax allocation reserves at the year's beginning, by the calendar year in which the financial year *ends*: the
government borrowing rate (*statslåneräntan*) of 30 November before it, at least 0.5 percent. Only years whose rate is
known and to which this rule applies: another year's is stated by the user."""

ALLOCATION: Final = Rate(Decimal("25"), "IL 30 kap. 5 §")
"""Of the surplus that a company may allocate to a tax allocation reserve."""

REVERSAL_SOURCE: Final = "IL 30 kap. 7 §"
"""That a reserve is reversed by its sixth year at the latest."""

REVERSAL: Final = tuple(
    (date(begins, 1, 1), before, Rate(Decimal(percent), "lag 2018:1206, övergångsbestämmelserna"))
    for begins, before, percent in ((2021, 2019, "106"), (2021, 2021, "104"), (2019, 2019, "103"))
)
"""At what a company takes up what it reverses of a reserve that was deducted at a higher tax rate: in financial years
that *begin* on the day or later, of reserves of tax years before the year; the first that fits. The law asks for the
day on which the year of the deduction *began*, of which only the year in the reserve's name or number is known."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """Öre that amounts are rounded down to multiples of: the taxable surplus, and the tax."""

    base: int
    tax: int
    source: str


ROUNDING: Final = Rounding(base=10_00, tax=1_00, source="IL 1 kap. 7 §")


def corporate_tax(year_start: date) -> Rate:
    """The tax rate of a financial year. Raises `DataError` `tax-rate-unknown` for a year before the first one."""
    known = [rate for begins, rate in CORPORATE_TAX if begins <= year_start]
    if not known:
        raise DataError("tax-rate-unknown", year_start=year_start)
    return known[-1]


def reversal(vintage: int, year_start: date) -> Rate | None:
    """What is reversed of a reserve of that tax year is taken up at, in percent; None for what it is."""
    found = (rate for begins, before, rate in REVERSAL if begins <= year_start and vintage < before)
    return next(found, None)


def standard_income(year_end: date) -> Rate:
    """The rate of the standard income. Raises `DataError` `standard-income-rate-unknown` for a year without one."""
    rate = STANDARD_INCOME.get(year_end.year)
    if rate is None:
        raise DataError("standard-income-rate-unknown", year_end=year_end)
    return rate
