"""Which voucher of one ledger is which of the other (design: the voucher key).

The key is (year start, series, number). Where the number is empty or a key is repeated in either ledger, the
vouchers of the same series and number are matched by their whole content, then by date, text and sorted rows
(account, amount), then in source order.
"""

from typing import Final

import polars as pl

from closing_host.ledgers.comparable import ROW_FIELDS, Comparable
from closing_host.ledgers.serial import day, number, quantity, text

_KEY: Final = ("series", "number")

_ROW_WRITTEN: Final = {
    "kind": text("kind"),
    "account": text("account"),
    "amount": number("amount"),
    "objects": text("objects"),
    "date": day("date"),
    "text": text("text"),
    "quantity": quantity("quantity"),
    "signature": text("signature"),
}

_LEVELS: Final = (("content",), ("core",), ())
"""What vouchers of one series and number must share to be matched, level by level; at last only their order counts."""


def match_vouchers(a: Comparable, b: Comparable, *, same_year: bool) -> pl.DataFrame:
    """`a`, `b`: the voucher keys of each match; the other is null for a voucher that only one ledger has.

    Each voucher stands exactly once. With `same_year` False the keys' years differ, so nothing matches.
    """
    if not same_year:
        return pl.concat([_alone(a.vouchers, "a"), _alone(b.vouchers, "b")])
    irregular = _irregular_keys(a.vouchers, b.vouchers)
    regular_a = a.vouchers.join(irregular, on=_KEY, how="anti")
    regular_b = b.vouchers.join(irregular, on=_KEY, how="anti")
    by_key = regular_a.join(regular_b, on=_KEY, how="full").select(a="voucher", b="voucher_right")
    if not irregular.height:
        return by_key
    left, right = _with_content(a, irregular), _with_content(b, irregular)
    parts = [by_key]
    for shared in _LEVELS:
        pairs = _in_order(left, right, [*_KEY, *shared])
        left = left.join(pairs, left_on="voucher", right_on="a", how="anti")
        right = right.join(pairs, left_on="voucher", right_on="b", how="anti")
        parts.append(pairs)
    return pl.concat([*parts, _alone(left, "a"), _alone(right, "b")])


def _irregular_keys(*vouchers: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [
            each.group_by(_KEY).len().filter((pl.col("len") > 1) | (pl.col("number") == "")).select(_KEY)
            for each in vouchers
        ]
    ).unique()


def _with_content(side: Comparable, keys: pl.DataFrame) -> pl.DataFrame:
    """The vouchers of `keys`: `voucher`, series, number, and as text their whole `content` and the `core` of it."""
    vouchers = side.vouchers.join(keys, on=_KEY, how="semi")
    rows = side.rows.join(vouchers.select("voucher"), on="voucher", how="semi")
    dates = vouchers.select("voucher", voucher_date="date")
    rows = rows.join(dates, on="voucher").with_columns(own_date(pl.col("voucher_date")))
    whole = _sorted_rows(rows, ROW_FIELDS).rename({"rows": "all_rows"})
    core = _sorted_rows(rows, ("account", "amount")).rename({"rows": "core_rows"})
    head = (day("date"), text("text"))
    return (
        vouchers.join(whole, on="voucher", how="left")
        .join(core, on="voucher", how="left")
        .with_columns(pl.col("all_rows", "core_rows").fill_null(""))
        .select(
            *("voucher", "series", "number"),
            content=pl.concat_str(*head, day("registered_on"), text("signature"), "all_rows"),
            core=pl.concat_str(*head, "core_rows"),
        )
    )


def own_date(voucher_date: pl.Expr) -> pl.Expr:
    """A row's `date`, null when it says no more than its voucher's: a row without date takes that one (SIE 1.6)."""
    return pl.when(pl.col("date").eq_missing(voucher_date)).then(None).otherwise("date").alias("date")


def _sorted_rows(rows: pl.DataFrame, fields: tuple[str, ...]) -> pl.DataFrame:
    written = rows.select("voucher", rows=pl.concat_str([_ROW_WRITTEN[field] for field in fields]))
    return written.group_by("voucher").agg(pl.col("rows").sort().str.join(""))


def _in_order(left: pl.DataFrame, right: pl.DataFrame, shared: list[str]) -> pl.DataFrame:
    """The nth voucher of `left` with the nth of `right` that shares the columns `shared`."""
    nth = pl.col("voucher").cum_count().over(shared).alias("nth")
    first = left.sort("voucher").with_columns(nth)
    second = right.sort("voucher").with_columns(nth)
    return first.join(second, on=[*shared, "nth"]).select(a="voucher", b="voucher_right")


def _alone(vouchers: pl.DataFrame, side: str) -> pl.DataFrame:
    absent = pl.lit(None, pl.UInt32)
    return vouchers.select(a="voucher" if side == "a" else absent, b="voucher" if side == "b" else absent)
