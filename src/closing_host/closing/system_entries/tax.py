"""S-c and S-d: the year's income tax, and the tax accounts gathered on one (P 7.5.3)."""

from closing_host.closing.system_entries import rates
from closing_host.closing.system_entries.choices import Choices
from closing_host.closing.system_entries.computation import Balances, Computation, Figure, cut, pair, percent_of
from closing_host.closing.system_entries.taxable import booked_changes, surplus_of
from closing_host.closing.system_entries.year_books import YearBooks

TAX, TAX_DEBT = "8910", "2512"
TAX_BOOKED = ("8910", "8919")
"""The accounts of the year's own tax: earlier years' (892x, 893x) and deferred tax (894x) are something else."""

TAX_ACCOUNTS = ("2512", "2518")
MAIN_TAX = "2510"


def income_tax(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-c: tax on the surplus after the reserve, by the year's rate; what is booked already counts.

    The reserve is what the year's accounts hold after S-b, so what was booked by hand is taxed as it is booked.
    Raises `DataError` `tax-rate-unknown`, `standard-income-rate-unknown`.
    """
    before, surplus = surplus_of(books, choices, balances)
    _, allocation = booked_changes(balances)
    base = cut(max(surplus - allocation, 0), rates.ROUNDING.base)
    stated = choices.tax_rate
    rate = rates.corporate_tax(books.start) if stated is None else rates.Rate(stated, "")
    tax = cut(percent_of(base, rate.percent), rates.ROUNDING.tax)
    booked = balances.between(*TAX_BOOKED)
    figures = (
        *before,
        Figure("allocation", -allocation),
        Figure("tax-base", base, source=rates.ROUNDING.source, total=True),
        Figure("tax-rate", percent=rate.percent, source=rate.source),
        Figure("tax", tax, total=True),
        Figure("tax-booked", booked),
    )
    rows = balances.book(pair(books.account(TAX), books.account(TAX_DEBT), tax - booked))
    return Computation("S-c", books.end, figures, rows)


def tax_summary(books: YearBooks, balances: Balances) -> Computation:
    """S-d: the year's tax accounts 2512-2518 are gathered on 2510."""
    main = books.account(MAIN_TAX)
    held = [(each, balances[each]) for each in balances.accounts(*TAX_ACCOUNTS)]
    figures = (
        *(Figure("account", amount, account=account) for account, amount in held),
        Figure("to-account", sum(amount for _, amount in held), account=main, total=True),
    )
    rows = balances.book(row for account, amount in held for row in pair(main, account, amount))
    return Computation("S-d", books.end, figures, rows)
