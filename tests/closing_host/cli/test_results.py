"""`closing results`: a period's result accounts beside last year's."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from small_sie import sie, voucher

from .conftest import Closing

SALE = ("A", "9", "20250311", [("3001", "-800.00"), ("1930", "800.00")])
SALE_LAST_YEAR = ("A", "1", "20240311", [("3001", "-640.00"), ("1930", "640.00")])


@pytest.fixture(autouse=True)
def books(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1), SALE))
    closing("import", "--new", "books.se")


def last_year(closing: Closing) -> None:
    Path("last.se").write_bytes(sie(SALE_LAST_YEAR, year=("20240101", "20241231")))
    closing("import", "last.se")


def test_accounts_stand_above_their_sums_with_profit_positive_and_last_year_beside_them(closing: Closing) -> None:
    last_year(closing)
    data = closing("results", "1/2025", "--period", "2025-03", "--json").data
    assert data["last_year"] == "2024-03"
    assert data["accounts"] == [
        {
            "account": "3001",
            "name": "Konto 3001",
            "group": "net-sales",
            "amount": "800.00",
            "accumulated": "800.00",
            "before": "640.00",
            "before_accumulated": "640.00",
        },
        {
            "account": "4010",
            "name": "Konto 4010",
            "group": "goods",
            "amount": "-100.00",
            "accumulated": "-100.00",
            "before": "0.00",
            "before_accumulated": "0.00",
        },
    ]
    [result] = [each for each in data["lines"] if each["line"] == "result"]
    assert (result["amount"], result["before"]) == ("700.00", "640.00")
    said = closing("--lang", "sv", "results", "1/2025", "--period", "2025-03").words
    assert "3001 Konto 3001 800,00 640,00 160,00 25,0 800,00 640,00 Nettoomsättning 800,00" in said
    assert "3001" not in closing("results", "1/2025", "--period", "2025-03", "--sums").words


def test_without_last_year_it_is_said_and_nothing_is_compared(closing: Closing) -> None:
    said = closing("results", "1", "--period", "2025-03")
    assert "Last year's books are not imported" in said.words
    assert "3001 Konto 3001 800.00 800.00 Net sales" in said.words
    data = closing("results", "1", "--period", "2025-04", "--json").data
    assert (data["last_year"], data["accounts"][0]["amount"], data["accounts"][0]["before"]) == (None, "0.00", None)


def test_they_are_written_to_a_file(closing: Closing) -> None:
    assert closing("results", "1", "--period", "2025-03", "--output", "result.csv").code == 0
    assert [each[:4] for each in csv.reader(Path("result.csv").read_text("utf-8").splitlines())][1:] == [
        ["Net sales", "3001", "Konto 3001", "800.00"],
        ["Goods and materials", "4010", "Konto 4010", "-100.00"],
    ]
    assert closing("results", "1", "--output", "result.xlsx").code == 0
    assert load_workbook("result.xlsx").sheetnames == ["Income statement", "Accounts"]


def test_sums_alone_are_given_to_programs_and_files_too(closing: Closing) -> None:
    data = closing("results", "1", "--period", "2025-03", "--sums", "--json").data
    assert "accounts" not in data
    assert {"net-sales", "result"} <= {each["line"] for each in data["lines"]}
    assert closing("results", "1", "--sums", "--output", "sums.xlsx").code == 0
    assert load_workbook("sums.xlsx").sheetnames == ["Income statement"]
    assert closing("results", "1", "--sums", "--output", "sums.csv").code == 0
    assert "3001" not in Path("sums.csv").read_text("utf-8")
