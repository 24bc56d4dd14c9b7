"""The transaction analysis and the closing entries of a period as documents."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry, EntryContent, Origin, Status, Transferred
from closing_host.documents import write_xlsx
from closing_host.documents.analysis_report import (
    MOST_PRINTED,
    CheckAnswer,
    FindingAnswer,
    analysis_report,
    analysis_tables,
)
from closing_host.documents.entries_report import entries_report
from closing_host.locale import Words
from pdf_text import MADE_AT
from period_lines import LOCKED, OPEN
from report_text import said

SV, EN = Words("sv"), Words("en")
FOUND = (
    FindingAnswer("Lördag", ("A 7",)),
    FindingAnswer("=1+1", ("A 8", "A 9"), "Åsa", MADE_AT, "Inventering\nden dagen"),
)
ANSWERS = (
    CheckAnswer("TA09", "Helgbokning", "Verifikationer på helger.", "info", 2, 1, findings=FOUND),
    CheckAnswer("TA07", "Sent registrerad", "…", "could_not_run", 0, 0, reason="Registreringsdatum saknas."),
    CheckAnswer("TA01", "Obalanserad verifikation", "…", "passed", 0, 0),
)


def test_checks_are_listed_with_reasons_and_findings_with_marks() -> None:
    text = said(analysis_report(SV, ANSWERS, OPEN))
    for expected in (
        "Transaktionsanalys 2025-03",
        "Ingen avvikelse är kvar.",
        "TA09 Helgbokning Anmärkning 2 1 TA07 Sent registrerad Kunde inte köras Registreringsdatum saknas. TA01",
        "TA09 Helgbokning Verifikationer på helger. Lördag A 7 =1+1 A 8, A 9 Klarmarkerad · Åsa 2026-02-14 09:00 UTC",
        "Inventering den dagen",
    ):
        assert expected in text


def test_deviations_that_are_left_are_counted() -> None:
    red = replace(ANSWERS[0], state="red")
    assert "1 kontroll" in said(analysis_report(SV, (red,), LOCKED))


def test_the_workbook_holds_every_finding_and_the_document_says_how_many_more() -> None:
    many = replace(ANSWERS[0], findings=FOUND * MOST_PRINTED)
    text = said(analysis_report(EN, (many,), OPEN))
    assert f"{MOST_PRINTED} more stand in the workbook." in text
    assert text.count("Lördag") == MOST_PRINTED / 2
    file = io.BytesIO()
    write_xlsx(analysis_tables(EN, (many, *ANSWERS[1:]), OPEN), file, created=MADE_AT)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    assert book.sheetnames == ["Checks", "Findings", "About the report"]
    assert book["Findings"].max_row == 1 + 2 * MOST_PRINTED
    rows = [[cell.value for cell in row] for row in book["Findings"].iter_rows(max_row=3)]
    assert rows[2][2:] == ["=1+1", "A 8, A 9", "Åsa", "2026-02-14 09:00 UTC", "Inventering\nden dagen"]
    assert book["Findings"]["C3"].data_type == "s"


def test_closing_entries_are_listed_with_rows_state_and_place() -> None:
    at = datetime(2026, 1, 20, 10, 5, tzinfo=UTC)
    rows = (DraftRow("5010", 1_000_00, (), "Hyra"), DraftRow("2990", -1_000_00, (), ""))
    content = EntryContent(date(2025, 12, 31), "Upplupen hyra", rows, "2025-12")
    place = Transferred("I", "14", at, "asa", "answer")
    entry = ClosingEntry(
        1, 1, date(2025, 1, 1), "V", 3, 1, "BK", content, Origin(), Status.TRANSFERRED, "", place, False, at, "asa", 2
    )
    text = said(entries_report(SV, (entry,), {"5010": "Lokalhyra"}, "Fil", OPEN))
    assert "V3 2025-12-31 Upplupen hyra · Överförd · I 14 5010 Lokalhyra Hyra 1 000,00 2990 1 000,00" in text
    assert "Upprättad av asa, 2026-01-20 10:05 UTC" in text
    assert "There are no closing entries in this period." in said(entries_report(EN, (), {}, "File", OPEN))
