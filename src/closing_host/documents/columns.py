"""What a column holds for a reader of a document, by its type: money, text, lists as text."""

from typing import Any, Final

import polars as pl

_TEXTS: Final = (pl.String, pl.Enum, pl.Categorical, pl.List, pl.Struct, pl.Datetime, pl.Time, pl.Duration)


def is_money(dtype: pl.DataType) -> bool:
    """Whether a column of `dtype` holds öre. Counts, keys and periods have other integer types."""
    return dtype == pl.Int64


def is_text(dtype: pl.DataType) -> bool:
    """Whether a document shows a column of `dtype` as text."""
    return isinstance(dtype, _TEXTS)


def kronor(column: str) -> pl.Expr:
    """Öre as kronor, Decimal with two decimals; exact over the whole Int64."""
    return (pl.col(column).cast(pl.Decimal(38, 2)) / pl.lit(100).cast(pl.Decimal(38, 0))).alias(column)


def as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    """A text column as String; lists as their members with a blank between, pairs with a colon: `1:10 6:P1`."""
    if isinstance(dtype, pl.List):
        return pl.col(column).list.eval(_plain(pl.element(), dtype.inner)).list.join(" ").alias(column)
    return _plain(pl.col(column), dtype).alias(column)


def _plain(expression: pl.Expr, dtype: Any) -> pl.Expr:
    if isinstance(dtype, pl.Struct):
        parts = [_plain(expression.struct.field(each.name), each.dtype) for each in dtype.fields]
        return pl.concat_str(parts, separator=":", ignore_nulls=True)
    if isinstance(dtype, pl.Datetime):
        return expression.dt.to_string("iso:strict")
    return expression.cast(pl.String)
