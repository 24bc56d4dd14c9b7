"""Controls of vouchers and their rows: I01, I06, I07, I08 and I10 (P 7.1)."""

from typing import Final

import polars as pl

from closing_host.api.ledger import Finding, Ledger
from closing_host.api.money import decimal_from_ore
from closing_host.ledgers.amounts import wide
from closing_host.ledgers.controls.result import (
    NO_VOUCHERS,
    PASSED,
    Answer,
    Context,
    booked_with_amount,
    could_not_run,
    found,
    shown,
)

NO_YEAR: Final = "control-no-year"
NO_CHART: Final = "control-no-chart"
NO_NUMBERS: Final = "control-no-numbers"


def unbalanced(ledger: Ledger, context: Context) -> Answer:
    """I01: the booked rows of a voucher do not sum to zero. The voucher is kept."""
    if not ledger.vouchers.height:
        return could_not_run(NO_VOUCHERS)
    sums = booked_with_amount(ledger).group_by("voucher").agg(wide().sum()).filter(pl.col("amount") != 0)
    off = ledger.vouchers.join(sums, on="voucher").sort("voucher")
    return found(
        (
            Finding(
                "i01-voucher-unbalanced",
                "error",
                line=each["line"],
                parameters=_named(each) | {"amount": decimal_from_ore(each["amount"])},
            )
            for each in shown(off, context)
        ),
        off.height,
    )


def undeclared(ledger: Ledger, context: Context) -> Answer:
    """I06: an account in a row, of whatever kind, or in a balance of the year that the chart does not declare."""
    if not ledger.accounts.height:
        return could_not_run(NO_CHART)
    used = pl.concat(
        [
            ledger.rows.select("account", line=pl.col("line"), rows=pl.lit(1, pl.Int64)),
            ledger.balances.filter(pl.col("year") == 0).select(
                "account", line=pl.lit(None, pl.UInt32), rows=pl.lit(0, pl.Int64)
            ),
        ]
    ).filter(pl.col("account").is_not_null())
    missing = (
        used.join(ledger.accounts.select("account").unique(), on="account", how="anti")
        .group_by("account")
        .agg(pl.col("rows").sum(), pl.col("line").min())
        .sort("account")
    )
    return found(
        (
            Finding(
                "i06-account-undeclared",
                "warning",
                line=each["line"],
                parameters={"account": each["account"], "rows": each["rows"]},
            )
            for each in shown(missing, context)
        ),
        missing.height,
    )


def outside_year(ledger: Ledger, context: Context) -> Answer:
    """I07: a voucher is dated outside the year. One without a readable date has its finding already."""
    year = ledger.year
    if year is None:
        return could_not_run(NO_YEAR)
    if not ledger.vouchers.height:
        return could_not_run(NO_VOUCHERS)
    outside = ledger.vouchers.filter(~pl.col("date").is_between(year.start, year.end)).sort("voucher")
    return found(
        (
            Finding(
                "i07-date-outside-year",
                "error",
                line=each["line"],
                parameters=_named(each) | {"start": year.start, "end": year.end},
            )
            for each in shown(outside, context)
        ),
        outside.height,
    )


def repeated_number(ledger: Ledger, context: Context) -> Answer:
    """I08: more than one voucher has the same series and number. Vouchers without number are left out (SIE 4I)."""
    if not ledger.vouchers.height:
        return could_not_run(NO_VOUCHERS)
    numbered = ledger.vouchers.filter(pl.col("number") != "")
    if not numbered.height:
        return could_not_run(NO_NUMBERS)
    repeated = (
        numbered.filter(pl.len().over("series", "number") > 1)
        .sort("voucher")
        .group_by("series", "number", maintain_order=True)
        .agg(
            pl.len().alias("count"),
            pl.col("date").drop_nulls().cast(pl.String).unique().sort().str.join(", ").alias("dates"),
            pl.col("line").get(1).alias("line"),
        )
    )
    return found(
        (
            Finding(
                "i08-number-repeated",
                "error",
                line=each["line"],
                parameters={name: each[name] for name in ("series", "number", "count", "dates")},
            )
            for each in shown(repeated, context)
        ),
        repeated.height,
    )


def no_vouchers(ledger: Ledger, context: Context) -> Answer:
    """I10: the import holds no voucher at all. Information: an empty year is a success."""
    if ledger.vouchers.height:
        return PASSED
    return found([Finding("i10-no-vouchers", "info")], 1)


def _named(voucher: dict[str, object]) -> dict[str, object]:
    return {name: voucher[name] if voucher[name] is not None else "" for name in ("series", "number", "date")}
