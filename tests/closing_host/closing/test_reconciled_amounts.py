"""*Avstämningsbelopp* of control accounts (P 7.2, P 7.4.6): what open items say, divided among accounts."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from attachment_books import END, START, acceptance
from closing_host.api.subledger import OpenItem, OpenItems
from closing_host.closing.reconciled_amounts import divided, open_amount

AMOUNTS = st.integers(-(10**15), 10**15)


def test_the_first_account_takes_what_the_others_balances_leave() -> None:
    closings = {"1510": 3_312_550, "1511": 100_000, "1930": 5}
    assert divided(3_462_550, ("1510", "1511"), closings) == {"1510": 3_362_550, "1511": 100_000}


def test_an_account_that_the_books_do_not_have_stands_at_nothing() -> None:
    assert divided(-700, ("2441", "2440"), {}) == {"2441": -700, "2440": 0}


@given(AMOUNTS, st.dictionaries(st.sampled_from(["1510", "1511", "1513"]), AMOUNTS))
def test_the_amounts_sum_to_the_open_items_and_the_difference_shows_once(total: int, closings: dict[str, int]) -> None:
    accounts = ("1511", "1510", "1513")
    amounts = divided(total, accounts, closings)
    assert sum(amounts.values()) == total
    assert all(amounts[each] == closings.get(each, 0) for each in accounts[1:])


def test_open_items_of_a_day_are_in_the_ledgers_sign_whatever_the_ledger_holds() -> None:
    books = acceptance()
    facts = books.facts()
    assert open_amount(books.ledger(), facts, ("1510",), END) == 3_462_550
    books.voucher("A", END, ("1510", 99), ("1930", -99))
    assert open_amount(books.ledger(), facts, ("1510", "1511"), END) == 3_462_550
    payable = OpenItems("payables", ("2440",), END, (OpenItem("1", "1", "Part", START, None, 700),))
    assert open_amount(books.ledger(), payable, (), END) == -700


def test_a_day_that_is_not_covered_says_nothing() -> None:
    books = acceptance()
    assert open_amount(books.ledger(), OpenItems("payables", ("2440",), END, ()), (), date(2025, 11, 30)) is None
    assert open_amount(books.ledger(), books.facts(), ("1510",), date(2024, 12, 31)) is None
