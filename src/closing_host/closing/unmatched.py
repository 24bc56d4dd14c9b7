"""Classes d, e and f: what the sub-ledger has without a counterpart among the ledger's rows of the day (P 7.4.6)."""

from datetime import date

import polars as pl

from closing_host.closing.compared import named_by
from closing_host.closing.linking import Linked
from closing_host.closing.voucher_differences import without_set_offs
from closing_host.ledgers.amounts import wide


def counted_at_another_time(entries: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Class d, per entry: booked by `as_at` and counted later, or counted by then and booked on no day of the year.

    The first is a payment in advance: its voucher is in the ledger, its invoice not yet. The second is a voucher
    dated outside the year, or without a readable date.
    """
    counted, later = pl.col("counts_on") <= as_at, pl.col("counts_on") > as_at
    meets = pl.col("meets")
    in_books = (meets == "opening") | ((meets == "voucher") & (pl.col("booked_on") <= as_at))
    early = entries.filter(later & in_books).with_columns(ledger="amount", subledger=pl.lit(0, pl.Int64))
    nowhere = entries.filter(counted & (meets == "misdated")).with_columns(
        ledger=pl.lit(0, pl.Int64), subledger="amount"
    )
    return pl.concat([early, nowhere]).select(
        pl.lit("d").alias("class"),
        pl.coalesce("booked_on", "day").alias("date"),
        *("series", "number", "text"),
        pl.concat_list("document").alias("documents"),
        pl.concat_list("payment").list.drop_nulls().alias("payments"),
        pl.col("party").fill_null(""),
        "ledger",
        "subledger",
    )


def without_voucher(entries: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Class e, per document: what it and its payments without a voucher amount to; those that cancel are left out."""
    summed = (
        entries.filter((pl.col("counts_on") <= as_at) & (pl.col("meets") == "nothing"))
        .group_by("document")
        .agg(*named_by(), date=pl.col("day").min(), subledger=wide().sum())
        .filter(pl.col("subledger") != 0)
        .with_columns(pl.lit("e").alias("class"), ledger=pl.lit(0, pl.Int64))
    )
    return without_set_offs(summed)


def opening(linked: Linked, entries: pl.DataFrame) -> pl.DataFrame:
    """Class f: the opening balances, and each document that was open before the first day. Empty when they agree."""
    before = linked.control.rows.filter(
        pl.col("date").is_between(linked.control.start, linked.first, closed="left")
    ).select("account", "amount")
    stated = linked.control.openings.select("account", amount="opening")
    balances = pl.concat([stated, before]).group_by("account").agg(ledger=wide().sum())
    documents = (
        entries.filter(pl.col("counts_on").is_not_null() & (pl.col("meets") == "opening"))
        .group_by("document")
        .agg(*named_by(), subledger=wide().sum())
        .filter(pl.col("subledger") != 0)
    )
    if balances["ledger"].sum() == documents["subledger"].sum():
        return pl.DataFrame()
    both = pl.concat([balances.filter(pl.col("ledger") != 0), documents], how="diagonal")
    return both.select(
        pl.lit("f").alias("class"),
        pl.lit(linked.first).alias("date"),
        pl.col("account", "party").fill_null(""),
        pl.col("documents", "payments").fill_null([]),
        pl.col("ledger", "subledger").fill_null(0),
    )


def items_not_booked(items: pl.DataFrame, sign: int) -> pl.DataFrame:
    """Class e with the cash method: every open item."""
    return items.filter(pl.col("open") != 0).select(
        pl.lit("e").alias("class"),
        pl.col("booked_on").alias("date"),
        pl.concat_list("document").alias("documents"),
        "party",
        pl.lit(0, pl.Int64).alias("ledger"),
        (pl.col("open") * sign).alias("subledger"),
    )
