from pathlib import Path

import openpyxl
import polars as pl
import pytest

from small_sie import sie, voucher

from .conftest import Closing


@pytest.fixture(autouse=True)
def file(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1, "12.50")))


def test_to_parquet_is_a_folder_with_a_file_per_table(closing: Closing) -> None:
    assert closing("convert", "books.se", "out", "--to", "parquet").code == 0
    rows = pl.read_parquet("out/rows.parquet")
    assert [str(each) for each in rows["amount"]] == ["12.50", "-12.50"]


def test_to_csv_is_a_folder_with_a_file_per_table(closing: Closing) -> None:
    assert closing("convert", "books.se", "out", "--to", "csv").code == 0
    assert "4010" in Path("out/rows.csv").read_text(encoding="utf-8")


def test_the_targets_name_says_the_format(closing: Closing) -> None:
    assert closing("convert", "books.se", "out.xlsx").code == 0
    amounts = [row[4] for row in openpyxl.load_workbook("out.xlsx")["rows"].iter_rows(min_row=2, values_only=True)]
    assert amounts == [12.5, -12.5]


def test_to_sie_reads_back_without_differences(closing: Closing) -> None:
    assert closing("convert", "books.se", "again.se", "--ksumma").code == 0
    assert closing("compare", "books.se", "again.se").code == 0
    assert closing("check", "again.se", "--json").data[0]["checksum"] == "right"


def test_what_the_target_cannot_hold_is_told(closing: Closing) -> None:
    Path("euro.se").write_bytes(sie(voucher(1), company="Åkes € AB", encoding="utf-8"))
    said = closing("convert", "euro.se", "out.se", "--json")
    assert said.code == 0
    assert len(said.data["changed"]) >= 1


def test_an_existing_target_is_not_overwritten(closing: Closing) -> None:
    Path("out.xlsx").write_text("mine")
    said = closing("convert", "books.se", "out.xlsx")
    assert said.code == 5
    assert Path("out.xlsx").read_text() == "mine"


def test_a_target_that_names_no_format_asks_for_it(closing: Closing) -> None:
    said = closing("convert", "books.se", "out")
    assert said.code == 5
    assert "--to" in said.err
