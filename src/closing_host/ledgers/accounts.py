"""What an account's number says, and the name that an account is shown under (P 4.1).

The first digit is the class, whatever the number's length: 1-2 stand in the balance sheet, 3-8 in the income
statement, 9 is internal. The declared type (#KTYP) never decides: it may be missing or wrong.
"""

from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger

UNDECLARED_NAME: Final = "(saknas)"
"""Shown for an account that is used but not declared (P 7.1, I06)."""


def is_balance_account(account: str = "account") -> pl.Expr:
    """True for classes 1 and 2."""
    return pl.col(account).str.contains("^[12][0-9]*$")


def is_result_account(account: str = "account") -> pl.Expr:
    """True for classes 3 to 8, which open every year at zero."""
    return pl.col(account).str.contains("^[3-8][0-9]*$")


def is_internal_account(account: str = "account") -> pl.Expr:
    """True for class 9, which stands outside the statements."""
    return pl.col(account).str.contains("^9[0-9]*$")


def with_names(frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """`frame` with `name` and `declared` behind its `account`; of repeated declarations the first one names it.

    `name` is `UNDECLARED_NAME` and `declared` False for an account that the ledger does not declare.
    """
    names = ledger.accounts.select("account", pl.col("name").fill_null(""), declared=pl.lit(True)).unique(
        "account", keep="first", maintain_order=True
    )
    return frame.join(names, on="account", how="left", maintain_order="left").with_columns(
        pl.col("name").fill_null(UNDECLARED_NAME), pl.col("declared").fill_null(False)
    )
