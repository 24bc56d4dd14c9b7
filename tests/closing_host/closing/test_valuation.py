from datetime import date
from decimal import Decimal

import pytest

from attachment_books import END, Books, euro
from closing_host.closing import link, open_items
from closing_host.closing.valuation import valued, vat_in_open, vat_of


@pytest.mark.parametrize(("rate", "value"), [("10.005", 1_000), ("10.015", 1_002), ("10.0149", 1_001)])
def test_half_an_ore_is_rounded_to_the_even_one(rate: str, value: int) -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 1_000, foreign=euro(100, "10"))
    items = open_items(link(books.ledger(), books.facts()), END)
    assert valued(items, {"EUR": Decimal(rate)}, 1)["value"].to_list() == [value]


def test_a_currency_without_a_rate_has_no_value() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 1_000, foreign=euro(100, "10"))
    items = open_items(link(books.ledger(), books.facts()), END)
    assert valued(items, {"USD": Decimal(9)}, 1).select("value", "unrealised").rows() == [(None, None)]


def test_vat_follows_what_is_open() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_250, vat=250)
    books.pay("1", date(2025, 7, 1), 1_000)
    books.document("2", date(2025, 6, 1), 0, vat=0)
    linked = link(books.ledger(), books.facts())
    assert vat_in_open(open_items(linked, END), vat_of(linked)) == (50, ())


def test_a_voucher_that_books_several_documents_tells_no_vat() -> None:
    books = Books()
    together = books.voucher("B", date(2025, 6, 1), ("1510", 2_500), ("2611", -500), ("3001", -2_000))
    for number in ("1", "2"):
        books.document(number, date(2025, 6, 1), 1_250, voucher=together)
    linked = link(books.ledger(), books.facts())
    assert vat_of(linked)["vat"].to_list() == [None, None]
