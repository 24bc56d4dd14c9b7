"""Checks of the days on which vouchers are dated and registered: TA06-TA10 (P 7.3)."""

from datetime import date, timedelta
from typing import Final

import holidays
import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Values
from closing_host.closing.analysis.result import Found

_SATURDAY: Final = 6


def out_of_order(facts: AnalysisFacts, values: Values) -> Found:
    """TA06: dated more than `days` before a voucher of a lower number in the same series."""
    numbered = (
        facts.ledger.vouchers.filter(pl.col("number").str.contains("^[0-9]{1,15}$") & pl.col("date").is_not_null())
        .with_columns(n=pl.col("number").cast(pl.Int64))
        .sort("series", "n", "voucher")
        .with_columns(latest=pl.col("date").cum_max().shift(1).over("series"))
    )
    back = numbered.with_columns(days=(pl.col("latest") - pl.col("date")).dt.total_days())
    late = back.filter((pl.col("days") > values.number("days")) & pl.col("date").is_between(facts.start, facts.end))
    return Found(_of_vouchers(late, "latest", "days"))


def late(facts: AnalysisFacts, values: Values) -> Found:
    """TA07: registered more than `days` after the last day of the month that it is dated in (BFL 5:2)."""
    due = pl.col("date").dt.month_end() + timedelta(days=values.number("days"))
    found = _in_period(facts).with_columns(due=due).filter(pl.col("registered_on") > pl.col("due"))
    return Found(_of_vouchers(found, "registered_on", "due"))


def in_signed_off(facts: AnalysisFacts, values: Values) -> Found:
    """TA08: dated in a period that was signed off or locked without it."""
    parts = [
        facts.vouchers.filter(pl.col("date").is_between(each.start, each.end))
        .join(each.vouchers.unique(), on=["series", "number"], how="anti", nulls_equal=True)
        .with_columns(start=pl.lit(each.start), end=pl.lit(each.end))
        for each in facts.signed_off
    ]
    if not parts:
        return Found(facts.vouchers.clear())
    return Found(_of_vouchers(pl.concat(parts).unique("voucher", keep="first", maintain_order=True), "start", "end"))


def on_holidays(facts: AnalysisFacts, values: Values) -> Found:
    """TA09: posted by hand and dated on a Saturday, a Sunday or a Swedish public holiday or its eve."""
    series = values.words("series") or tuple(sorted(facts.manual_series or ()))
    manual = _in_period(facts).filter(pl.col("series").is_in(series))
    free = holiday_frame(facts.start, facts.end)
    found = manual.join(free, on="date", how="left").filter(
        pl.col("holiday").is_not_null() | (pl.col("date").dt.weekday() >= _SATURDAY)
    )
    return Found(
        _of_vouchers(
            found.with_columns(pl.col("holiday").fill_null("")), "holiday", weekday=pl.col("date").dt.weekday()
        )
    )


def in_the_future(facts: AnalysisFacts, values: Values) -> Found:
    """TA10: dated after the day of the import."""
    later = _in_period(facts).filter(pl.col("date") > facts.imported_on)
    return Found(_of_vouchers(later.with_columns(imported_on=pl.lit(facts.imported_on)), "imported_on"))


def holiday_frame(start: date, end: date) -> pl.DataFrame:
    """`date`, `holiday` (its Swedish name) of the public holidays between two days, with the eves that are
    holidays in fact: midsummer's, Christmas and New Year's. Sundays are not among them."""
    years = range(start.year, end.year + 1)
    kinds = ("public", "de_facto")
    days = holidays.country_holidays("SE", years=years, categories=kinds, language="sv", include_sundays=False)
    return pl.DataFrame(
        sorted((day, name) for day, name in days.items() if start <= day <= end),
        schema={"date": pl.Date, "holiday": pl.String},
        orient="row",
    )


def _in_period(facts: AnalysisFacts) -> pl.DataFrame:
    return facts.vouchers.filter(pl.col("date") >= facts.start)


def _of_vouchers(found: pl.DataFrame, *columns: str, **more: pl.Expr) -> pl.DataFrame:
    return found.select(
        pl.concat_list("voucher").alias("vouchers"), "date", "series", "number", "text", *columns, **more
    )
