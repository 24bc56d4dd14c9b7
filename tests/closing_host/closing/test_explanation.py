"""One ledger per class of difference, and the pitfalls of F 6.5 that show in the ledger."""

from datetime import date
from typing import Any

from attachment_books import END, START, Books, euro
from closing_host.api.subledger import VoucherRef
from closing_host.closing import LETTERS, Attachment

LAST_YEAR = date(2024, 1, 1)


def classes(made: Attachment) -> dict[str, int]:
    return {letter: amount for letter, amount in made.explanation.amounts.items() if amount}


def behind(made: Attachment, letter: str) -> list[dict[str, Any]]:
    rows = made.explanation.rows
    return rows.filter(rows["class"] == letter).to_dicts()


def test_every_class_is_stated_even_when_it_is_nothing() -> None:
    made = Books().attachment()
    assert made.explanation.amounts == dict.fromkeys(LETTERS, 0)
    assert made.explanation.rows.is_empty()


# a: rows on the control accounts in vouchers that nothing refers to


def test_a_manual_voucher_on_the_control_account() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000)
    books.voucher("A", date(2025, 9, 1), ("1510", 250), ("1510", 50), ("3001", -300), text="Omföring")
    made = books.attachment()
    assert classes(made) == {"a": 300}
    assert [(row["account"], row["amount"], row["text"]) for row in behind(made, "a")] == [
        ("1510", 50, "Omföring"),
        ("1510", 250, "Omföring"),
    ]


def test_a_voucher_that_cancels_on_the_control_accounts_is_no_difference() -> None:
    books = Books(control=("1510", "1511"))
    books.voucher("A", date(2025, 9, 1), ("1510", 250), ("1511", -250))
    assert books.attachment().explanation.rows.is_empty()


def test_a_revaluation_at_the_closing_rate_is_a_voucher_of_its_own() -> None:
    books = Books()
    books.document("1", date(2025, 11, 1), 112_345, foreign=euro(10_000, "11.2345"))
    books.voucher("A", END, ("1510", 1_855), ("3960", -1_855))
    assert classes(books.attachment()) == {"a": 1_855}


def test_vouchers_after_the_day_explain_nothing() -> None:
    books = Books()
    books.voucher("A", date(2025, 9, 1), ("1510", 250), ("3001", -250))
    assert classes(books.attachment(date(2025, 8, 31))) == {}


# b: the voucher's rows are not the document's total


def test_b_a_voucher_booked_with_another_amount() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, rows=[("1510", 950), ("3001", -950)])
    made = books.attachment()
    assert classes(made) == {"b": -50}
    row = behind(made, "b")[0]
    assert (row["documents"], row["ledger"], row["subledger"], row["amount"]) == (["1"], 950, 1_000, -50)


def test_b_a_rounding_of_an_ore_is_not_tolerated() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_049, rows=[("1510", 1_000), ("3740", 49), ("3001", -1_049)])
    assert classes(books.attachment()) == {"b": -49}


def test_b_a_payment_of_several_invoices_booked_in_one_voucher() -> None:
    books = Books()
    for number in ("1", "2"):
        books.document(number, date(2025, 6, 1), 1_000)
    together = books.voucher("C", date(2025, 7, 1), ("1930", 1_990), ("1510", -1_990))
    for number in ("1", "2"):
        books.pay(number, date(2025, 7, 1), 1_000, voucher=together)
    row = behind(books.attachment(), "b")[0]
    assert (row["documents"], row["payments"], row["amount"]) == (["1", "2"], ["1", "2"], 10)


def test_b_a_cancelled_invoice_whose_voucher_stands() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, cancelled=True)
    row = behind(books.attachment(), "b")[0]
    assert (row["documents"], row["ledger"], row["subledger"]) == (["1"], 1_000, 0)


def test_b_a_payment_of_an_invoice_that_the_source_does_not_state() -> None:
    books = Books()
    books.pay("404", date(2025, 7, 1), 1_000)
    made = books.attachment()
    assert classes(made) == {"b": -1_000}
    assert behind(made, "b")[0]["documents"] == ["404"]


# c: booked on another account


def test_c_an_invoice_on_another_account_of_the_group() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, rows=[("1511", 1_000), ("3001", -1_000)])
    made = books.attachment()
    assert classes(made) == {"c": -1_000}
    assert behind(made, "c")[0]["account"] == "1511"
    assert classes(books.attachment(control_accounts=["1510", "1511"])) == {}


def test_c_the_tax_agencys_part_of_a_rot_invoice() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, rows=[("1510", 700), ("1513", 300), ("3001", -1_000)])
    books.pay("1", date(2025, 7, 1), 700)
    made = books.attachment()
    assert classes(made) == {"c": -300}
    assert behind(made, "c")[0]["account"] == "1513"
    both = books.attachment(control_accounts=["1510", "1513"])
    assert (both.reconciliation.difference, classes(both)) == (0, {})
    books.pay("1", date(2025, 8, 1), 300, rows=[("1930", 300), ("1513", -300)])
    assert books.attachment().explanation.rows["amount"].to_list() == [-300, 300]
    assert books.attachment().reconciliation.difference == 0


def test_c_a_cash_invoice_that_never_saw_the_control_account() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, rows=[("1910", 1_000), ("2611", -200), ("3001", -800)])
    made = books.attachment()
    assert classes(made) == {"c": -1_000}
    assert behind(made, "c")[0]["account"] == "1910"


def test_c_an_account_that_the_source_names_for_the_document() -> None:
    books = Books()
    rows = [("1510", 900), ("1689", 100), ("3001", -1_000)]
    books.document("1", date(2025, 6, 1), 1_000, rows=rows, accounts=("1510", "1689"))
    assert classes(books.attachment()) == {"c": -100}


def test_c_and_b_share_a_voucher_that_is_wrong_in_both_ways() -> None:
    books = Books("payables")
    books.document("1", date(2025, 6, 1), 1_000, rows=[("2440", -600), ("2441", -300), ("4010", 900)])
    made = books.attachment()
    assert made.reconciliation.difference == 400
    assert classes(made) == {"b": 100, "c": 300}


# d: timing


def test_d_a_payment_in_advance_of_its_invoice() -> None:
    books = Books()
    books.document("1", date(2026, 1, 10), 1_000)
    books.pay("1", date(2025, 12, 20), 1_000)
    made = books.attachment()
    assert made.reconciliation.difference == -1_000
    assert classes(made) == {"d": -1_000}
    assert behind(made, "d")[0]["payments"] == ["1"]


def test_d_a_payment_in_advance_in_the_year_before() -> None:
    books = Books(openings={"1510": -1_000})
    books.document("1", date(2025, 1, 10), 1_000)
    books.pay("1", date(2024, 12, 20), 1_000)
    assert classes(books.attachment(date(2025, 1, 5))) == {"d": -1_000}
    assert classes(books.attachment()) == {}


def test_d_a_voucher_dated_outside_the_year_that_it_is_booked_in() -> None:
    books = Books()
    books.voucher("X", date(2024, 12, 30), ("1510", 1_000), ("3001", -1_000))
    books.document("1", date(2025, 1, 2), 1_000, voucher=VoucherRef(START, "X", "1"))
    made = books.attachment()
    assert (made.reconciliation.ledger, made.reconciliation.open) == (0, 1_000)
    assert classes(made) == {"d": -1_000}


def test_an_invoice_booked_in_the_new_year_is_no_difference() -> None:
    books = Books()
    books.document("1", date(2025, 12, 28), 1_000, on=date(2026, 1, 2))
    assert classes(books.attachment()) == {}


# e: without a voucher


def test_e_a_document_without_a_voucher() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, book=False)
    books.document("2", date(2025, 6, 1), 500, voucher=VoucherRef(START, "B", "99"))
    made = books.attachment()
    assert classes(made) == {"e": -1_500}
    assert [row["documents"] for row in behind(made, "e")] == [["1"], ["2"]]


def test_e_a_document_without_a_voucher_that_was_paid_past_the_account_is_nothing() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, book=False)
    books.pay("1", date(2025, 7, 1), 1_000, rows=[("1930", 1_000), ("3001", -1_000)])
    made = books.attachment()
    assert made.reconciliation.difference == 0
    assert made.explanation.rows.is_empty()


def test_e_a_payment_without_a_voucher() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000)
    books.pay("1", date(2025, 7, 1), 400, book=False)
    assert classes(books.attachment()) == {"e": 400}


def test_a_set_off_without_vouchers_leaves_nothing_to_explain() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.document("2", date(2025, 6, 10), -100)
    for number, amount in (("1", 100), ("2", -100)):
        books.pay(number, date(2025, 7, 1), amount, kind="set_off", book=False)
    assert books.attachment().explanation.rows.is_empty()


def test_a_set_off_by_vouchers_that_cancel_leaves_nothing_to_explain() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.document("2", date(2025, 6, 10), -100)
    for number, amount in (("1", 100), ("2", -100)):
        books.pay(number, date(2025, 7, 1), amount, rows=[("1510", amount), ("1510", -amount)])
    assert books.attachment().explanation.rows.is_empty()


def test_a_set_off_of_which_one_half_is_missing_is_explained() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100)
    books.pay("1", date(2025, 7, 1), 100, rows=[("1510", 100), ("1510", -100)])
    assert classes(books.attachment()) == {"b": 100}


# f: the opening balance


def test_f_an_opening_balance_that_open_items_do_not_cover() -> None:
    books = Books(openings={"1510": 1_700})
    books.document("1", date(2024, 11, 1), 1_000)
    books.document("2", date(2024, 12, 1), 500)
    books.pay("1", date(2025, 1, 15), 1_000)
    made = books.attachment()
    assert classes(made) == {"f": 200}
    assert [(row["account"], row["documents"], row["ledger"], row["subledger"]) for row in behind(made, "f")] == [
        ("", ["1"], 0, 1_000),
        ("", ["2"], 0, 500),
        ("1510", [], 1_700, 0),
    ]


def test_an_opening_balance_that_is_covered_lists_nothing() -> None:
    books = Books(openings={"1510": 1_000})
    books.document("1", date(2024, 11, 1), 1_200)
    books.pay("1", date(2024, 12, 15), 200)
    assert books.attachment().explanation.rows.is_empty()


def test_f_opens_at_the_first_day_that_the_source_covers() -> None:
    books = Books(complete_from=date(2025, 3, 1))
    books.document("1", date(2025, 2, 1), 1_000)
    books.voucher("A", date(2025, 2, 2), ("1510", 60), ("3001", -60))
    books.voucher("A", date(2025, 3, 2), ("1510", 7), ("3001", -7))
    assert classes(books.attachment()) == {"a": 7, "f": 60}


# the cash method


def test_with_the_cash_method_open_items_are_what_is_not_booked() -> None:
    books = Books(cash_method=True)
    books.document("1", date(2025, 6, 1), 1_000, book=False)
    books.document("2", date(2025, 11, 1), 400, book=False)
    books.pay("1", date(2025, 7, 1), 1_000, rows=[("1930", 1_000), ("3001", -1_000)])
    made = books.attachment()
    assert made.cash_method
    assert (made.reconciliation.ledger, made.reconciliation.difference) == (0, -400)
    assert classes(made) == {"e": -400}
    assert [row["documents"] for row in behind(made, "e")] == [["2"]]


def test_with_the_cash_method_the_year_end_entry_is_a_voucher_of_its_own() -> None:
    books = Books(cash_method=True, openings={"1510": 90})
    books.document("2", date(2025, 11, 1), 400, book=False)
    books.voucher("A", END, ("1510", 400), ("2618", -80), ("3001", -320))
    made = books.attachment()
    assert classes(made) == {"a": 400, "e": -400, "f": 90}
