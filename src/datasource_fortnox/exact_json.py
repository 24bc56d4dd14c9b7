"""JSON whose numbers have exactly the digits of their `Decimal`s; the standard library would go through a float."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal


def exact_json(value: object) -> bytes:
    """`value` (mappings, sequences, texts, whole numbers, booleans, `Decimal` and dates) as ASCII JSON.

    Raises `TypeError` for anything else, floats among it.
    """
    return _written(value).encode("ascii")


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_written(str(name))}:{_written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, str | bool | int):
        return json.dumps(value)
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    raise TypeError(f"{type(value).__name__} has no exact JSON")
