"""Population and open amounts, with the pitfalls of open items as at a past day (F 6.5)."""

from datetime import date
from typing import Any

import pytest

from attachment_books import END, Books, euro
from closing_host.api.subledger import VoucherRef
from closing_host.closing import link, open_items
from closing_host.closing.items import not_counted


def held(books: Books, as_at: date = END) -> dict[str, int]:
    frame = open_items(link(books.ledger(), books.facts()), as_at)
    return dict(frame.select("document", "open").iter_rows())


def checks(books: Books) -> list[tuple[str, int, int | None]]:
    frame = open_items(link(books.ledger(), books.facts()), END)
    return frame.filter("check").select("document", "open", "by_balance").rows()


def test_the_vouchers_day_decides_and_not_the_invoices() -> None:
    books = Books()
    books.document("1", date(2025, 6, 28), 100, on=date(2025, 7, 2))
    assert held(books, date(2025, 7, 1)) == {}
    assert held(books, date(2025, 7, 2)) == {"1": 100}


def test_an_invoice_of_december_with_a_voucher_of_january_is_listed_as_booked_later() -> None:
    books = Books()
    books.document("1", date(2025, 12, 28), 100, on=date(2026, 1, 2))
    assert held(books) == {}
    listed = not_counted(link(books.ledger(), books.facts()), END)
    assert listed.select("reason", "document", "original", "booked_on").rows() == [
        ("booked_later", "1", 100, date(2026, 1, 1))
    ]


def test_a_voucher_of_an_earlier_year_counts_from_the_years_first_day_whatever_the_invoices_date() -> None:
    books = Books()
    books.document("1", date(2025, 1, 3), 100, voucher=VoucherRef(date(2024, 1, 1), "B", "900"))
    assert held(books, date(2025, 1, 1)) == {"1": 100}


def test_without_a_voucher_the_invoices_date_decides() -> None:
    books = Books()
    books.document("1", date(2025, 6, 28), 100, book=False)
    assert (held(books, date(2025, 6, 27)), held(books, date(2025, 6, 28))) == ({}, {"1": 100})


def test_a_voucher_that_is_not_in_the_ledger_leaves_the_invoices_date() -> None:
    books = Books()
    books.document("1", date(2025, 6, 28), 100, voucher=VoucherRef(date(2025, 1, 1), "B", "77"))
    assert held(books, date(2025, 6, 28)) == {"1": 100}


def test_payments_count_from_their_vouchers_day() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", date(2025, 6, 28), 40, on=date(2025, 7, 1))
    assert held(books, date(2025, 6, 30)) == {"1": 100}
    assert held(books, date(2025, 7, 1)) == {"1": 60}


def test_a_payment_on_the_day_itself_counts() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", END, 40)
    assert held(books) == {"1": 60}


def test_what_is_paid_after_the_day_is_open_on_it() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 100)
    books.pay("1", date(2026, 1, 5), 30)
    books.pay("1", date(2026, 1, 9), 50)
    books.pay("1", date(2026, 1, 9), 20, kind="write_off")
    row = open_items(link(books.ledger(), books.facts()), END).row(0, named=True)
    assert (row["open"], row["by_balance"], row["check"]) == (100, 100, False)
    assert (row["paid_after"], row["paid_after_on"], row["written_off_after"]) == (80, date(2026, 1, 9), 20)


def test_a_write_off_reduces_like_a_payment() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    paid = books.pay("1", date(2025, 7, 1), 60, rows=[("1930", 60), ("6351", 40), ("1510", -100)])
    books.pay("1", date(2025, 7, 1), 40, kind="write_off", voucher=paid.voucher)
    assert held(books) == {}
    assert books.attachment().explanation.rows.is_empty()


def test_an_unbooked_payment_has_no_effect() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", date(2025, 7, 1), 60, booked=False)
    assert held(books) == {"1": 100}
    assert checks(books) == []


def test_an_overpayment_is_a_negative_item() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", date(2025, 7, 1), 130)
    assert held(books) == {"1": -30}


def test_a_credit_note_is_a_negative_item_until_it_is_set_off() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.document("2", date(2025, 6, 10), -100)
    for number, amount in (("1", 100), ("2", -100)):
        books.pay(number, date(2025, 7, 1), amount, kind="set_off", book=False)
    assert held(books, date(2025, 6, 30)) == {"1": 100, "2": -100}
    assert held(books) == {}


def test_a_payment_in_advance_counts_when_its_invoice_does() -> None:
    books = Books()
    books.document("1", date(2025, 6, 10), 100)
    books.pay("1", date(2025, 6, 1), 100)
    assert held(books, date(2025, 6, 5)) == {}
    assert held(books, date(2025, 6, 10)) == {}


@pytest.mark.parametrize("state", [{"booked": False}, {"cancelled": True}])
def test_unbooked_and_cancelled_documents_are_never_summed(state: dict[str, Any]) -> None:
    books = Books()
    books.document("1", date(2025, 6, 10), 100, book=False, **state)
    assert held(books) == {}


def test_documents_dated_after_the_day_are_not_even_listed() -> None:
    books = Books()
    books.document("1", date(2025, 6, 10), 100, book=False, booked=False)
    assert not_counted(link(books.ledger(), books.facts()), date(2025, 6, 9)).is_empty()


def test_both_ends_are_shown_where_they_disagree() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100, balance=70)
    books.document("2", date(2025, 6, 1), 100)
    assert checks(books) == [("1", 100, 70)]


def test_an_item_that_only_one_end_says_is_open_is_kept() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100, balance=100)
    books.pay("1", date(2025, 6, 2), 100)
    assert checks(books) == [("1", 0, 100)]
    made = books.attachment()
    assert made.parties.is_empty()
    assert made.ageing["count"].sum() == 0


def test_a_missing_balance_is_not_zero() -> None:
    books = Books(balances=False)
    books.document("1", date(2025, 6, 1), 100)
    row = open_items(link(books.ledger(), books.facts()), END).row(0, named=True)
    assert (row["open"], row["by_balance"], row["check"]) == (100, None, False)


def test_a_payment_deleted_after_the_day_shows_at_the_item_and_in_the_ledger() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", date(2025, 7, 1), 100)
    books.payments.clear()
    made = books.attachment()
    assert held(books) == {"1": 100}
    assert made.explanation.amounts["a"] == made.reconciliation.difference == -100


def test_what_is_left_in_foreign_currency_follows_the_payments() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 112_345, foreign=euro(10_000, "11.2345"))
    books.pay("1", date(2025, 7, 1), 44_938, foreign=euro(4_000, "11.42"))
    books.pay("1", date(2025, 7, 1), 7, kind="currency_difference")
    row = open_items(link(books.ledger(), books.facts()), END).row(0, named=True)
    assert (row["currency"], row["foreign_original"], row["foreign_open"]) == ("EUR", 10_000, 6_000)
    assert row["open"] == 112_345 - 44_938 - 7


def test_what_is_left_in_foreign_currency_is_unknown_when_a_payment_does_not_say() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 112_345, foreign=euro(10_000, "11.2345"))
    books.pay("1", date(2025, 7, 1), 44_938)
    assert open_items(link(books.ledger(), books.facts()), END)["foreign_open"].to_list() == [None]
    assert open_items(link(books.ledger(), books.facts()), date(2025, 6, 30))["foreign_open"].to_list() == [10_000]


def test_numbers_sort_as_numbers() -> None:
    books = Books()
    for number, party in (("10", "2"), ("9", "2"), ("1", "10")):
        books.document(number, date(2025, 6, 1), 100, party=party)
    frame = open_items(link(books.ledger(), books.facts()), END)
    assert frame.select("party", "document").rows() == [("2", "9"), ("2", "10"), ("10", "1")]


def test_of_vouchers_with_the_same_number_the_first_is_meant() -> None:
    books = Books()
    named = books.voucher("B", date(2025, 6, 1), ("1510", 100), ("3001", -100), number="5")
    books.voucher("B", date(2025, 8, 1), ("1510", 100), ("3001", -100), number="5")
    books.document("1", date(2025, 5, 1), 100, voucher=named)
    assert held(books, date(2025, 6, 1)) == {"1": 100}
    assert books.attachment().explanation.amounts["a"] == 100
