"""Money as integer öre: debit positive, credit negative, never a float.

Text and `Decimal` exist only at the edges. Every conversion is exact or raises `ValueError`: a third decimal is
refused, not rounded.
"""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

MAX_ORE: Final = 10**16
"""Largest magnitude of one amount (100 000 billion kronor). Keeps 900 such rows inside an Int64 sum."""

# Whatever precision the caller's decimal context has, nothing is rounded here.
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[])
_HUNDREDTH: Final = Decimal("0.01")

_AMOUNT: Final = re.compile(r"(-?)(?:([0-9]+)(?:\.([0-9]{0,2}))?|\.([0-9]{1,2}))")


def parse_ore(text: str) -> int:
    """Read an amount with a decimal point, as SIE and JSON state it, into öre: `-12.5` is -1250.

    Raises `ValueError` for anything but digits with an optional leading minus and at most two decimals, and for
    an amount beyond `MAX_ORE`.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError(f"not an amount with at most two decimals: {text!r}")
    sign, whole, decimals, only_decimals = match.groups()
    ore = int(whole or "0") * 100 + int(((decimals if whole else only_decimals) or "").ljust(2, "0"))
    return in_range(-ore if sign else ore)


def parse_local(text: str) -> int:
    """Read what a person types, `1 234,50` or `1234.5`, into öre.

    Blanks (also no-break ones) group the whole kronor; comma or point stands before the decimals; the minus may
    be a hyphen or U+2212. Raises `ValueError` like `parse_ore`.
    """
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-").replace(",", ".")
    return parse_ore(plain)


def ore_from_decimal(amount: Decimal) -> int:
    """Turn kronor into öre exactly. Raises `ValueError` for a third decimal, NaN, infinity or too large a value."""
    if not amount.is_finite() or amount.copy_abs() > MAX_ORE or amount.quantize(_HUNDREDTH, context=_EXACT) != amount:
        raise ValueError(f"not an amount with at most two decimals: {amount}")
    return in_range(int(amount.scaleb(2, _EXACT)))


def decimal_from_ore(ore: int) -> Decimal:
    """Kronor with exactly two decimals."""
    return Decimal(ore).scaleb(-2, _EXACT)


def ore_text(ore: int) -> str:
    """Write öre with a point and two decimals, as SIE files do: -1250 is `-12.50`."""
    whole, decimals = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole}.{decimals:02d}"


def in_range(ore: int) -> int:
    """Return `ore`, or raise `ValueError` when it is beyond `MAX_ORE`."""
    if abs(ore) > MAX_ORE:
        raise ValueError(f"amount beyond {MAX_ORE} öre: {ore}")
    return ore
