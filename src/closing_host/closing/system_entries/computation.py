"""What a rule computes: figures in the order in which a person would write them down, and the entry's rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from closing_host.api.vouchers import DraftRow

RuleId = Literal["S-a", "S-b", "S-c", "S-d", "S-e", "S-f"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a computation: message code `system-{name}` and öre; a rate has `percent` instead.

    `account`: the account that it is of. `source`: where the law states it. `total`: it sums up those before it.
    """

    name: str
    amount: int = 0
    percent: Decimal | None = None
    source: str = ""
    account: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Computation:
    """One rule's computation. `rows` (öre, debit positive, Σ = 0, an account once) is empty when all of it is booked
    already: the entry holds what is missing between target and books, so repeating adds nothing (the delta rule,
    P 7.5.3). `to_come`: it is dated in a year that the engagement does not have yet, so nothing can be made of it.
    """

    rule: RuleId
    date: date
    figures: tuple[Figure, ...]
    rows: tuple[DraftRow, ...]
    to_come: bool = False


class Balances:
    """Closing balances that the rules move on, one after the other."""

    def __init__(self, closing: Mapping[str, int]) -> None:
        self._closing = dict(closing)

    def __getitem__(self, account: str) -> int:
        return self._closing.get(account, 0)

    def between(self, first: str, last: str) -> int:
        """Σ of the accounts `first` to `last`, by their first four digits."""
        return sum(amount for account, amount in self._closing.items() if first <= account[:4] <= last)

    def accounts(self, first: str, last: str) -> list[str]:
        """The accounts `first` to `last` that hold something, by their first four digits."""
        return sorted(each for each, amount in self._closing.items() if amount and first <= each[:4] <= last)

    def book(self, rows: Iterable[DraftRow]) -> tuple[DraftRow, ...]:
        """Count rows in; gives them summed by account, without those that come to nothing."""
        sums: dict[str, int] = {}
        for row in rows:
            sums[row.account] = sums.get(row.account, 0) + row.amount
        for account, amount in sums.items():
            self._closing[account] = self[account] + amount
        return tuple(DraftRow(account, amount) for account, amount in sums.items() if amount)


def pair(account: str, counter: str, amount: int) -> tuple[DraftRow, ...]:
    """`amount` on `account` and against it; nothing for 0."""
    return (DraftRow(account, amount), DraftRow(counter, -amount)) if amount else ()


def cut(ore: int, unit: int) -> int:
    """Öre rounded down to whole units, such as 100 for kronor."""
    return ore // unit * unit


def percent_of(ore: int, percent: Decimal, *, months: int = 12) -> int:
    """A year's percentage for `months`, exact until it is rounded down to the öre once."""
    return floor(ore * Fraction(percent) * months / 1200)
