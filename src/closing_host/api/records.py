"""What `LedgerBuilder.add_…` makes of a call: one record, each value of its column's own type.

Polars would turn 1510 into "1510", 12.5 into 12 and a seventh decimal into nothing, all in silence.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Context, Decimal
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import OBJECTS, QUANTITY, SCHEMAS
from closing_host.api.money import in_range

_STEP: Final = Decimal("0.000001")
_CONTEXT: Final = Context(prec=60, traps=[])
_LARGEST: Final = Decimal(10) ** 32

Check = Callable[[Any], object]


def checked(table: str, *values: object) -> tuple[object, ...]:
    """`values` as a record of `table`, in the order of `SCHEMAS`. Raises `TypeError` and `ValueError`."""
    record = []
    for (name, check), value in zip(_CHECKS[table], values, strict=True):
        try:
            record.append(check(value))
        except (TypeError, ValueError) as error:
            raise type(error)(f"{table}.{name}: {error}") from None
    return tuple(record)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is wanted, not {type(value).__name__}")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:  # a bool is an int to `isinstance`
        raise TypeError(f"an integer is wanted, not {type(value).__name__}")
    return value


def _ore(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"amounts are integer öre, not {type(value).__name__}")
    return in_range(value)


def _day(value: object) -> date:
    if type(value) is not date:  # a datetime is a date to `isinstance`
        raise TypeError(f"a date is wanted, not {type(value).__name__}")
    return value


def _quantity(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"a Decimal is wanted, not {type(value).__name__}")
    if not value.is_finite() or value.copy_abs() >= _LARGEST or value != value.quantize(_STEP, context=_CONTEXT):
        raise ValueError(f"not a quantity with at most six decimals: {value}")
    return value


def _texts(value: Iterable[object]) -> list[str]:
    if isinstance(value, str):  # which would be one text for each character
        raise TypeError("a list of texts is wanted, not one text")
    return [_text(each) for each in value]


def _objects(value: Iterable[tuple[object, object]]) -> list[dict[str, object]]:
    return [{"dimension": _whole(dimension), "object": _text(code)} for dimension, code in value]


def _one_of(enum: pl.Enum) -> Check:
    members = frozenset(enum.categories)

    def member(value: object) -> object:
        if value not in members:
            raise ValueError(f"{value!r} is none of {', '.join(enum.categories)}")
        return value

    return member


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _check(table: str, name: str, dtype: Any) -> Check:
    if name == "amount":
        return _ore
    if isinstance(dtype, pl.Enum):
        return _one_of(dtype)
    if dtype == pl.List(pl.String):
        return _texts
    if dtype == OBJECTS:
        return _objects
    if dtype == pl.String:
        return _optional(_text) if (table, name) == ("accounts", "type") else _text
    return _optional(_day if dtype == pl.Date else _quantity if dtype == QUANTITY else _whole)


_CHECKS: Final = {
    table: tuple((name, _check(table, name, dtype)) for name, dtype in schema.items())
    for table, schema in SCHEMAS.items()
    if table != "findings"
}
