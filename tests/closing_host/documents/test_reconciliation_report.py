"""The reconciliation of a period as a document: figures, who signed off, how a difference was handled."""

import io
from dataclasses import replace

import openpyxl

from closing_host.closing.main_schedules import Behind, SubSchedule, main_schedules
from closing_host.documents import write_csv, write_xlsx
from closing_host.documents.main_schedule_report import main_schedule_report, main_schedule_tables
from closing_host.documents.reconciliation_report import (
    reconciliation_frame,
    reconciliation_report,
    reconciliation_tables,
)
from closing_host.locale import Words
from pdf_text import MADE_AT, pdf_bytes, read_pdf
from period_lines import CASH, LINES, LOCKED, OPEN, PERIODS
from report_text import said

SV, EN = Words("sv"), Words("en")


def test_accounts_stand_by_group_with_sums_status_and_comments() -> None:
    text = said(reconciliation_report(SV, LINES, OPEN))
    for expected in (
        "Avstämningsrapport 2025-03",
        "Perioden är inte låst: siffrorna kan fortfarande ändras.",
        "Organisationsnummer 559812-3452 Räkenskapsår 2025-01-01 – 2025-12-31",
        "Period 2025-03 (2025-03-01 – 2025-03-31) Status Påbörjad Upprättad av asa, 2026-02-14 09:00 UTC",
        "1 av 4 konton klara. 2 har differens.",
        "19 Kassa och bank 1910 Konto 1910 5,00 0,00 5,00 4,50 0,50 Pågår",
        "Räknas om nästa vecka",
        "1930 Konto 1930 100,00 25,00 125,00 125,00 0,00 Klar Åsa 2025-04-03 Godkänd, Bo",
        "Kvalitetssäkring: Stämmer",
        "Summa 105,00 25,00 130,00 129,50 0,50",
        "2440 Konto 2440 -40,00 -10,00 -50,00 -45,00 -5,00 Ändrad efter klar Åsa 2025-04-03 Ej granskad",
        "Utgående balans var -45,00, är -50,00",
        "2510 Konto 2510 -7,00 0,00 -7,00 Ej påbörjad",
        "Alla konton 58,00 15,00 73,00 84,50 -4,50",
    ):
        assert expected in text


def test_a_locked_period_says_who_locked_it_and_why() -> None:
    text = said(reconciliation_report(EN, LINES, LOCKED))
    assert "Status Locked Locked by asa, 2026-02-14 09:00 UTC Reason Bank's letter is late Fingerprint" in text
    assert "not locked" not in text
    assert "Reconciliation report Year end 2025-12-31" in said(
        reconciliation_report(EN, LINES, replace(LOCKED, period=PERIODS[-1]))
    )


def test_workbook_and_csv_read_back() -> None:
    file = io.BytesIO()
    write_xlsx(reconciliation_tables(EN, LINES, OPEN), file, created=MADE_AT)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames == ["Accounts", "Account groups", "About the report"]
    titles, *rows = [[cell.value for cell in row] for row in book["Accounts"].iter_rows()]
    assert [row[0] for row in rows] == ["1910", "1930", "2440", "2510"]
    assert rows[0][titles.index("Comment")] == "Räknas om\nnästa vecka"
    assert [row[titles.index("Reconciliation difference")] for row in rows] == [0.5, 0, -5, None]
    groups = [[cell.value for cell in row] for row in book["Account groups"].iter_rows()][1:]
    assert groups[2] == ["25 Tax liabilities", -7, 0, -7, None, None, -7, 1, 0]
    file = io.BytesIO()
    in_order = sorted(LINES, key=lambda line: line.account)
    write_csv(OPEN.stamped(EN, reconciliation_frame(EN, in_order)), file)
    line = file.getvalue().decode().splitlines()[-1]
    assert line.startswith("2510,Konto 2510,-7.00,0.00,-7.00,,,Not started,")
    assert line.endswith(",asa,2026-02-14 09:00 UTC,2025-03")


def test_the_accounts_of_a_table_stand_as_they_are_given() -> None:
    assert reconciliation_frame(EN, LINES)["Account"].to_list() == [each.account for each in LINES]


BEHIND = Behind(
    (SubSchedule("own", 1, "Kassa", 4_00), SubSchedule("own", 2, "=1+1", 50), SubSchedule("own", 3, "Tom", None)),
    ("Kassabok.pdf",),
)


def test_a_main_schedule_names_what_sums_into_it() -> None:
    schedules = main_schedules(LINES, {"1910": BEHIND})
    text = said(main_schedule_report(SV, schedules[0], OPEN))
    for expected in (
        "Huvudbilaga 19 Kassa och bank 2025-03",
        "1 av 2 konton klara.",
        "1910 Konto 1910 5,00 0,00 5,00 4,50 0,50 Pågår Räknas om nästa vecka",
        "Underbilagor 1910 Kassa 4,00 1910 =1+1 0,50 1910 Tom Summa 4,50",
        "Bifogade filer 1910: Kassabok.pdf",
    ):
        assert expected in text
    assert "varav ej avstämt -7,00" in said(main_schedule_report(SV, schedules[2], OPEN))


def test_main_schedules_are_one_workbook() -> None:
    file = io.BytesIO()
    write_xlsx(main_schedule_tables(EN, main_schedules(LINES, {"1910": BEHIND}), OPEN), file, created=MADE_AT)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames == ["Accounts", "Attachments", "Attached files", "About the report"]
    rows = [[cell.value for cell in row] for row in book["Attachments"].iter_rows()][1:]
    assert rows == [
        ["19 Cash and bank", "1910", "Kassa", 4],
        ["19 Cash and bank", "1910", "=1+1", 0.5],
        ["19 Cash and bank", "1910", "Tom", None],
    ]
    assert book["Attachments"]["C3"].data_type == "s"


def test_it_is_set_for_keeping() -> None:
    printed = read_pdf(pdf_bytes(main_schedule_report(SV, main_schedules([CASH], {"1910": BEHIND})[0], LOCKED)))
    assert (printed.standard, printed.active, printed.title) == ("2a", [], "Huvudbilaga 19 Kassa och bank 2025-03")
    assert "Räknas om nästa vecka" in printed.text
