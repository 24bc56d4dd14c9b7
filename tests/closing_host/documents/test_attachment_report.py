from dataclasses import replace
from datetime import date

import pytest

from attachment_books import Books, acceptance, euro
from closing_host.closing import Attachment
from closing_host.documents import attachment_report, parts
from closing_host.documents.attachment_items import Order
from closing_host.documents.report import PART_LINES, Report, Table
from closing_host.locale import Words
from pdf_text import IMPRINT, pdf_bytes, read_pdf

NOTES = {"101": "Avbetalningsplan", "999": "Tvist avslutad"}


def made(attachment: Attachment, language: str = "sv", **options: object) -> Report:
    return attachment_report(Words(language), attachment, IMPRINT, **options)  # type: ignore[arg-type]


def section(report: Report, title: str) -> Table:
    return next(each for each in report.sections if isinstance(each, Table) and each.title == title)


def cells(table: Table, kind: str = "row") -> list[tuple[str, ...]]:
    return [line.cells for line in table.lines if line.kind == kind]


def test_the_acceptance_example_in_swedish() -> None:
    printed = read_pdf(pdf_bytes(made(acceptance().attachment(), notes=NOTES)))
    for text in (
        "Kundfordringar (1510) per 2025-12-31",
        "Exempelbolaget AB Organisationsnummer 559812-3452",
        "Summa öppna poster 34 625,50",
        "Avstämningsdifferens -500,00",
        "Ej förfallet 1 25 000,00 1-30 1 -1 000,00 31-60 1 7 500,00 61-90 0 0,00 > 90 1 3 125,50",
        "varav kreditposter 1 -1 000,00",
        "a Verifikationer som ingen faktura eller betalning hör till: -500,00",
        "A 77 2025-12-31 Rättelse kundinbetalning 1510 -500,00 0,00 -500,00",
        "skiljer sig utan avbrott sedan 2025-12-31",
        "Föreslagen verifikation: Befarade kundförluster: 6352 debet 3 125,50; 1519 kredit 3 125,50.",
        "101 2025-10-15 2025-11-14 47 12 500,00 5 000,00 7 500,00 B 1 Avbetalningsplan",
        "102 2025-12-10 2026-01-09 -9 25 000,00 0,00 25 000,00 B 2 2026-01-08 25 000,00",
        "Ej bokförd 4 Part 4 106 2025-12-15 2026-01-14 8 000,00",
        "Makulerad 4 Part 4 107",
        "999: Tvist avslutad",
        "Fingeravtryck 3f2a9c81d0e4 · Version 3 · asa · 2026-02-14 09:00 UTC Sida 1 av 2",
    ):
        assert text in printed.text
    assert "105" not in printed.text
    assert (printed.title, printed.standard) == ("Kundfordringar (1510) per 2025-12-31", "2a")


def test_the_acceptance_example_in_english() -> None:
    printed = read_pdf(pdf_bytes(made(acceptance().attachment(), "en")))
    for text in (
        "Receivables (1510) as at 2025-12-31",
        "Reconciliation difference -500.00",
        "a Vouchers that no document or payment refers to: -500.00",
        "Page 1 of 2",
    ):
        assert text in printed.text


def test_amounts_have_no_break_blanks() -> None:
    assert cells(section(made(acceptance().attachment()), "Öppna poster"), "sum")[-1][6] == "34\u00a0625,50"


def two_parties() -> Books:
    books = Books(side="payables")
    books.document("1", date(2025, 3, 1), 10_000, party="A", external_number="F-1")
    books.document("2", date(2025, 11, 20), 20_000, party="A")
    books.document("3", date(2025, 12, 1), 40_000, party="B")
    return books


def test_open_items_are_grouped_by_party_with_subtotals() -> None:
    table = section(made(two_parties().attachment()), "Öppna poster")
    assert [line.kind for line in table.lines] == ["group", "row", "row", "sum", "group", "row", "sum"]
    assert cells(table, "group") == [("A Part A",), ("B Part B",)]
    assert [sums[7] for sums in cells(table, "sum")] == ["300,00", "700,00"]
    assert cells(table)[0][:2] == ("1", "F-1")


def test_open_items_are_grouped_by_age_when_asked() -> None:
    table = section(made(two_parties().attachment(), order="age"), "Öppna poster")
    assert cells(table, "group") == [("Ej förfallet",), ("1-30 dagar förfallet",), ("> 90 dagar förfallet",)]
    assert [row[:2] for row in cells(table)] == [("B Part B", "3"), ("A Part A", "2"), ("A Part A", "1")]


@pytest.mark.parametrize("order", ["party", "age"])
@pytest.mark.parametrize("side", ["receivables", "payables"])
def test_every_line_has_a_cell_for_each_column(side: str, order: Order) -> None:
    books = acceptance() if side == "receivables" else two_parties()
    for each in made(books.attachment(), order=order, notes=NOTES).sections:
        if isinstance(each, Table):
            assert {len(line.cells) for line in each.lines if line.kind in ("row", "sum")} <= {len(each.columns)}


def test_payables_state_both_signs() -> None:
    table = section(made(two_parties().attachment()), "Avstämning")
    assert [row[1::2] for row in cells(table)[1:]] == [
        ("Huvudboken", "-700,00"),
        ("Summa öppna poster", "700,00"),
        ("Avstämningsbelopp, med huvudbokens tecken", "-700,00"),
    ]


def test_agreement_is_said() -> None:
    report = made(two_parties().attachment())
    assert section(report, "Differensen förklarad").lead.startswith("Huvudboken och de öppna posterna stämmer")
    assert "Differensen uppstod" not in [each.title for each in report.sections]


def test_difference_from_the_start_has_no_day() -> None:
    books = Books(openings={"1510": 500})
    books.document("1", date(2025, 3, 1), 10_000)
    assert section(made(books.attachment()), "Differensen uppstod").lead.endswith("redan från årets början.")


def test_what_is_special_of_an_item_stands_below_it() -> None:
    books = Books()
    books.document("1", date(2025, 3, 1), 112_345, due=None, terms=None, foreign=euro(10_000, "11.2345"), balance=99)
    books.document("2", date(2025, 3, 1), 10_000)
    books.pay("2", date(2026, 1, 9), 10_000, kind="write_off")
    said = cells(section(made(books.attachment(), notes={"1": "Ring"}), "Öppna poster"), "note")
    assert said == [
        (
            "Ring · Kontrollera: 0,99 enligt datakällans saldo · förfallodatum saknas, åldern räknas från fakturadatum"
            " · EUR 100,00, varav öppet 100,00, kurs 11,2345",
        ),
        ("avskrivet efter dagen: 100,00",),
    ]


def test_voucher_of_another_year_says_which() -> None:
    books = Books(openings={"1510": 10_000})
    books.document("1", date(2024, 3, 1), 10_000)
    (row,) = cells(section(made(books.attachment()), "Öppna poster"))
    assert row[7] == "B 1 (2024)"


def test_a_day_that_is_not_over_is_marked() -> None:
    books = acceptance()
    books.complete_to = date(2025, 12, 1)
    assert made(books.attachment()).warning.startswith("Preliminär")
    assert made(acceptance().attachment()).warning == ""


def test_cash_method_is_said() -> None:
    books = acceptance()
    books.cash_method = True
    assert ("Metod", "Kontantmetoden") in made(books.attachment()).facts


def test_attachment_without_items_can_be_printed() -> None:
    printed = read_pdf(pdf_bytes(made(Books().attachment())))
    assert "Summa öppna poster 0,00" in printed.text


def test_more_than_2000_lines_are_split_and_nothing_is_lost() -> None:
    books = Books()
    for n in range(2_500):
        books.document(f"{n}", date(2025, 3, 1), 100, party=str(n % 7), book=False)
    made_parts = parts(made(books.attachment()))
    count = len(made_parts)
    assert [each.part for each in made_parts] == [f"Del {n} av {count}" for n in range(1, count + 1)]
    listed = []
    for part in made_parts:
        tables = [each for each in part.sections if isinstance(each, Table)]
        assert sum(len(each.lines) for each in tables) <= PART_LINES
        listed += [row[0] for each in tables if each.title == "Öppna poster" for row in cells(each)]
    assert sorted(listed, key=int) == [str(n) for n in range(2_500)]
    rest = section(made_parts[-1], "Öppna poster")
    small = replace(made_parts[-1], sections=(replace(rest, lines=rest.lines[:3]),))
    printed = read_pdf(pdf_bytes(small)).text
    assert f"Del {count} av {count}" in printed
    assert "Öppna poster (fortsättning)" in printed
