"""The taxable surplus: what S-b's limit and S-c's tax are computed from (P 7.5.3)."""

from closing_host.closing.system_entries import rates
from closing_host.closing.system_entries.choices import Choices
from closing_host.closing.system_entries.computation import Balances, Figure, cut, percent_of
from closing_host.closing.system_entries.year_books import YearBooks
from closing_host.closing.tax_reserves import FIRST, LAST, is_reserve, vintage

CHANGES = ("8810", "8819")
"""The accounts of reserve changes: 8811 and 8819, and 8810 for both where a company books them together."""

_KRONA = 1_00


def surplus_of(books: YearBooks, choices: Choices, balances: Balances) -> tuple[tuple[Figure, ...], int]:
    """B of P 7.5.3: the figures that make the taxable surplus before a new reserve, and the surplus."""
    result = -balances.between("3000", "8799") - balances.between("8820", "8899")
    reversed_, _ = booked_changes(balances)
    figures = (
        Figure("result-before-reserve", result),
        Figure("reversals", reversed_, source=rates.REVERSAL_SOURCE if reversed_ else ""),
        *uplifts(books, balances),
        Figure("non-deductible", choices.non_deductible),
        Figure("non-taxable", -choices.non_taxable),
        *standard_income(books, choices),
        Figure("losses", -choices.losses),
    )
    surplus = sum(each.amount for each in figures)
    return (*figures, Figure("surplus", surplus, total=True)), surplus


def booked_changes(balances: Balances) -> tuple[int, int]:
    """Öre reversed of reserves and allocated to them, as the year's accounts hold it, each 0 or more."""
    held = [balances[each] for each in balances.accounts(*CHANGES)]
    return -sum(each for each in held if each < 0), sum(each for each in held if each > 0)


def uplifts(books: YearBooks, balances: Balances) -> tuple[Figure, ...]:
    """For each reserve that was deducted at a higher tax rate: at what its reversal is taken up, and in whole kronor
    what that is beyond it. It is in the taxable surplus alone, on no account.

    What an account of older reserves has gone down by is reversed, less what was moved to another one of them.
    """
    of_year = {
        each: vintage(each, books.names.get(each, ""), books.end.year)
        for each in {*filter(is_reserve, books.opening), *balances.accounts(FIRST, LAST)}
    }
    older = {each: year for each, year in of_year.items() if year != books.end.year}
    gone = {each: balances[each] - books.opening.get(each, 0) for each in older}
    left, figures = sum(gone.values()), list[Figure]()
    for account, year in sorted(older.items(), key=lambda each: (each[1] or books.end.year, each[0])):
        reversed_ = max(min(gone[account], left), 0)
        left -= reversed_
        rate = rates.reversal(year, books.start) if year is not None and reversed_ else None
        if rate is not None:
            more = cut(percent_of(reversed_, rate.percent - 100), _KRONA)
            figures.append(Figure("reversal-rate", percent=rate.percent, source=rate.source, account=account))
            figures.append(Figure("reversal-uplift", more, account=account))
    return tuple(figures)


def standard_income(books: YearBooks, choices: Choices) -> tuple[Figure, ...]:
    """The tax-only income on the reserves at the year's beginning, in whole kronor, for the year's months of twelve,
    with its rate before it; nothing where there were none.

    Raises `DataError` `standard-income-rate-unknown`.
    """
    reserves = -sum(amount for account, amount in books.opening.items() if amount < 0 and is_reserve(account))
    if not reserves:
        return ()
    stated = choices.standard_income_rate
    rate = rates.standard_income(books.end) if stated is None else rates.Rate(stated, "")
    months = (books.end.year - books.start.year) * 12 + books.end.month - books.start.month + 1
    return (
        Figure("standard-income-rate", percent=rate.percent, source=rate.source),
        Figure("standard-income", cut(percent_of(reserves, rate.percent, months=months), _KRONA)),
    )
