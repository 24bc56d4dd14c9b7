"""Sums of öre that cannot wrap: added as Int128, handed back as Int64 or not at all.

Polars wraps an Int64 sum in silence, and 900 rows at the largest allowed amount are enough for it.
"""

from typing import Final

import polars as pl

from closing_host.api.errors import DataError

_LARGEST: Final = 2**63 - 1


def wide(column: str = "amount") -> pl.Expr:
    """`column` in öre as Int128, ready to be added up."""
    return pl.col(column).cast(pl.Int128)


def fitted(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """`frame` with the Int128 `columns` as Int64 öre.

    Raises `DataError` ("sum-too-large", naming the account when the frame has one) for a sum that does not fit.
    """
    for column in columns:
        beyond = frame.filter(pl.col(column).abs() > _LARGEST)
        if beyond.height:
            record = str(beyond["account"][0]) if "account" in beyond.columns else column
            raise DataError("sum-too-large", record=record)
    return frame.with_columns(pl.col(columns).cast(pl.Int64))
