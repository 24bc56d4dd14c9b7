from datetime import date

from attachment_books import Books
from closing_host.closing import daily_series, link


def test_the_first_day_of_an_unbroken_difference_is_named_with_its_vouchers() -> None:
    books = Books()
    books.document("1", date(2025, 3, 1), 1_000)
    books.voucher("A", date(2025, 3, 5), ("1510", 70), ("3001", -70))
    books.voucher("A", date(2025, 3, 9), ("1510", -70), ("3001", 70))
    books.document("2", date(2025, 4, 2), 500)
    books.document("3", date(2025, 4, 2), 300, rows=[("1510", 310), ("3001", -310)])
    books.document("4", date(2025, 4, 2), 20, book=False)
    books.voucher("A", date(2025, 6, 1), ("1510", 1), ("3001", -1))
    parting = books.attachment().parting
    assert parting is not None
    assert parting.day == date(2025, 4, 2)
    assert parting.vouchers.select("series", "number", "documents", "ledger", "subledger", "difference").rows() == [
        ("", "", ["4"], 0, 20, -20),
        ("B", "3", ["3"], 310, 300, 10),
        ("B", "2", ["2"], 500, 500, 0),
    ]


def test_a_difference_that_was_there_before_is_from_the_years_start() -> None:
    books = Books(openings={"1510": 5})
    books.document("1", date(2025, 3, 1), 1_000)
    parting = books.attachment().parting
    assert parting is not None
    assert parting.day is None
    assert parting.vouchers.is_empty()


def test_a_difference_of_the_first_day_is_not_from_the_years_start() -> None:
    books = Books()
    books.voucher("A", date(2025, 1, 1), ("1510", 5), ("3001", -5))
    parting = books.attachment().parting
    assert parting is not None
    assert parting.day == date(2025, 1, 1)


def test_a_difference_that_has_gone_parts_nothing() -> None:
    books = Books()
    books.voucher("A", date(2025, 1, 5), ("1510", 5), ("3001", -5))
    books.voucher("A", date(2025, 2, 5), ("1510", -5), ("3001", 5))
    assert books.attachment().parting is None
    before = books.attachment(date(2025, 2, 4)).parting
    assert before is not None
    assert before.day == date(2025, 1, 5)


def test_a_payment_that_counts_with_its_later_invoice_names_its_own_voucher() -> None:
    books = Books()
    books.pay("1", date(2025, 5, 1), 100)
    books.document("1", date(2025, 5, 10), 100, rows=[("1510", 90), ("3001", -90)])
    parting = books.attachment().parting
    assert parting is not None
    assert parting.day == date(2025, 5, 1)
    assert parting.vouchers.select("series", "payments", "ledger", "subledger").rows() == [("C", [], -100, 0)]


def test_the_series_has_every_day_and_the_evening_before() -> None:
    books = Books(openings={"1510": 1_000})
    books.document("1", date(2024, 12, 1), 1_000)
    books.pay("1", date(2025, 1, 2), 1_000)
    series = daily_series(link(books.ledger(), books.facts()))
    assert series.height == 366
    assert series.select("date", "ledger", "open", "difference").rows()[:3] == [
        (date(2024, 12, 31), 1_000, 1_000, 0),
        (date(2025, 1, 1), 1_000, 1_000, 0),
        (date(2025, 1, 2), 0, 0, 0),
    ]
