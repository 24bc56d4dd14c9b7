"""*Differensen uppstod*: the day on which ledger and sub-ledger part, and that day's vouchers (P 7.4.6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.closing.compared import named_by
from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import fitted, wide

PARTING: Final[dict[str, Any]] = {
    "series": pl.String,  # "" for documents and payments without a voucher in the ledger
    "number": pl.String,
    "text": pl.String,
    "documents": pl.List(pl.String),
    "payments": pl.List(pl.String),
    "ledger": pl.Int64,  # what the voucher has on the control accounts
    "subledger": pl.Int64,  # what counts from this day in the open items
    "difference": pl.Int64,
}
"""Columns of the day's vouchers."""


@dataclass(frozen=True, slots=True, eq=False)
class Parting:
    """Since when ledger and sub-ledger differ without a break until the attachment's day.

    `day` is the first such day; None means *från årets början*: they differed when the year opened and never met.
    `vouchers`, as `PARTING`, are all of that day that touch the control accounts or the open items, those that differ
    first; their differences add up to the difference at the day's end. Empty without a day.
    """

    day: date | None
    vouchers: pl.DataFrame


def parting(linked: Linked, series: pl.DataFrame, as_at: date) -> Parting | None:
    """The parting before `as_at`, None when there is no difference then. `series`: what `daily.daily_series` gives."""
    until = series.filter(pl.col("date") <= as_at)
    if until["difference"][-1] == 0:
        return None
    met = until.with_row_index("place").filter(pl.col("difference") == 0)["place"]
    if met.is_empty():
        return Parting(None, pl.DataFrame(schema=PARTING))
    day = until["date"][int(met[-1]) + 1]
    return Parting(day, _of_day(linked, day))


def _of_day(linked: Linked, day: date) -> pl.DataFrame:
    rows = linked.control.rows.filter(pl.col("date") == day)
    booked = rows.group_by("voucher").agg(ledger=wide().sum())
    counted = (
        linked.entries.filter(pl.col("counts_on") == day)
        # Without a voucher in the ledger each document stands by itself.
        .group_by("voucher", apart=pl.when(pl.col("voucher").is_null()).then("document"))
        .agg(*named_by(), subledger=wide().sum())
    )
    heads = linked.control.ledger.vouchers.select("voucher", "series", "number", "text")
    both = (
        booked.join(counted, on="voucher", how="full", coalesce=True)
        .join(heads, on="voucher", how="left")
        .with_columns(
            pl.col("series", "number", "text").fill_null(""),
            pl.col("documents", "payments").fill_null([]),
            pl.col("ledger", "subledger").fill_null(0),
        )
        .with_columns(difference=pl.col("ledger") - pl.col("subledger"))
        .sort(pl.col("difference") == 0, "series", pl.col("number").str.len_chars(), "number", "apart")
    )
    return fitted(both, "ledger", "subledger", "difference").select(*PARTING)
