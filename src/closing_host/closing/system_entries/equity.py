"""S-e and S-f: the year's result to equity, and a sole trader's equity gathered in the new year (P 7.5.3)."""

from closing_host.api.vouchers import DraftRow
from closing_host.closing.system_entries.choices import Choices
from closing_host.closing.system_entries.computation import Balances, Computation, Figure, pair
from closing_host.closing.system_entries.year_books import NextYear, YearBooks

RESULT, RESULT_EQUITY, RESULT_SOLE_TRADER = "8999", "2099", "2019"
RESULT_BOOKED = ("8990", "8999")
"""The accounts that close the income statement, whichever of them a company uses."""

EQUITY_SOLE_TRADER = "2010"
GATHERED = ("2011", "2019")


def result_of_the_year(books: YearBooks, choices: Choices, balances: Balances) -> Computation:
    """S-e: the result of the accounts to equity; profit is positive. What is booked by hand already counts."""
    result = -balances.between("3000", "8989")
    booked = balances.between(*RESULT_BOOKED)
    equity = choices.result_account or books.account(RESULT_SOLE_TRADER if books.is_sole_trader else RESULT_EQUITY)
    figures = (Figure("result", result, total=True), Figure("result-booked", booked))
    rows = balances.book(pair(books.account(RESULT), equity, result - booked))
    return Computation("S-e", books.end, figures, rows)


def sole_traders_equity(books: YearBooks, balances: Balances) -> Computation:
    """S-f: on the first day of the next year the owner's accounts 2011-2019 go to 2010.

    It belongs to the next year, so it can only be booked once there is one; its delta rule looks there. What a voucher
    of its first day moves between these accounts is booked already, and so is what one of a later day moves, up to the
    amount in question: beyond that it is about the new year's own withdrawals. A source that brings the accounts
    forward gathered has done it itself.
    """
    following = books.next or NextYear()
    day, main = books.day_after, books.account(EQUITY_SOLE_TRADER)
    moved = {account for each in following.transfers if each.date == day for account in each.amounts}
    held = {each: balances[each] for each in balances.accounts(*GATHERED)}
    held |= {each: balances[each] for each in sorted(moved) if GATHERED[0] <= each[:4] <= GATHERED[1]}
    figures = [Figure("account", amount, account=account) for account, amount in sorted(held.items())]
    figures.append(Figure("to-account", sum(held.values()), account=main, total=True))
    rows: list[DraftRow] = []
    if not _brought_forward(books, balances, following):
        for account, amount in sorted(held.items()):
            rows += pair(main, account, amount + _moved(account, -amount, books, following))
    return Computation("S-f", day, tuple(figures), Balances({}).book(rows), to_come=books.next is None)


def _moved(account: str, target: int, books: YearBooks, following: NextYear) -> int:
    """What of `target` is booked on the account in the next year."""
    first = sum(each.amounts.get(account, 0) for each in following.transfers if each.date == books.day_after)
    later = sum(each.amounts.get(account, 0) for each in following.transfers if each.date != books.day_after)
    rest = target - first
    return first + (min(max(later, 0), rest) if rest > 0 else max(min(later, 0), rest))


def _brought_forward(books: YearBooks, balances: Balances, following: NextYear) -> bool:
    if following.opening is None:
        return False
    opening, whole = Balances(following.opening), balances.between(EQUITY_SOLE_TRADER, GATHERED[1])
    return bool(whole) and not opening.accounts(*GATHERED) and opening.between("2010", "2010") == whole
