"""Vouchers are found by what people remember of them."""

from collections.abc import Callable
from datetime import date

import pytest

from closing_host.api.ledger import Ledger, LedgerBuilder
from closing_host.ledgers.voucher_search import Wanted, find_vouchers, ore_of, with_amounts

NewBuilder = Callable[..., LedgerBuilder]


@pytest.fixture
def ledger(new_builder: NewBuilder) -> Ledger:
    """A 2 rent, A 10 a purchase that was corrected, "" 3 a sale with a text on the row."""
    builder = new_builder()
    builder.add_voucher("A", "10", date(2025, 2, 1), "Köp av ÅNGLOK")
    builder.add_row("4010", 125000)
    builder.add_row("1930", -125000)
    builder.add_row("4010", 99900, kind="removed")
    builder.add_voucher("A", "2", date(2025, 1, 31), "Hyra 100% (januari)")
    builder.add_row("5010", 80000)
    builder.add_row("1930", -80000)
    builder.add_voucher("", "3", date(2025, 3, 1), "Försäljning")
    builder.add_row("1510", 50, text="Kund Öberg")
    builder.add_row("3010", -50)
    return builder.build()


def numbers(ledger: Ledger, **wanted: object) -> list[str]:
    return find_vouchers(ledger, Wanted(**wanted))["number"].to_list()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["3", "2", "10"]),
        ("ånglok", ["10"]),
        ("ÖBERG", ["3"]),
        ("100% (", ["2"]),
        ("a10", ["10"]),
        ("A 2", ["2"]),
        ("3", ["3"]),
        ("1 250,00", ["10"]),
        ("-0,50", ["3"]),
        ("999", []),
        (".*", []),
    ],
)
def test_words_numbers_and_amounts_find_their_vouchers(ledger: Ledger, search: str, found: list[str]) -> None:
    assert numbers(ledger, search=search) == found


def test_every_stated_filter_has_to_fit(ledger: Ledger) -> None:
    assert numbers(ledger, series="") == ["3"]
    assert numbers(ledger, account="1930") == ["2", "10"]
    assert numbers(ledger, account="1930", first=date(2025, 2, 1)) == ["10"]
    assert numbers(ledger, last=date(2025, 1, 31)) == ["2"]
    assert numbers(ledger, corrected=True) == ["10"]
    assert numbers(ledger, corrected=True, search="hyra") == []


def test_orders_are_by_number_by_date_and_newest_first(ledger: Ledger) -> None:
    assert find_vouchers(ledger, Wanted(), "number")["number"].to_list() == ["3", "2", "10"]
    assert find_vouchers(ledger, Wanted(), "date")["number"].to_list() == ["2", "10", "3"]
    assert find_vouchers(ledger, Wanted(), "newest")["number"].to_list() == ["3", "10", "2"]


def test_amounts_are_booked_debits_and_corrections_are_told(ledger: Ledger) -> None:
    shown = with_amounts(find_vouchers(ledger, Wanted()), ledger)
    assert shown.select("number", "amount", "corrected").rows() == [
        ("3", 50, False),
        ("2", 80000, False),
        ("10", 125000, True),
    ]


@pytest.mark.parametrize(
    ("text", "ore"), [("12", 1200), ("1 250,5", 125050), ("-3.07", 307), ("1,234.50", None), ("tolv", None), ("", None)]
)
def test_typed_amounts_are_read_exactly(text: str, ore: int | None) -> None:
    assert ore_of(text) == ore
