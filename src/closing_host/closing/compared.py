"""Voucher by voucher: what the control accounts have, and what the documents and payments amount to that name it."""

import polars as pl

from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import wide


def compared(linked: Linked, entries: pl.DataFrame) -> pl.DataFrame:
    """Every voucher from the first day on that has rows on the control accounts or is named by an entry.

    `voucher`, `date`, `series`, `number`, `text`, `ledger` and `subledger` (Int128, debit positive; the second is
    null when no entry names the voucher), `on_control` (it has rows there, even if they cancel), `documents`,
    `payments`, `party` ("" for several), `settles` (only payments name it). `entries` as `grouping.grouped` gives
    them; those that are never counted name their voucher and amount to 0.
    """
    booked = (
        linked.control.rows.filter(pl.col("voucher").is_not_null())
        .group_by("voucher")
        .agg(ledger=wide().sum(), on_control=pl.lit(True))
    )
    named = (
        entries.filter(pl.col("meets") == "voucher")
        .group_by("voucher")
        .agg(*named_by(), wide().filter(pl.col("counts_on").is_not_null()).sum().alias("subledger"))
    )
    heads = linked.control.ledger.vouchers.select("voucher", "date", "series", "number", "text")
    return (
        booked.join(named, on="voucher", how="full", coalesce=True)
        .join(heads, on="voucher", how="left")
        .filter(pl.col("date").is_between(linked.first, linked.control.end))
        .with_columns(pl.col("ledger").fill_null(0), pl.col("on_control").fill_null(False))
        .sort("date", "voucher")
    )


def named_by() -> list[pl.Expr]:
    """Aggregates that say which documents, payments and party a group of entries concerns, and if it only settles."""
    return [
        pl.col("document").unique().sort().alias("documents"),
        pl.col("payment").drop_nulls().unique().sort().alias("payments"),
        pl.when(pl.col("party").n_unique() == 1).then(pl.col("party").first()).fill_null("").alias("party"),
        (pl.col("kind") != "document").all().alias("settles"),
    ]
