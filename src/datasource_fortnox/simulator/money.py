"""Öre, the only money inside the simulator, and its two written forms: JSON numbers and SIE texts.

Amounts are ``int`` öre, debit positive (P 7.1). A JSON number is made at the very edge: an ``int`` when the amount
is whole kronor, otherwise the ``float`` nearest to it, whose shortest form has at most two decimals up to the 14
digits that F 5.1 allows.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["NotMoney", "json_amount", "ore", "plain", "scaled", "two_decimals"]


class NotMoney(ValueError):
    """The value is no amount with at most two decimals."""


def ore(value: Decimal | int | str) -> int:
    """The amount in öre, exactly; raises `NotMoney` for texts, infinities and more than two decimals."""
    try:
        cents = Decimal(value) * 100
    except (InvalidOperation, TypeError, ValueError) as error:
        raise NotMoney(f"{value!r} is no amount") from error
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise NotMoney(f"{value!r} has more than two decimals")
    return int(cents)


def json_amount(amount: int) -> int | float:
    """The amount in kronor as a JSON number; F 3.5 (D/R): whole amounts are recorded without decimals."""
    return amount // 100 if amount % 100 == 0 else amount / 100


def two_decimals(amount: int) -> str:
    """``-137.00``: the form of the 2011 files' rows and opening balances (F 4.3)."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def plain(amount: int) -> str:
    """``1200`` or ``-3.7``: the shortest form, used everywhere in the 2025 files (F 4.3)."""
    text = two_decimals(amount)
    return text.removesuffix(".00") if text.endswith(".00") else text.rstrip("0")


def scaled(amount: int, rate: Decimal) -> int:
    """A foreign amount at a rate, rounded half up to whole öre."""
    return int((amount * rate).to_integral_value(ROUND_HALF_UP))
