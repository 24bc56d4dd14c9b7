"""Values as Fortnox writes them, read into one form each (F 3.5).

A number may come as text, "nothing" as null, "", 0 or "0", a boolean as text; a value that the company's licence
hides comes as `API_NORIGHT` and counts as absent, never as zero. No float is ever accepted: amounts are parsed from
their digits.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import BeforeValidator

HIDDEN: Final = "API_NORIGHT"


def _absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", HIDDEN))


def _text(value: object) -> object:
    if _absent(value):
        return ""
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def _reference(value: object) -> object:
    text = _text(value)
    return "" if text == "0" else text


def _number(value: object) -> object:
    """The exact `Decimal` of a number or its text; None when absent."""
    if _absent(value):
        return None
    if isinstance(value, bool | float):
        raise ValueError("neither booleans nor floats are numbers here")
    if not isinstance(value, int | str | Decimal):
        raise ValueError("not a number")
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number


def _integer(value: object) -> object:
    number = _number(value)
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return int(number)
    return number


def _day(value: object) -> object:
    return None if _absent(value) else value


def _flag(value: object) -> object:
    if _absent(value):
        return False
    return bool(value) if isinstance(value, int) and value in (0, 1) else value


Text = Annotated[str, BeforeValidator(_text)]
"""Text; "" when absent. Numbers become their digits."""

Reference = Annotated[str, BeforeValidator(_reference)]
"""A key of something else; "" for none, which Fortnox also writes 0 and "0"."""

Amount = Annotated[Decimal | None, BeforeValidator(_number)]
"""Kronor or a quantity, exact; None when absent or hidden."""

Number = Annotated[int, BeforeValidator(_integer)]
"""A whole number that must be there."""

OptionalNumber = Annotated[int | None, BeforeValidator(_integer)]
"""A whole number, None when absent."""

Day = Annotated[date | None, BeforeValidator(_day)]
"""A day, None when absent."""

Flag = Annotated[bool, BeforeValidator(_flag)]
"""A boolean, also as "true", "false", 1, 0 and their texts; False when absent."""
