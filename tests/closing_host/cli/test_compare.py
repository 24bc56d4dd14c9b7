from pathlib import Path

import openpyxl
import pytest

from small_sie import sie, voucher

from .conftest import Closing


@pytest.fixture(autouse=True)
def files(closing: Closing) -> None:
    Path("a.se").write_bytes(sie(voucher(1)))
    Path("b.se").write_bytes(sie(voucher(1, "101.00"), voucher(2, "50.50")))


def test_equal_ledgers_give_exit_code_0(closing: Closing) -> None:
    said = closing("compare", "a.se", "a.se")
    assert said.code == 0
    assert said.out.startswith("0 differences")


def test_differences_give_exit_code_1_and_are_named(closing: Closing) -> None:
    said = closing("compare", "a.se", "b.se", "--json")
    assert said.code == 1
    data = said.data
    assert data["counts"]["vouchers_new"] == 1
    assert data["counts"]["vouchers_changed"] == 1
    assert {(each["change"], each["number"]) for each in data["vouchers"]} == {("changed", "1"), ("new", "2")}
    assert {each["amount"] for each in data["rows"]} == {"100.00", "101.00", "-100.00", "-101.00"}


def test_people_see_the_same_in_tables(closing: Closing) -> None:
    said = closing("compare", "a.se", "b.se", "--lang", "sv")
    assert "skillnader" in said.out.splitlines()[0]
    assert "101,00" in said.out


def test_differences_can_be_written_as_csv_and_xlsx(closing: Closing) -> None:
    closing("compare", "a.se", "b.se", "--csv", "out", "--xlsx", "out.xlsx")
    assert "new,A,2,2025-03-10" in Path("out/vouchers.csv").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook("out.xlsx")["totals"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["1930"] == (-100, -151.5, -51.5)


def test_what_is_not_compared_is_listed_with_its_reason(closing: Closing) -> None:
    Path("c.se").write_bytes(Path("a.se").read_bytes().replace(b"#KONTO 1930", b"#SRU 1930 7281\r\n#KONTO 1930"))
    said = closing("compare", "a.se", "c.se", "--json")
    assert said.code == 0
    assert [each["field"] for each in said.data["not_compared"]] == ["accounts.sru"]
