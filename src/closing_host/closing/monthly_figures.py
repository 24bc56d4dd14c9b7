"""A year month by month, for charts: the result, and what is in the bank, owed by customers and owed to suppliers."""

from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import trial_balance

BALANCES: Final = {"liquid": "^19", "receivables": "^151", "payables": "^244"}
"""Whose balances are followed: cash and bank; trade receivables and payables (P 4.2, 4.3)."""

RESULT: Final = "^(3|4|5|6|7|8)"
BOOKED_RESULT: Final = "^899"

MONTHLY: Final[dict[str, Any]] = {
    "end": pl.Date,
    "result": pl.Int64,  # öre of the month, a profit positive
    **dict.fromkeys(BALANCES, pl.Int64),  # at the month's end, öre, debit positive
}
"""Columns of `monthly_figures`."""


def monthly_figures(ledger: Ledger) -> pl.DataFrame:
    """The columns of `MONTHLY` by month of the year; one row for books that tell nothing by month.

    A closing entry counts in the month of its date. What belongs to no month of the year is in no row.
    Raises `DataError` `sum-too-large`.
    """
    account = pl.col("account")
    in_result = account.str.contains(RESULT) & ~account.str.contains(BOOKED_RESULT)
    sums = (
        trial_balance(ledger)
        .filter(pl.col("end").is_not_null())
        .group_by("end")
        .agg(
            result=0 - wide("change").filter(in_result).sum(),
            **{name: wide("closing").filter(account.str.contains(of)).sum() for name, of in BALANCES.items()},
        )
    )
    return fitted(sums, "result", *BALANCES).sort("end").select(*MONTHLY)


def until(monthly: pl.DataFrame, today: date) -> pl.DataFrame:
    """`monthly` (`end` and amounts) with null for months that have not begun: nothing is known of them, not even 0.

    The row of books that tell nothing by month stays.
    """
    begun = (pl.col("end").dt.month_start() <= today) | pl.lit(monthly.height == 1)
    return monthly.with_columns(pl.when(begun).then(pl.exclude("end")))
