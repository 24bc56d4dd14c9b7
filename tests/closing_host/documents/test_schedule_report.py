import io
from datetime import date

import openpyxl

from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.documents import write_csv, write_xlsx
from closing_host.documents.schedule_report import (
    ReconciledAccount,
    schedule_report,
    schedule_rows_frame,
    schedule_tables,
)
from closing_host.locale import Words
from pdf_text import IMPRINT, MADE_AT, pdf_bytes, read_pdf

DAY = date(2025, 12, 31)
DEBTS = Schedule(
    "2990",
    DAY,
    (ScheduleRow("Ränta", 7_000_000), ScheduleRow("=1+1", 450_000)),
    "credit",
    "Enligt besked",
    "Två\nrader",
)
CLAIM = Schedule("2990", DAY, (ScheduleRow("Förskott", 50_000),), "debit")
ACCOUNT = ReconciledAccount("2990", "Upplupna kostnader", DAY, -7_500_000, ((1, DEBTS), (4, CLAIM)), ("Besked.pdf",))


def test_schedules_are_printed_with_sum_sign_and_difference() -> None:
    printed = read_pdf(pdf_bytes(schedule_report(Words("sv"), ACCOUNT, IMPRINT)))
    for text in (
        "Bilaga 2990 Upplupna kostnader per 2025-12-31",
        "Huvudboken -75 000,00 Avstämningsbelopp -74 000,00 Avstämningsdifferens -1 000,00",
        "Egen bilaga 1: Enligt besked Två rader",
        "Ränta 70 000,00 =1+1 4 500,00 Summa 74 500,00 Med huvudbokens tecken -74 500,00",
        "Egen bilaga 4 Text Belopp Förskott 500,00 Summa 500,00",
        "Bifogade filer – Besked.pdf",
    ):
        assert text in printed.text
    assert (printed.standard, printed.active) == ("2a", [])


def test_a_schedule_that_says_nothing_reconciles_nothing() -> None:
    alone = ReconciledAccount("1930", "Bank", DAY, 100, (), ("Besked.pdf",))
    printed = read_pdf(pdf_bytes(schedule_report(Words("en"), alone, IMPRINT)))
    assert "The ledger 1.00 Reconciled amount Reconciliation difference" in printed.text


def test_workbook_and_csv_read_back() -> None:
    file = io.BytesIO()
    write_xlsx(schedule_tables(Words("en"), ACCOUNT, IMPRINT), file, created=MADE_AT)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames == ["Rows", "Reconciliation", "Attached files", "About"]
    rows = [[cell.value for cell in row] for row in book["Rows"].iter_rows()][1:]
    assert rows == [
        [1, "Enligt besked", "Ränta", 70000, -70000],
        [1, "Enligt besked", "=1+1", 4500, -4500],
        [4, None, "Förskott", 500, 500],
    ]
    assert book["Rows"]["C3"].data_type == "s"
    assert [cell.value for cell in book["Reconciliation"]["B"]][1:] == [-75000, -74000, -1000]
    file = io.BytesIO()
    write_csv(schedule_rows_frame(Words("en"), ACCOUNT), file)
    assert b"4,,F\xc3\xb6rskott,500.00,500.00" in file.getvalue()
    assert b"'=1+1,4500.00" in file.getvalue()
