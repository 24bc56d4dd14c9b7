from pathlib import Path

import pytest

from small_sie import sie, voucher

from .conftest import Closing


@pytest.fixture(autouse=True)
def file(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1), voucher(2, "50.50", "20250420")))


def test_balances_by_year(closing: Closing) -> None:
    rows = {row["account"]: row for row in closing("balances", "books.se", "--json").data}
    bank = rows["1930"]
    assert (bank["opening"], bank["change"], bank["closing"]) == ("1000.00", "-150.50", "849.50")


def test_balances_by_month_have_one_line_per_account_for_people(closing: Closing) -> None:
    said = closing("balances", "books.se", "--by", "month")
    (bank,) = (line for line in said.out.splitlines() if "1930" in line.split()[:1])
    assert "-50.50" in bank
    assert "2025-04" in said.out


def test_accounts_where_all_is_zero_are_shown_only_when_asked_for(closing: Closing) -> None:
    Path("zero.se").write_bytes(sie(opening=[("1930", "0.00")]))
    assert closing("balances", "zero.se", "--json").data == []
    assert [row["account"] for row in closing("balances", "zero.se", "--zero", "--json").data] == ["1930"]


def test_the_sum_of_all_accounts_stands_below(closing: Closing) -> None:
    said = closing("balances", "books.se")
    assert said.out.splitlines()[-2].split() == ["Sum", "0.00", "0.00", "0.00"]


def test_an_account_has_a_running_balance_and_counter_accounts(closing: Closing) -> None:
    data = closing("ledger", "1930", "books.se", "--json").data
    assert [(row["amount"], row["balance"], row["counter_accounts"]) for row in data["rows"]] == [
        ("-100.00", "900.00", ["4010"]),
        ("-50.50", "849.50", ["4010"]),
    ]
    assert data["closing"] == "849.50"


def test_an_unknown_account_is_named(closing: Closing) -> None:
    said = closing("ledger", "9999", "books.se")
    assert said.code == 5
    assert "9999" in said.err


def test_vouchers_are_chosen_by_series_number_and_account(closing: Closing) -> None:
    assert len(closing("vouchers", "books.se", "--account", "1930", "--json").data) == 2
    (second,) = closing("vouchers", "books.se", "--series", "A", "--number", "2", "--json").data
    assert [(row["account"], row["amount"]) for row in second["rows"]] == [("4010", "50.50"), ("1930", "-50.50")]


def test_swedish_amounts_have_a_comma(closing: Closing) -> None:
    assert "849,50" in closing("balances", "books.se", "--lang", "sv").out
