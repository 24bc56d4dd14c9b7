"""The rules S-a to S-f of P 7.5.3 in order. Each moves the balances on, so that the next one counts with it."""

from collections.abc import Iterator

from closing_host.api.errors import DataError
from closing_host.closing.system_entries.choices import Choices
from closing_host.closing.system_entries.computation import Balances, Computation, Figure, pair
from closing_host.closing.system_entries.equity import result_of_the_year, sole_traders_equity
from closing_host.closing.system_entries.reserves import reserve, reversals_of, warnings_of
from closing_host.closing.system_entries.tax import income_tax, tax_summary
from closing_host.closing.system_entries.year_books import YearBooks

EXCESS, EXCESS_CHANGE = "2153", "8853"


def rules(books: YearBooks, choices: Choices) -> Iterator[Computation]:
    """The computations of the company's form, in order; a rule that was not chosen is left out.

    Raises `DataError` `system-form-unknown` for a company whose form is not known, and what a rule raises.
    """
    if not books.form:
        raise DataError("system-form-unknown")
    balances = Balances(books.closing)
    if books.is_company:
        if choices.excess_depreciation is not None:
            yield excess_depreciation(books, choices.excess_depreciation, balances)
        if choices.allocation is not None or reversals_of(books, choices) or warnings_of(books, choices):
            yield reserve(books, choices, balances)
        if choices.income_tax:
            yield income_tax(books, choices, balances)
        if choices.tax_summary:
            yield tax_summary(books, balances)
    yield result_of_the_year(books, choices, balances)
    if books.is_sole_trader:
        yield sole_traders_equity(books, balances)


def excess_depreciation(books: YearBooks, target: int, balances: Balances) -> Computation:
    """S-a: what 2153 shall hold, less what it holds."""
    held = -balances.between(EXCESS, EXCESS)
    figures = (
        Figure("excess-target", target),
        Figure("excess-held", held),
        Figure("excess-change", target - held, total=True),
    )
    rows = balances.book(pair(books.account(EXCESS_CHANGE), books.account(EXCESS), target - held))
    return Computation("S-a", books.end, figures, rows)
