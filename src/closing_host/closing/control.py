"""What the ledger says of the control accounts: their opening balances and every booked row.

A row counts on its voucher's day (P 7.2). Rows of vouchers that are dated outside the year, or not readably, belong to
no day of it: they are kept, and no balance holds them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.ledgers import opening_balances, trial_balance
from closing_host.ledgers.accounts import with_names
from closing_host.ledgers.amounts import fitted, wide

ROWS: Final[dict[str, Any]] = {
    "voucher": pl.UInt32,  # null for a movement that the ledger states without vouchers
    "series": pl.String,
    "number": pl.String,
    "date": pl.Date,
    "text": pl.String,  # the row's, else the voucher's
    "account": pl.String,
    "amount": pl.Int64,  # öre, debit positive
}
"""Columns of the rows on the control accounts."""


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """The control accounts of one financial year.

    `openings`: `account`, `name`, `opening` for each of `accounts`; `rows`: as `ROWS`, by day and source order.
    """

    ledger: Ledger
    accounts: tuple[str, ...]
    start: date
    end: date
    openings: pl.DataFrame
    rows: pl.DataFrame

    def balances(self, as_at: date) -> pl.DataFrame:
        """`account`, `name`, `opening`, `closing`: each account's balance at the end of `as_at`."""
        moved = (
            self.rows.filter(pl.col("date").is_between(self.start, as_at))
            .group_by("account")
            .agg(wide().sum().alias("moved"))
        )
        closing = self.openings.join(moved, on="account", how="left").with_columns(
            closing=wide("opening") + wide("moved").fill_null(0)
        )
        return fitted(closing, "closing").drop("moved").sort("account")


def control(ledger: Ledger, accounts: Sequence[str]) -> Control:
    """The control accounts `accounts` of `ledger`.

    A ledger without vouchers moves at the end of each period that it states. Raises `DataError` when the ledger
    states no year or `accounts` is empty.
    """
    year = ledger.year
    if year is None or year.start > year.end:
        raise DataError("attachment-no-year")
    if not accounts:
        raise DataError("attachment-no-control-account")
    chosen = tuple(sorted(set(accounts)))
    openings = with_names(
        pl.DataFrame({"account": chosen}, schema={"account": pl.String})
        .join(opening_balances(ledger), on="account", how="left")
        .with_columns(pl.col("opening").fill_null(0)),
        ledger,
    ).select("account", "name", "opening")
    rows = _booked(ledger, chosen) if ledger.vouchers.height else _stated(ledger, chosen)
    return Control(ledger, chosen, year.start, year.end, openings, rows)


def _booked(ledger: Ledger, accounts: tuple[str, ...]) -> pl.DataFrame:
    return (
        ledger.rows.filter(
            (pl.col("kind") == "booked") & pl.col("amount").is_not_null() & pl.col("account").is_in(accounts)
        )
        .select("voucher", "row", "account", "amount", row_text="text")
        .join(ledger.vouchers.select("voucher", "series", "number", "date", "text"), on="voucher", how="left")
        .sort("date", "voucher", "row", nulls_last=True)
        .with_columns(text=pl.when(pl.col("row_text") != "").then("row_text").otherwise("text"))
        .select(*ROWS)
    )


def _stated(ledger: Ledger, accounts: tuple[str, ...]) -> pl.DataFrame:
    changes = trial_balance(ledger).filter(pl.col("account").is_in(accounts) & (pl.col("change") != 0))
    return changes.select(
        voucher=pl.lit(None, pl.UInt32),
        series=pl.lit(""),
        number=pl.lit(""),
        date="end",
        text=pl.lit(""),
        account="account",
        amount="change",
    )
