"""What `LedgerBuilder.extend` makes of an Arrow stream: a frame with the table's columns, without loss."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import OBJECTS, SCHEMAS, empty
from closing_host.api.money import MAX_ORE

if TYPE_CHECKING:
    from closing_host.api.ledger import ArrowStream

_EMPTY: Final[Mapping[Any, object]] = {pl.String: "", pl.List(pl.String): [], OBJECTS: []}


def typed(table: str, stream: "ArrowStream") -> pl.DataFrame:
    """The stream's records with exactly the columns of `SCHEMAS[table]`.

    Raises `DataError`: `column-unknown`, `column-unreadable` (another type, or a value that would be cut or
    rounded) and `amount-too-large`.
    """
    schema = dict(SCHEMAS[table])
    frame = pl.DataFrame(stream)
    if unknown := set(frame.columns) - set(schema):
        raise DataError("column-unknown", table=table, columns=", ".join(sorted(unknown)))
    if not frame.width:
        return empty(table)
    converted = frame
    for name, dtype in schema.items():
        column = pl.col(name).cast(dtype) if name in frame.columns else _default(table, name, dtype)
        try:
            converted = converted.with_columns(column)
        except pl.exceptions.PolarsError as error:
            said = str(error).partition("\n")[0]
            raise DataError("column-unreadable", table=table, detail=f"{name}: {said}") from error
    converted = converted.select(list(schema))
    for name in ("amount", "quantity"):
        if name in frame.columns and _is_lossy(frame[name], converted[name]):
            raise DataError("column-unreadable", table=table, detail=f"{name}: {frame[name].dtype}")
    if "amount" in schema:
        beyond = converted.filter(~pl.col("amount").is_between(-MAX_ORE, MAX_ORE))
        if beyond.height:
            raise DataError("amount-too-large", table=table, record=str(beyond["account"][0]))
    return converted


def _is_lossy(before: pl.Series, after: pl.Series) -> bool:
    """Polars cuts decimals when it casts to an integer and rounds to fewer decimals; both would change money."""
    if before.dtype == pl.Null or before.dtype.is_integer():
        return False
    if not (before.dtype.is_decimal() and after.dtype.is_decimal()):
        return True
    return bool((before != after.cast(before.dtype)).any())


def _default(table: str, name: str, dtype: Any) -> pl.Expr:
    """What a column holds that a stream leaves out."""
    if (table, name) == ("rows", "row"):
        return pl.int_range(pl.len(), dtype=dtype).over("voucher").alias(name)
    value = "booked" if name == "kind" else None if (table, name) == ("accounts", "type") else _EMPTY.get(dtype)
    return pl.lit(value, dtype).alias(name)
