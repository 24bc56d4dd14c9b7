"""Checks of single vouchers and their numbers: TA01-TA05, TA31 (P 7.3)."""

import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Values
from closing_host.closing.analysis.result import Found
from closing_host.ledgers.amounts import fitted, wide


def unbalanced(facts: AnalysisFacts, values: Values) -> Found:
    """TA01: the voucher's rows do not sum to zero."""
    sums = _counting(facts).group_by("voucher").agg(wide().sum()).filter(pl.col("amount") != 0)
    return Found(_named(facts, fitted(sums, "amount")))


def nearly_empty(facts: AnalysisFacts, values: Values) -> Found:
    """TA02: fewer than two rows of an amount other than zero."""
    filled = _counting(facts).filter(pl.col("amount") != 0).group_by("voucher").agg(count=pl.len())
    few = _in_period(facts).select("voucher").join(filled, on="voucher", how="left")
    return Found(_named(facts, few.with_columns(pl.col("count").fill_null(0)).filter(pl.col("count") < 2)))


def gaps(facts: AnalysisFacts, values: Values) -> Found:
    """TA03: whole numbers that are missing between a series' lowest and highest; the year so far.

    The voucher after the gap is named, and its date is the gap's. A lowest number above 1 is only told.
    """
    numbered = _numbered(facts).group_by("series", "n").agg(pl.col("voucher", "date").first()).sort("series", "n")
    before = pl.col("n").shift(1).over("series").fill_null(0)
    missing = numbered.with_columns(first=before + 1, last=pl.col("n") - 1).filter(pl.col("first") <= pl.col("last"))
    missing = missing.filter(pl.col("date").is_null() | (pl.col("date") <= facts.end))
    return Found(
        missing.select(
            pl.concat_list("voucher").alias("vouchers"),
            *("date", "series", "first", "last"),
            count=pl.col("last") - pl.col("first") + 1,
            mark=pl.when(pl.col("first") == 1).then(pl.lit("info")).otherwise(pl.lit("red")),
        ),
        identical=("series", "first", "last"),
    )


def repeated_numbers(facts: AnalysisFacts, values: Values) -> Found:
    """TA04: two vouchers of the year have the same series and number."""
    numbered = facts.vouchers.filter(pl.col("number") != "")
    repeated = numbered.group_by("series", "number").agg(
        pl.col("voucher").sort().alias("vouchers"), pl.col("date").min(), count=pl.len()
    )
    return Found(repeated.filter(pl.col("count") > 1))


def outside_year(facts: AnalysisFacts, values: Values) -> Found:
    """TA05: dated outside the financial year, whatever period is looked at."""
    year = facts.ledger.year
    assert year is not None
    outside = facts.ledger.vouchers.filter(~pl.col("date").is_between(year.start, year.end))
    return Found(
        outside.select(pl.concat_list("voucher").alias("vouchers"), *("date", "series", "number", "text")).with_columns(
            start=pl.lit(year.start), end=pl.lit(year.end)
        )
    )


def changed(facts: AnalysisFacts, values: Values) -> Found:
    """TA31: rows were struck from the voucher or added to it later."""
    history = facts.ledger.rows.filter(pl.col("kind") != "booked")
    counts = history.group_by("voucher").agg(
        struck=(pl.col("kind") == "removed").sum(), added=(pl.col("kind") == "added").sum()
    )
    return Found(_named(facts, counts), identical=("struck", "added"))


def _in_period(facts: AnalysisFacts) -> pl.DataFrame:
    return facts.vouchers.filter(pl.col("date") >= facts.start)


def _counting(facts: AnalysisFacts) -> pl.DataFrame:
    """The rows with an amount of the period's vouchers, also those without a readable account."""
    counting = facts.ledger.rows.filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null())
    return counting.join(_in_period(facts).select("voucher"), on="voucher", how="semi")


def _named(facts: AnalysisFacts, by_voucher: pl.DataFrame) -> pl.DataFrame:
    """`by_voucher` with what names each of the period's vouchers in it."""
    named = _in_period(facts).select("voucher", "date", "series", "number", "text")
    joined = by_voucher.join(named, on="voucher")
    return joined.with_columns(pl.concat_list("voucher").alias("vouchers")).drop("voucher")


def _numbered(facts: AnalysisFacts) -> pl.DataFrame:
    """The year's vouchers whose number is a whole number, as `n`, by date; also those dated after the period, whose
    numbers are not missing in it."""
    whole = facts.ledger.vouchers.filter(pl.col("number").str.contains("^[0-9]{1,15}$"))
    return whole.with_columns(n=pl.col("number").cast(pl.Int64)).sort("date", "voucher")
