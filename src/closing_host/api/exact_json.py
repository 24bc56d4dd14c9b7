"""JSON whose numbers keep their digits: what a source reads amounts with, and writes them.

The standard library and httpx's `response.json()` make a float of `0.1`, which is another number.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator

from closing_host.api.money import ore_from_decimal


def read(content: bytes) -> Any:
    """The JSON value; a number with a point is a `Decimal`, any other an `int`.

    Raises `ValueError` for anything that is no JSON, NaN and Infinity among it.
    """
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def write(value: object) -> bytes:
    """`value` (mappings, sequences, texts, None, whole numbers, booleans, `Decimal` and dates) as ASCII JSON.

    Raises `TypeError` for anything else, floats among it.
    """
    return _written(value).encode("ascii")


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_written(str(name))}:{_written(each)}" for name, each in value.items()) + "}"
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value)
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    raise TypeError(f"{type(value).__name__} has no exact JSON")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _ore(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError("not an amount")
    try:
        return ore_from_decimal(Decimal(value))
    except InvalidOperation as error:
        raise ValueError("not an amount") from error


Ore = Annotated[int, BeforeValidator(_ore)]
"""A pydantic field for an amount in kronor, number or text with a point, as integer öre. Floats are refused."""
