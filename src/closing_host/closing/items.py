"""Which documents were open at the end of a day, and with how much (P 7.4.2-7.4.4).

Open = total less everything that was settled up to the day. The other end says the same: what the source says is open
now, plus everything that was settled since. Where the two disagree the item is kept, marked, with both values.
"""

from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.subledger import OpenItems
from closing_host.closing.ageing import AGE, with_age
from closing_host.closing.facts import RATE, items_frame
from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import fitted, wide

ITEMS: Final[dict[str, Any]] = {
    "party": pl.String,
    "party_name": pl.String,
    "document": pl.String,
    "external_number": pl.String,
    "dated": pl.Date,
    "due": pl.Date,
    "currency": pl.String,  # null: the ledger's
    "original": pl.Int64,  # öre including VAT; null when the source states open amounts only
    "paid": pl.Int64,  # settled up to the day, of whatever kind
    "open": pl.Int64,  # öre, positive is what is owed; credit notes and overpayments are negative
    **AGE,
    "year_start": pl.Date,  # with series and number: the voucher that booked it; null when not stated
    "series": pl.String,
    "number": pl.String,
    "booked_on": pl.Date,  # the day that it counts from
    "paid_after": pl.Int64,  # settled after the day, write-offs apart
    "paid_after_on": pl.Date,  # the latest such day
    "written_off_after": pl.Int64,
    "by_balance": pl.Int64,  # the open amount from the other end; null when the source states no balance
    "check": pl.Boolean,  # Kontrollera: the two ends disagree
    "foreign_original": pl.Int64,  # hundredths of `currency`
    "foreign_open": pl.Int64,  # null when a payment's amount in the currency is not known
    "rate": RATE,  # kronor per unit as booked
}
"""Columns of the open items."""

NOT_COUNTED: Final[dict[str, Any]] = {
    "reason": pl.Enum(("unbooked", "cancelled", "booked_later")),
    "party": pl.String,
    "party_name": pl.String,
    "document": pl.String,
    "external_number": pl.String,
    "dated": pl.Date,
    "due": pl.Date,
    "original": pl.Int64,
    "booked_on": pl.Date,  # for `booked_later`
}
"""Columns of what is listed and not summed."""


def in_order(*columns: str) -> list[pl.Expr]:
    """Sort keys that put number 9 before number 10."""
    return [key for column in columns for key in (pl.col(column).str.len_chars(), pl.col(column))]


def open_items(linked: Linked, as_at: date) -> pl.DataFrame:
    """The items that are open (or to be checked) at the end of `as_at`, as `ITEMS`, by party and document number.

    Raises `DataError` for a sum beyond Int64.
    """
    by = pl.col("counts_on") <= as_at
    after = pl.col("counts_on") > as_at
    written_off = pl.col("kind") == "write_off"
    effect = pl.col("reduces")
    # A currency difference settles kronor only.
    foreign = pl.when(pl.col("kind") == "currency_difference").then(0).otherwise("foreign")
    settled = (
        linked.entries.filter(pl.col("kind") != "document")
        .with_columns(reduces=wide() * -linked.sign)
        .group_by("document")
        .agg(
            paid=effect.filter(by).sum(),
            after=effect.filter(after).sum(),
            paid_after=effect.filter(after & ~written_off).sum(),
            paid_after_on=pl.col("counts_on").filter(after & ~written_off).max(),
            written_off_after=effect.filter(after & written_off).sum(),
            foreign_paid=foreign.filter(by).sum(),
            foreign_known=foreign.filter(by).is_not_null().all(),
        )
    )
    counted = linked.documents.filter(pl.col("booked") & ~pl.col("cancelled") & (pl.col("day") <= as_at))
    amounts = ("paid", "after", "paid_after", "written_off_after")
    joined = (
        counted.join(settled, on="document", how="left")
        .with_columns(pl.col(amounts).fill_null(0))
        .with_columns(open=wide("total") - pl.col("paid"), by_balance=wide("balance") + pl.col("after"))
        .with_columns(check=(pl.col("open") != pl.col("by_balance")).fill_null(False))
        .filter((pl.col("open") != 0) | pl.col("check"))
    )
    left = pl.col("foreign") - pl.col("foreign_paid").fill_null(0)
    return (
        with_age(fitted(joined, "open", "by_balance", *amounts), as_at)
        .with_columns(foreign_open=pl.when(pl.col("foreign_known").fill_null(True)).then(left))
        .rename({"total": "original", "day": "booked_on", "foreign": "foreign_original"})
        .sort(in_order("party", "document"))
        .select(*ITEMS)
    )


def stated_items(facts: OpenItems) -> pl.DataFrame:
    """The open items that a source states by itself, as `ITEMS`; what it does not state is null."""
    items = items_frame(facts)
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in ITEMS.items() if name not in (*items.columns, *AGE)]
    return (
        with_age(items.with_columns(missing), facts.as_at)
        .with_columns(check=pl.lit(False), booked_on="dated")
        .filter(pl.col("open") != 0)
        .sort(in_order("party", "document"))
        .select(*ITEMS)
    )


def not_counted(linked: Linked, as_at: date) -> pl.DataFrame:
    """Documents dated up to `as_at` that are not booked, cancelled, or booked after it, as `NOT_COUNTED`."""
    reason = (
        pl.when("cancelled")
        .then(pl.lit("cancelled"))
        .when(~pl.col("booked"))
        .then(pl.lit("unbooked"))
        .when(pl.col("day") > as_at)
        .then(pl.lit("booked_later"))
    )
    return (
        linked.documents.filter(pl.col("dated") <= as_at)
        .with_columns(reason=reason.cast(NOT_COUNTED["reason"]))
        .filter(pl.col("reason").is_not_null())
        .with_columns(booked_on=pl.when(pl.col("reason") == "booked_later").then("day"))
        .rename({"total": "original"})
        .sort("reason", *in_order("party", "document"))
        .select(*NOT_COUNTED)
    )
