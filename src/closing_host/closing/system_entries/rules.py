"""The rules S-a to S-f of P 7.5.3. Each moves the balances on, so that the next one counts with it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.system_entries import rates
from closing_host.closing.system_entries.choices import COMPANY, SOLE_TRADER, Choices, YearBooks
from closing_host.closing.system_entries.computation import (
    Balances,
    Computation,
    Figure,
    RuleId,
    pair,
    percent_of,
    whole_kronor,
)
from closing_host.closing.tax_reserves import YEARS, is_reserve, new_reserve, vintage

EXCESS, EXCESS_CHANGE = "2153", "8853"
ALLOCATED, REVERSED = "8811", "8819"
TAX, TAX_DEBT = "8910", "2512"
TAX_ACCOUNTS: Final = ("2512", "2513", "2514", "2515", "2518")
MAIN_TAX = "2510"
RESULT, RESULT_EQUITY, RESULT_SOLE_TRADER = "8999", "2099", "2019"
EQUITY_SOLE_TRADER = "2010"

_TEN_KRONOR: Final = 1000


def excess_depreciation(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-a: what 2153 shall hold, less what it holds."""
    target = choices.excess_depreciation or 0
    held = -balances[EXCESS]
    figures = (Figure("excess-target", target), Figure("excess-held", held), Figure("excess-change", target - held))
    return _booked("S-a", books, balances, figures, pair(EXCESS_CHANGE, EXCESS, target - held))


def reserve(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-b: a new tax allocation reserve within its limit, and the reversals that the law or the user wants.

    Raises `DataError` `allocation-too-large` with the limit, `reversal-too-large` for more than the account holds.
    """
    reversals = reversals_of(books, choices)
    figures, surplus = surplus_of(books, choices, balances)
    limit = whole_kronor(percent_of(surplus, rates.ALLOCATION)) if surplus > 0 else 0
    allocation = choices.allocation or 0
    if allocation > limit:
        raise DataError("allocation-too-large", allocation=allocation / 100, limit=limit / 100)
    rows: list[DraftRow] = []
    for account, amount in reversals.items():
        kept = books.opening[account] + amount
        rows.extend(_moved(balances, pair(account, REVERSED, kept - balances[account])))
    if choices.allocation is not None:
        account = new_reserve(books.end.year)
        kept = books.opening.get(account, 0) + reversals.get(account, 0)
        rows.extend(_moved(balances, pair(ALLOCATED, account, balances[account] + allocation - kept)))
    figures = (*figures, Figure("allocation-limit", limit), Figure("allocation", allocation))
    return Computation("S-b", books.end, figures, tuple(rows))


def income_tax(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-c: tax on the surplus after the reserve, by the year's rate; what is booked on 8910 already counts."""
    before, surplus = surplus_of(books, choices, balances)
    allocation = choices.allocation or 0
    base = max(surplus - allocation, 0) // _TEN_KRONOR * _TEN_KRONOR
    law = rates.rate_of(rates.CORPORATE_TAX, books.end)
    percent = law.percent if choices.tax_rate is None else choices.tax_rate
    tax = whole_kronor(percent_of(base, percent))
    figures = (
        *before,
        Figure("allocation", allocation),
        Figure("tax-base", base),
        Figure("tax-rate", percent=percent, source=law.source if choices.tax_rate is None else ""),
        Figure("tax", tax),
        Figure("tax-booked", balances[TAX]),
    )
    return _booked("S-c", books, balances, figures, pair(TAX, TAX_DEBT, tax - balances[TAX]))


def tax_summary(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-d: the year's tax accounts are gathered on 2510."""
    figures = tuple(Figure(f"account-{each}", balances[each]) for each in TAX_ACCOUNTS if balances[each])
    rows = tuple(row for each in TAX_ACCOUNTS for row in pair(MAIN_TAX, each, balances[each]))
    return _booked("S-d", books, balances, figures, rows)


def result_of_the_year(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-e: the result of the accounts to equity; profit is positive."""
    result = -balances.between("3000", "8989")
    booked = balances[RESULT]
    figures = (Figure("result", result), Figure("result-booked", booked))
    return _booked("S-e", books, balances, figures, pair(RESULT, _equity(books), result - booked))


def sole_traders_equity(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-f: on the first day of the next year the owner's accounts 2011-2019 go to 2010."""
    accounts = balances.accounts("2011", "2019")
    figures = tuple(Figure(f"account-{each}", balances[each]) for each in accounts)
    rows = tuple(row for each in accounts for row in pair(EQUITY_SOLE_TRADER, each, balances[each]))
    return Computation("S-f", books.end + timedelta(days=1), figures, rows)


def surplus_of(books: YearBooks, choices: Choices, balances: Balances) -> tuple[tuple[Figure, ...], int]:
    """B of P 7.5.3: the figures that make the taxable surplus before a new reserve, and the surplus."""
    result = -balances.between("3000", "8799") - balances.between("8820", "8899")
    reversed_ = sum(reversals_of(books, choices).values())
    standard, rate = standard_income(books, choices)
    figures = (
        Figure("result-before-reserve", result),
        Figure("reversals", reversed_),
        Figure("non-deductible", choices.non_deductible),
        Figure("non-taxable", -choices.non_taxable),
        rate,
        Figure("standard-income", standard),
        Figure("losses", -choices.losses),
    )
    surplus = sum(each.amount for each in figures)
    return (*figures, Figure("surplus", surplus)), surplus


def standard_income(books: YearBooks, choices: Choices) -> tuple[int, Figure]:
    """The tax-only income on the reserves at the year's beginning, in whole kronor, for the year's months of twelve."""
    reserves = -sum(amount for account, amount in books.opening.items() if is_reserve(account))
    if choices.standard_income_rate is not None:
        figure = Figure("standard-income-rate", percent=choices.standard_income_rate)
    elif reserves:
        law = rates.rate_of(rates.STANDARD_INCOME, books.end)
        figure = Figure("standard-income-rate", percent=law.percent, source=law.source)
    else:
        return 0, Figure("standard-income-rate")
    assert figure.percent is not None
    months = (books.end.year - books.start.year) * 12 + books.end.month - books.start.month + 1
    return whole_kronor(percent_of(reserves, figure.percent) * months // 12), figure


def reversals_of(books: YearBooks, choices: Choices) -> dict[str, int]:
    """Öre to reverse of each reserve: all of one that is six tax years old or more, else what the user chose.

    Raises `DataError` `reversal-too-large`.
    """
    reversals: dict[str, int] = {}
    for account in sorted(each for each, amount in books.opening.items() if amount and is_reserve(each)):
        held = -books.opening[account]
        due = books.end.year - vintage(account, books.names.get(account, ""), books.end.year) >= YEARS
        amount = held if due else choices.reversals.get(account, 0)
        if amount > held:
            raise DataError("reversal-too-large", account=account, amount=amount / 100, held=held / 100)
        if amount:
            reversals[account] = amount
    return reversals


def rules(books: YearBooks, choices: Choices) -> Iterator[Computation]:
    """The computations of the company's form, in order; a rule that was not chosen is left out."""
    balances = Balances(books.closing)
    form = books.form.upper()
    if form in COMPANY:
        if choices.excess_depreciation is not None:
            yield excess_depreciation(books, choices, balances)
        if choices.allocation is not None or reversals_of(books, choices):
            yield reserve(books, choices, balances)
        if choices.income_tax:
            yield income_tax(books, choices, balances)
        if choices.tax_summary:
            yield tax_summary(books, choices, balances)
    yield result_of_the_year(books, choices, balances)
    if form in SOLE_TRADER:
        yield sole_traders_equity(books, choices, balances)


def _booked(
    rule: RuleId, books: YearBooks, balances: Balances, figures: tuple[Figure, ...], rows: tuple[DraftRow, ...]
) -> Computation:
    return Computation(rule, books.end, figures, _moved(balances, rows))


def _moved(balances: Balances, rows: tuple[DraftRow, ...]) -> tuple[DraftRow, ...]:
    balances.book(rows)
    return rows


def _equity(books: YearBooks) -> str:
    return RESULT_SOLE_TRADER if books.form.upper() in SOLE_TRADER else RESULT_EQUITY
