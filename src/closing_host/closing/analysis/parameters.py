"""A check's parameters: what an own check may change (P 7.3: own checks are copies with parameters)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeVar

import polars as pl

from closing_host.api.money import ore_text, parse_local

T = TypeVar("T", int, Decimal)

_LARGEST: Final = 10**15
_ACCOUNTS: Final = re.compile(r"([0-9]{1,8})(?:-([0-9]{1,8}))?")

Unit = Literal["ore", "days", "percent", "count", "accounts", "series"]
"""What a parameter's number or words mean. `accounts` and `series`: several, separated by commas; accounts as in
`among`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its message code is `analysis-parameter-{name}`. `default` as text, amounts in öre."""

    name: str
    unit: Unit
    default: str

    def kept(self, typed: str) -> str:
        """What a person typed as it is kept: amounts, typed in kronor, in öre. Raises `ValueError`, `ArithmeticError`.

        A number must be above zero; accounts must be digits, single or first-last of one length, the first no higher
        than the last: any other range would match nothing or something else than it says.
        """
        text = typed.strip()
        if self.unit == "ore":
            return str(_positive(parse_local(text)))
        if self.unit in ("days", "count", "percent"):
            return str(_positive(Decimal(text.replace(",", "."))) if self.has_decimals else _positive(int(text)))
        parts = [each.strip() for each in text.split(",") if each.strip()]
        if self.unit == "accounts" and not all(_is_accounts(each) for each in parts):
            raise ValueError(text)
        return ", ".join(parts)

    def shown(self, kept: str) -> str:
        """The reverse: as a person reads and types it."""
        return ore_text(int(kept)) if self.unit == "ore" else kept

    @property
    def has_decimals(self) -> bool:
        """Whether its number may have decimals: as its default has."""
        return "." in self.default


@dataclass(frozen=True, slots=True)
class Values:
    """A check's parameters as chosen, all of them present."""

    stated: Mapping[str, str]

    def number(self, name: str) -> int:
        """A whole number: öre, days, percent or a count."""
        return int(self.stated[name])

    def decimal(self, name: str) -> Decimal:
        """A number with decimals."""
        return Decimal(self.stated[name])

    def words(self, name: str) -> tuple[str, ...]:
        """Several accounts or series."""
        return tuple(each.strip() for each in self.stated[name].split(",") if each.strip())

    def accounts(self, name: str) -> pl.Expr:
        """Whether `account` is among the listed accounts and ranges."""
        return among(*self.words(name))


NONE: Final = Values({})


def _is_accounts(stated: str) -> bool:
    found = _ACCOUNTS.fullmatch(stated)
    if found is None:
        return False
    first, last = found[1], found[2] or found[1]
    return len(first) == len(last) and first <= last


def _positive(number: T) -> T:
    if not 0 < number < _LARGEST:
        raise ValueError(number)
    return number


def among(*stated: str) -> pl.Expr:
    """Whether `account` is one of `stated`: "1910", "26" (all that begin so) or "1910-1919", by its first digits, so
    that 191001 is in 1910-1919."""
    if not stated:
        return pl.lit(False)
    return pl.any_horizontal(_within(each) for each in stated)


def _within(stated: str) -> pl.Expr:
    first, _, last = stated.partition("-")
    return pl.col("account").str.slice(0, len(first)).is_between(pl.lit(first), pl.lit(last or first))
