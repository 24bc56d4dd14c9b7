"""Tables as Parquet, for programs: types kept, money as kronor."""

import polars as pl

from closing_host.documents.columns import is_money, kronor
from closing_host.documents.target import Target, opened


def write_parquet(frame: pl.DataFrame, target: Target) -> None:
    """Write `frame`. Money is Decimal(38, 2) in kronor; Enum becomes text, which every program reads; lists stay lists.

    Raises `OSError`.
    """
    plain = frame.select(_column(name, dtype) for name, dtype in frame.schema.items())
    with opened(target) as file:
        plain.write_parquet(file, compression="zstd", row_group_size=2**17)


def _column(name: str, dtype: pl.DataType) -> pl.Expr:
    if is_money(dtype):
        return kronor(name)
    return pl.col(name).cast(pl.String) if isinstance(dtype, pl.Enum) else pl.col(name)
