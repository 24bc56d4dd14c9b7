import io
from datetime import date, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attachment_books import Books, acceptance, euro
from closing_host.documents import attachment_tables, items_frame, write_csv, write_xlsx
from closing_host.locale import Words
from pdf_text import IMPRINT, MADE_AT

SHEETS = [
    *("Öppna poster", "Åldersfördelning", "Avstämning", "Differensen förklarad"),
    *("Ej bokförda", "Anteckningar", "Iakttagelser", "Om bilagan"),
]


def workbook(books: Books, language: str = "sv", **options: Any) -> Any:
    tables = attachment_tables(Words(language), books.attachment(), IMPRINT, **options)  # type: ignore[arg-type]
    file = io.BytesIO()
    write_xlsx(tables, file, created=MADE_AT)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    titles, *lines = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    return [dict(zip(titles, line, strict=True)) for line in lines]


def test_workbook_has_a_sheet_for_each_part() -> None:
    assert workbook(acceptance()).sheetnames == SHEETS


def test_items_are_numbers_and_dates() -> None:
    book = workbook(acceptance(), notes={"101": "Avbetalningsplan"})
    first = rows(book, "Öppna poster")[0]
    assert first["Faktura"] == "101"
    assert first["Fakturadatum"] == datetime(2025, 10, 15)  # noqa: DTZ001
    assert (first["Ursprungligt"], first["Betalt"], first["Öppet"]) == (12500, 5000, 7500)
    assert (first["Dagar förfallna"], first["Ålder i dagar"], first["Verifikation"]) == (47, "31-60", "B 1")
    assert first["Anteckning"] == "Avbetalningsplan"
    assert sum(row["Öppet"] for row in rows(book, "Öppna poster")) == 34625.5
    open_ = next(cell for cell in book["Öppna poster"][2] if cell.value == 7500)
    assert (open_.data_type, open_.number_format) == ("n", "#,##0.00")
    later = rows(book, "Öppna poster")[1]
    assert later["Betalt efter bokslutsdagen"] == 25000
    assert later["Betald efter"] == datetime(2026, 1, 8)  # noqa: DTZ001


def test_sums_are_those_of_the_attachment() -> None:
    book = workbook(acceptance())
    ages = [(row["Ålder i dagar"], row["Antal"], row["Belopp"]) for row in rows(book, "Åldersfördelning")]
    assert ages == [
        ("Ej förfallet", 1, 25000),
        ("1-30", 1, -1000),
        ("31-60", 1, 7500),
        ("61-90", 0, 0),
        ("> 90", 1, 3125.5),
        ("Summa öppna poster", 4, 34625.5),
        ("varav kreditposter", 1, -1000),
    ]
    assert [(row["Namn"], row["Per dagen"]) for row in rows(book, "Avstämning")] == [
        ("Konto 1510", 34125.5),
        ("Huvudboken", 34125.5),
        ("Summa öppna poster", 34625.5),
        ("Avstämningsbelopp, med huvudbokens tecken", 34625.5),
        ("Avstämningsdifferens", -500),
    ]
    (explained,) = rows(book, "Differensen förklarad")
    assert (explained["Klass"], explained["Verifikation"], explained["Skillnad"]) == ("a", "A 77", -500)
    assert [(row["Faktura"], row["Orsak"], row["Belopp"]) for row in rows(book, "Ej bokförda")] == [
        ("106", "Ej bokförd", 8000),
        ("107", "Makulerad", 6000),
    ]


def test_notes_stand_also_when_their_document_is_settled() -> None:
    noted = rows(workbook(acceptance(), notes={"101": "a", "999": "b", "102": ""}), "Anteckningar")
    assert [tuple(row.values()) for row in noted] == [("101", "a", "ja"), ("999", "b", "nej")]


def test_what_the_workbook_says_of_itself() -> None:
    about = dict(tuple(row.values()) for row in rows(workbook(acceptance()), "Om bilagan"))
    assert about["Bilaga"] == "Kundfordringar (1510) per 2025-12-31"
    assert about["Upprättad av"] == "asa, 2026-02-14 09:00 UTC"
    assert about["Fingeravtryck"] == IMPRINT.fingerprint


def test_english_workbook() -> None:
    book = workbook(acceptance(), "en")
    assert book.sheetnames[:3] == ["Open items", "Ageing", "Reconciliation"]
    assert rows(book, "Open items")[0]["Days overdue"] == 47


def test_foreign_items_and_supplier_numbers() -> None:
    books = Books(side="payables")
    books.document("1", date(2024, 3, 1), 112_345, foreign=euro(10_000, "11.2345"), external_number="F 7", book=False)
    (row,) = rows(workbook(books), "Öppna poster")
    assert (row["Leverantörens nummer"], row["Valuta"], row["Ursprungligt i valutan"]) == ("F 7", "EUR", 100)
    assert row["Kurs"] == 11.2345


def test_voucher_of_another_year_says_which() -> None:
    books = Books(openings={"1510": 10_000})
    books.document("1", date(2024, 3, 1), 10_000)
    frame = items_frame(Words("en"), books.attachment(), date(2025, 1, 1))
    assert frame["Voucher"].to_list() == ["B 1 (2024)"]


def test_csv_of_the_items_reads_back() -> None:
    file = io.BytesIO()
    write_csv(items_frame(Words("en"), acceptance().attachment(), date(2025, 1, 1), notes={"102": "-1"}), file)
    back = pl.read_csv(file.getvalue(), schema_overrides={"Document": pl.String})
    assert back["Open"].to_list() == [7500.0, 25000.0, 3125.5, -1000.0]
    assert back["Note"].to_list() == [None, "'-1", None, None]


_DANGEROUS = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", '=HYPERLINK("x")', "=cmd|' /C x'!A0"]
)


@settings(deadline=None, max_examples=20)
@given(_DANGEROUS, st.text(max_size=5))
def test_no_exporter_lets_a_text_become_a_formula(start: str, rest: str) -> None:
    text = start + rest.encode("utf-8", "ignore").decode()
    books = Books()
    books.document("1", date(2025, 3, 1), 10_000, due=date(2025, 4, 1))
    books.documents["1"] = type(books.documents["1"])(
        text, text, text, date(2025, 3, 1), None, 10_000, None, booked=True, cancelled=False, external_number=text
    )
    books.voucher("A", date(2025, 5, 1), ("1510", 1), ("3001", -1), text=text)
    tables = attachment_tables(Words("en"), books.attachment(), IMPRINT, notes={text: text})
    file = io.BytesIO()
    write_xlsx(tables, file, created=MADE_AT)
    for sheet in openpyxl.load_workbook(io.BytesIO(file.getvalue())).worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    for frame in tables.values():
        file = io.BytesIO()
        write_csv(frame, file)
        cells = pl.read_csv(file.getvalue(), infer_schema=False, has_header=False)
        for value in cells.to_series(0).to_list() if cells.width else []:
            assert not str(value or "").startswith(("=", "@", "\t", "\r", "\0", "+"))


@pytest.mark.parametrize("side", ["receivables", "payables"])
def test_an_attachment_without_items_has_all_its_titles(side: Any) -> None:
    book = workbook(Books(side=side))
    assert book.sheetnames == SHEETS
    assert book["Öppna poster"]["A1"].value == "Motpartens nr"
