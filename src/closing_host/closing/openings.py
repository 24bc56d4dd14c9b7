"""Opening balances of a year against last year's closing balances, with the closing entries that count (design 2.7)."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.accounts import is_balance_account, is_result_account, with_names
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import opening_balances, trial_balance

OPENINGS: Final[dict[str, Any]] = {
    "account": pl.String,
    "name": pl.String,
    "opening": pl.Int64,  # öre, debit positive: where the year begins
    "closing": pl.Int64,  # where the year before ends, closing entries that count included
    "entries": pl.Int64,  # of that what these entries make
    "difference": pl.Int64,  # opening - closing
}
"""Columns of the accounts that differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """`differing`: the columns of `OPENINGS`, sorted by account; empty when every balance account goes on.

    `unbooked`: the result that the year before has on its result accounts, öre, a profit negative: what its balance
    sheet lacks. `without_entries`: the openings are those of the imported books, so that the closing entries, which
    count here, are not in them yet.
    """

    differing: pl.DataFrame
    unbooked: int
    without_entries: bool = False

    @property
    def total(self) -> int:
        """Σ of the differences."""
        return int(self.differing["difference"].sum())

    @property
    def is_unbooked_result(self) -> bool:
        """Whether what differs in total is last year's result, which is not booked there (P 7.1, I03)."""
        return self.total != 0 and self.total == self.unbooked

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return int(self.differing.estimated_size()) + 100


def openings(ledger: Ledger, before: Ledger, before_alone: Ledger | None = None) -> Openings:
    """`before`: last year's ledger with its closing entries that count; `before_alone`: without them, if there are any.

    A balance account that one of the years does not know stands at 0 there. Raises `DataError` `sum-too-large`.
    """
    at_end = _closings(before)
    alone = at_end if before_alone is None else _closings(before_alone)
    differing, unbooked = _differing(ledger, at_end, alone), _on_result_accounts(at_end)
    if before_alone is None or differing.is_empty():
        return Openings(_named(differing, ledger, before), unbooked)
    imported = Openings(_differing(ledger, alone, alone), _on_result_accounts(alone))
    left_out = imported.differing.is_empty() or imported.is_unbooked_result
    return Openings(_named(differing, ledger, before), unbooked, without_entries=left_out)


def _closings(ledger: Ledger) -> pl.DataFrame:
    return trial_balance(ledger, by="year").group_by("account").agg(wide("closing").last())


def _on_result_accounts(closings: pl.DataFrame) -> int:
    return int(closings.filter(is_result_account())["closing"].sum() or 0)


def _differing(ledger: Ledger, closings: pl.DataFrame, alone: pl.DataFrame) -> pl.DataFrame:
    """The balance accounts that open otherwise, without names, sorted."""
    own = opening_balances(ledger).select("account", wide("opening"))
    joined = (
        own.join(closings, on="account", how="full", coalesce=True)
        .join(alone.rename({"closing": "alone"}), on="account", how="left")
        .filter(is_balance_account())
        .with_columns(pl.col("opening", "closing", "alone").fill_null(0))
        .with_columns(difference=pl.col("opening") - pl.col("closing"), entries=pl.col("closing") - pl.col("alone"))
        .filter(pl.col("difference") != 0)
    )
    return fitted(joined, "opening", "closing", "entries", "difference").sort("account")


def _named(differing: pl.DataFrame, ledger: Ledger, before: Ledger) -> pl.DataFrame:
    """With the name that the year itself has for an account, else last year's."""
    elsewhere = with_names(differing, before).select("account", other="name", known="declared")
    both = (
        with_names(differing, ledger)
        .join(elsewhere, on="account")
        .with_columns(name=pl.when(pl.col("declared") | ~pl.col("known")).then("name").otherwise("other"))
    )
    return both.sort("account").select(*OPENINGS)
