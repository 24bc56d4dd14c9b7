"""S-b: tax allocation reserves (*periodiseringsfonder*), a new one and what is reversed of older ones (P 7.5.3)."""

from closing_host.api.errors import DataError
from closing_host.api.money import decimal_from_ore
from closing_host.api.vouchers import DraftRow
from closing_host.closing.system_entries import rates
from closing_host.closing.system_entries.choices import Choices
from closing_host.closing.system_entries.computation import (
    Balances,
    Computation,
    Figure,
    cut,
    pair,
    percent_of,
)
from closing_host.closing.system_entries.taxable import booked_changes, surplus_of
from closing_host.closing.system_entries.year_books import YearBooks
from closing_host.closing.tax_reserves import is_due, is_reserve, new_reserve, vintage

ALLOCATED, REVERSED = "8811", "8819"

_KRONA = 1_00


def reserve(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-b: a new tax allocation reserve within its limit, and the reversals that the law or the user wants.

    What nobody chose stays as it is booked. Raises `DataError` `allocation-too-large` with the limit,
    `reserve-account-of-another-year` where a later closing would take the new reserve for an older one,
    `reversal-too-large` for more than the account holds.
    """
    new, reversals = books.account(new_reserve(books.end.year)), reversals_of(books, choices)
    allocated, reversed_ = books.account(ALLOCATED), books.account(REVERSED)
    rows: list[DraftRow] = []
    for account, amount in reversals.items():
        if account != new or choices.allocation is None:
            kept = books.opening[account] + amount
            rows += balances.book(pair(account, reversed_, kept - balances[account]))
    figures, surplus = surplus_of(books, choices, balances)
    limit = cut(percent_of(surplus, rates.ALLOCATION.percent), _KRONA) if surplus > 0 else 0
    if choices.allocation is not None:
        if choices.allocation > limit:
            raise DataError(
                "allocation-too-large",
                allocation=decimal_from_ore(choices.allocation),
                limit=decimal_from_ore(limit),
            )
        name = books.names.get(new, "")
        if choices.allocation and vintage(new, name, books.end.year) != books.end.year:
            raise DataError("reserve-account-of-another-year", account=new, name=name, year=books.end.year)
        kept = books.opening.get(new, 0) + reversals.get(new, 0)
        more = balances[new] + choices.allocation - kept
        # An older reserve on the new one's account: what is taken off it is a reversal, what is added an allocation.
        rows += balances.book(pair(reversed_ if more < 0 and reversals.get(new) else allocated, new, more))
    figures = (
        *figures,
        Figure("allocation-limit", limit, source=rates.ALLOCATION.source),
        Figure("allocation", booked_changes(balances)[1], total=True),
        *warnings_of(books, choices),
    )
    return Computation("S-b", books.end, figures, Balances({}).book(rows))


def reversals_of(books: YearBooks, choices: Choices) -> dict[str, int]:
    """Öre to reverse of each reserve: what the user chose, else all of one that is six tax years old or more.

    A choice of 0 is one: it takes back what is booked. A reserve that is neither due nor chosen is not in it.
    Raises `DataError` `reversal-too-large`.
    """
    reversals: dict[str, int] = {}
    for account, held in _held(books):
        due = is_due(account, books.names.get(account, ""), books.end.year)
        amount = choices.reversals.get(account, held if due else None)
        if amount is None:
            continue
        if amount > held:
            raise DataError(
                "reversal-too-large", account=account, amount=decimal_from_ore(amount), held=decimal_from_ore(held)
            )
        reversals[account] = amount
    return reversals


def warnings_of(books: YearBooks, choices: Choices) -> tuple[Figure, ...]:
    """What a person has to look at: reserves of no known year, and what is left by choice of one that is due."""
    found: list[Figure] = []
    for account, held in _held(books):
        name, left = books.names.get(account, ""), held - choices.reversals.get(account, held)
        if vintage(account, name, books.end.year) is None:
            found.append(Figure("reserve-year-unknown", held, account=account))
        elif left and is_due(account, name, books.end.year):
            found.append(Figure("reserve-too-old", left, source=rates.REVERSAL_SOURCE, account=account))
    return tuple(found)


def _held(books: YearBooks) -> list[tuple[str, int]]:
    """The reserves that the year began with, by account, in öre."""
    return [(each, -amount) for each, amount in sorted(books.opening.items()) if amount < 0 and is_reserve(each)]
