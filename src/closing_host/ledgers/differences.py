"""The differences between two ledgers' tables, one function per table; all vectorised and exact."""

from collections.abc import Sequence
from typing import Final, Literal, get_args

import polars as pl

from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.comparable import ROW_FIELDS, VOUCHER_FIELDS, Comparable
from closing_host.ledgers.matching import own_date

Change = Literal["new", "removed", "changed"]
CHANGE: Final = pl.Enum(get_args(Change))

_BALANCE_KEY: Final = ("kind", "year", "period", "account", "objects")


def keyed_differences(a: pl.DataFrame, b: pl.DataFrame, key: Sequence[str], fields: Sequence[str]) -> pl.DataFrame:
    """Records by `key`: the key columns, `change`, `field`, `old`, `new`, sorted.

    One line per changed field, values as text; a new or removed record has one line, with `field` "" and its first
    field as value. Where a key is repeated, the nth record of one table is compared with the nth of the other.
    """
    nth = pl.int_range(pl.len()).over(key).alias("nth")
    on = [*key, "nth"]
    both = a.with_columns(nth, in_a=True).join(
        b.with_columns(nth, in_b=True), on=on, how="full", coalesce=True, nulls_equal=True, suffix="_new"
    )
    first = fields[0]
    parts = [
        _changes(both.filter(pl.col("in_a").is_null()), on, "new", new=f"{first}_new"),
        _changes(both.filter(pl.col("in_b").is_null()), on, "removed", old=first),
    ]
    matched = both.filter(pl.col("in_a") & pl.col("in_b"))
    for field in fields:
        differing = matched.filter(pl.col(field).ne_missing(pl.col(f"{field}_new")))
        parts.append(_changes(differing, on, "changed", field=field, old=field, new=f"{field}_new"))
    return pl.concat(parts).sort(*on, "field").drop("nth")


def _changes(
    frame: pl.DataFrame,
    on: Sequence[str],
    change: Change,
    *,
    field: str = "",
    old: str | None = None,
    new: str | None = None,
) -> pl.DataFrame:
    absent = pl.lit(None, pl.String)
    return frame.select(
        *on,
        change=pl.lit(change, CHANGE),
        field=pl.lit(field),
        old=pl.col(old).cast(pl.String) if old else absent,
        new=pl.col(new).cast(pl.String) if new else absent,
    )


def balance_differences(a: Comparable, b: Comparable) -> pl.DataFrame:
    """Balances by kind, year, period, account and objects: `a`, `b`, `difference` (b - a), `quantity_a`, `quantity_b`.

    A balance that one ledger does not state, or without a readable amount, is zero. Kinds of which one ledger states
    nothing for a year are not compared. Raises `DataError` for a sum beyond Int64.
    """
    kinds = a.balances.select("kind", "year").join(b.balances, on=["kind", "year"], how="semi").unique()
    sums = [
        side.balances.join(kinds, on=["kind", "year"], how="semi")
        .group_by(_BALANCE_KEY)
        .agg(wide().sum(), pl.col("quantity").sum())
        for side in (a, b)
    ]
    both = sums[0].join(sums[1], on=_BALANCE_KEY, how="full", coalesce=True, nulls_equal=True, suffix="_b")
    figures = both.with_columns(pl.col("amount", "amount_b", "quantity", "quantity_b").fill_null(0)).filter(
        (pl.col("amount") != pl.col("amount_b")) | (pl.col("quantity") != pl.col("quantity_b"))
    )
    named = figures.select(
        *_BALANCE_KEY,
        a="amount",
        b="amount_b",
        difference=pl.col("amount_b") - pl.col("amount"),
        quantity_a="quantity",
        quantity_b="quantity_b",
    )
    return fitted(named, "a", "b", "difference").sort(_BALANCE_KEY)


def voucher_field_differences(a: Comparable, b: Comparable, pairs: pl.DataFrame) -> pl.DataFrame:
    """Fields that differ in `pairs` (`pair`, `a`, `b`): `pair`, `field`, `old`, `new` as text, null when absent."""
    both = pairs.join(a.vouchers, left_on="a", right_on="voucher").join(
        b.vouchers, left_on="b", right_on="voucher", suffix="_new"
    )
    return pl.concat(
        [
            both.filter(pl.col(field).ne_missing(pl.col(f"{field}_new"))).select(
                "pair",
                field=pl.lit(field),
                old=pl.col(field).cast(pl.String),
                new=pl.col(f"{field}_new").cast(pl.String),
            )
            for field in VOUCHER_FIELDS
        ]
    )


def row_differences(a: Comparable, b: Comparable, pairs: pl.DataFrame) -> pl.DataFrame:
    """Rows that only one voucher of a pair has: `pair`, row, `change` (removed: only in a; new: only in b), `count`.

    The rows of a voucher are compared without regard to their order, all columns at once and exactly: each distinct
    row is counted, up in b and down in a, and what does not come to zero differs. Struck and added rows are compared
    like booked ones, being told apart by their kind.
    """
    dates = a.vouchers.select("voucher", "date").join(pairs, left_on="voucher", right_on="a")
    shared = dates.join(b.vouchers.select("voucher", "date"), left_on="b", right_on="voucher", suffix="_b").select(
        "pair", date=pl.when(pl.col("date").eq_missing(pl.col("date_b"))).then("date")
    )
    paired = pairs.join(shared, on="pair")
    counted = [
        side.rows.join(paired.select("pair", "date", voucher=name), on="voucher", suffix="_shared")
        .with_columns(own_date(pl.col("date_shared")), weight=pl.lit(weight, pl.Int32))
        .select("pair", *ROW_FIELDS, "weight")
        for side, name, weight in ((a, "a", -1), (b, "b", 1))
    ]
    surplus = pl.concat(counted).group_by("pair", *ROW_FIELDS).agg(pl.col("weight").sum())
    change = pl.when(pl.col("weight") > 0).then(pl.lit("new", CHANGE)).otherwise(pl.lit("removed", CHANGE))
    return surplus.filter(pl.col("weight") != 0).select(
        "pair", *ROW_FIELDS, change=change, count=pl.col("weight").abs().cast(pl.UInt32)
    )


def month_differences(a: Comparable, b: Comparable, vouchers: pl.DataFrame) -> pl.DataFrame:
    """By account and month what differing vouchers (`voucher_a`, `voucher_b`) move: `account`, `period` (YYYYMM of the
    voucher's date, null without one), `difference` (b - a), sorted; only what does not come to zero.

    Raises `DataError` for a sum beyond Int64.
    """
    moved = pl.concat(
        [
            side.rows.filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null())
            .join(vouchers.select(voucher=name).drop_nulls(), on="voucher", how="semi")
            .join(side.vouchers.select("voucher", day="date"), on="voucher")
            .select(
                "account",
                period=pl.col("day").dt.year() * 100 + pl.col("day").dt.month(),
                difference=wide() * sign,
            )
            for side, name, sign in ((a, "voucher_a", -1), (b, "voucher_b", 1))
        ]
    )
    summed = moved.group_by("account", "period").agg(pl.col("difference").sum()).filter(pl.col("difference") != 0)
    return fitted(summed, "difference").sort("account", "period", nulls_last=True)


def total_differences(a: Comparable, b: Comparable) -> pl.DataFrame:
    """Per account with booked rows in either: `account`, `a`, `b`, `difference` (b - a) of their sums, sorted.

    Raises `DataError` for a sum beyond Int64.
    """
    sums = [
        side.rows.filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null())
        .group_by("account")
        .agg(wide().sum())
        for side in (a, b)
    ]
    both = sums[0].join(sums[1], on="account", how="full", coalesce=True, suffix="_b")
    figures = both.with_columns(pl.col("amount", "amount_b").fill_null(0)).select(
        "account", a="amount", b="amount_b", difference=pl.col("amount_b") - pl.col("amount")
    )
    return fitted(figures, "a", "b", "difference").sort("account")
