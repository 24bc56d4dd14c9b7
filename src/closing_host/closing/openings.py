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
    "closing": pl.Int64,  # where the year before ends
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
    found = _compared(ledger, before)
    if before_alone is None or found.differing.is_empty():
        return found
    alone = _compared(ledger, before_alone)
    left_out = alone.differing.is_empty() or alone.is_unbooked_result
    return Openings(found.differing, found.unbooked, without_entries=left_out)


def _compared(ledger: Ledger, before: Ledger) -> Openings:
    at_end = trial_balance(before, by="year").group_by("account").agg(wide("closing").last())
    own = opening_balances(ledger).select("account", wide("opening"))
    joined = (
        own.join(at_end, on="account", how="full", coalesce=True)
        .filter(is_balance_account())
        .with_columns(pl.col("opening", "closing").fill_null(0))
        .with_columns(difference=pl.col("opening") - pl.col("closing"))
        .filter(pl.col("difference") != 0)
    )
    differing = fitted(joined, "opening", "closing", "difference")
    named = with_names(differing, ledger)
    elsewhere = with_names(differing, before).select("account", other="name", known="declared")
    both = named.join(elsewhere, on="account").with_columns(
        name=pl.when(pl.col("declared") | ~pl.col("known")).then("name").otherwise("other")
    )
    result = at_end.filter(is_result_account())["closing"].sum()
    return Openings(both.sort("account").select(*OPENINGS), int(result or 0))
