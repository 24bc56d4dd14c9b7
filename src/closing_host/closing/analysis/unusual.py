"""Checks of what is unusual for an account: TA11-TA13, TA15, TA18, TA23, TA24 (P 7.3).

Means, deviations and chi-square are statistics about amounts and not amounts, so they are floating point.
"""

from math import log10
from typing import Final

import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts, a_year_before
from closing_host.closing.analysis.needs import ENOUGH_MONTHS
from closing_host.closing.analysis.parameters import Values
from closing_host.closing.analysis.result import Found, could_not_run
from closing_host.ledgers.amounts import fitted, wide

FIRST_DIGITS: Final = tuple(log10(1 + 1 / digit) for digit in range(1, 10))
"""Benford's share of each first digit 1-9."""


def large(facts: AnalysisFacts, values: Values) -> Found:
    """TA11: the row is further from zero than mean + `deviations` · σ of the account's rows in all earlier months of
    this year and last; σ of the population; wants `rows` rows in three months."""
    size = pl.col("amount").abs().cast(pl.Float64)
    usual = (
        facts.earlier.group_by("account")
        .agg(mean=size.mean(), deviation=size.std(ddof=0), count=pl.len(), months=pl.col("month").n_unique())
        .filter((pl.col("months") >= ENOUGH_MONTHS) & (pl.col("count") >= values.number("rows")))
        .with_columns(limit=(pl.col("mean") + values.number("deviations") * pl.col("deviation")).round().cast(pl.Int64))
    )
    far = facts.rows.join(usual.select("account", "limit"), on="account").filter(
        pl.col("amount").abs() > pl.col("limit")
    )
    return Found(_of_rows(far, "limit"), ore=("limit",))


def many(facts: AnalysisFacts, values: Values) -> Found:
    """TA12: the account has more rows in the period than mean + `deviations` · σ of the earlier months."""
    by_month = facts.earlier.group_by("account", "month").agg(count=pl.len())
    usual = (
        by_month.group_by("account")
        .agg(mean=pl.col("count").mean(), deviation=pl.col("count").std(ddof=0), months=pl.len())
        .filter(pl.col("months") >= ENOUGH_MONTHS)
        .with_columns(limit=pl.col("mean") + values.number("deviations") * pl.col("deviation"))
    )
    # Per month of the period, so that a quarter is held against months as well.
    now = facts.rows.group_by("account", "month").agg(count=pl.len(), date=pl.col("date").max())
    over = now.join(usual, on="account").filter(pl.col("count") > pl.col("limit"))
    return Found(
        over.select("account", "date", "month", "count", usual=pl.col("mean").round().cast(pl.Int64)), ("month",)
    )


def against_last_year(facts: AnalysisFacts, values: Values) -> Found:
    """TA13: the number of rows differs by more than `percent` from the same months of last year, and by `rows`."""
    start, end = a_year_before(facts.start), a_year_before(facts.end)
    then = facts.earlier.filter(pl.col("date").is_between(start, end)).group_by("account").agg(before=pl.len())
    now = facts.rows.group_by("account").agg(now=pl.len())
    both = now.join(then, on="account", how="full", coalesce=True).with_columns(
        pl.col("now", "before").fill_null(0).cast(pl.Int64)
    )
    apart = (pl.col("now") - pl.col("before")).abs()
    off = both.filter((apart >= values.number("rows")) & (apart * 100 > pl.col("before") * values.number("percent")))
    return Found(off.with_columns(date=pl.lit(facts.end)), ("now", "before"))


def round_amounts(facts: AnalysisFacts, values: Values) -> Found:
    """TA15: posted by hand, at least `least` and a multiple of `multiple`; of a voucher the largest such row."""
    series = values.words("series") or tuple(sorted(facts.manual_series or ()))
    size = pl.col("amount").abs()
    even = facts.rows.filter(
        pl.col("series").is_in(series) & (size >= values.number("least")) & (size % values.number("multiple") == 0)
    )
    largest = even.sort(size, descending=True, maintain_order=True).unique("voucher", keep="first", maintain_order=True)
    return Found(_of_rows(largest))


def idle_accounts(facts: AnalysisFacts, values: Values) -> Found:
    """TA18: the account has rows in the period and had none in the twelve months before it."""
    since = a_year_before(facts.start)
    used = facts.earlier.filter(pl.col("date") >= since).select("account").unique()
    new = facts.rows.join(used, on="account", how="anti")
    grouped = new.group_by("account").agg(
        wide().sum(), vouchers=pl.col("voucher").unique().sort(), date=pl.col("date").min(), count=pl.len()
    )
    return Found(fitted(grouped, "amount"))


def benford(facts: AnalysisFacts, values: Values) -> Found:
    """TA23: the first digits of the year's rows on the listed accounts are not spread as Benford's law has it."""
    looked_at = facts.year.filter(values.accounts("accounts") & (pl.col("amount") != 0))
    total = looked_at.height
    if total < values.number("rows"):
        return could_not_run("analysis-too-few-rows", count=total, needed=values.number("rows"))
    digit = pl.col("amount").abs().cast(pl.String).str.slice(0, 1).cast(pl.Int64)
    counted = dict(looked_at.select(digit=digit).group_by("digit").len().iter_rows())
    chi_square = sum(
        (counted.get(digit, 0) - share * total) ** 2 / (share * total) for digit, share in enumerate(FIRST_DIGITS, 1)
    )
    if chi_square <= float(values.decimal("chi_square")):
        return Found(pl.DataFrame())
    odd = max(range(1, 10), key=lambda digit: counted.get(digit, 0) - FIRST_DIGITS[digit - 1] * total)
    row = {
        "date": facts.end,
        "count": total,
        "chi_square": f"{chi_square:.1f}",
        "digit": odd,
        "share": round(100 * counted.get(odd, 0) / total),
        "usual": round(100 * FIRST_DIGITS[odd - 1]),
    }
    return Found(pl.DataFrame([row]), ("chi_square",))


def rounding(facts: AnalysisFacts, values: Values) -> Found:
    """TA24: a row on the rounding account above `row`, or all of the period's together above `sum`."""
    rows = facts.rows.filter(values.accounts("accounts"))
    single = _of_rows(rows.filter(pl.col("amount").abs() > values.number("row"))).with_columns(kind=pl.lit("row"))
    total = int(rows.select(wide().abs().sum()).item() or 0)
    if total <= values.number("sum"):
        return Found(single, ("kind",))
    whole = {"date": facts.end, "account": rows["account"][0], "amount": total, "kind": "sum"}
    return Found(pl.concat([single, pl.DataFrame([whole])], how="diagonal"), ("kind",))


def _of_rows(found: pl.DataFrame, *columns: str) -> pl.DataFrame:
    text = pl.when(pl.col("row_text") != "").then("row_text").otherwise("text").alias("text")
    return found.sort("date", "voucher", "row").select(
        pl.concat_list("voucher").alias("vouchers"), "account", "date", "amount", "series", "number", text, *columns
    )
