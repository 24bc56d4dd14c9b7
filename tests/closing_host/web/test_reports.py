"""*Rapporter*: a period's documents to save, and the archive of one that is locked."""

import html
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from closing_host.documents.sealed_archive import check_archive
from closing_host.engagements.effective import open_effective
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.register import overviews
from small_sie import sie, voucher
from web_house import Served, Visitor

JANUARY, OPEN = "?period=2025-01", "?period=2025-02"


@pytest.fixture(scope="module")
def reports(pages: Served, asa: Visitor) -> str:
    """The address of the reports of an engagement whose January is locked."""
    books = sie(voucher(1, day="20250110"), organisation_number="556036-0793", company="Rapport <b>AB</b>")
    asa.accept(asa.drop(("books.se", books)))
    number = max(each.engagement.id for each in overviews(pages.host))
    lock_period(pages.host, open_effective(pages.host, str(number)), "2025-01", reason="Mall")
    return f"/engagements/{number}/reports"


def shown(asa: Visitor, address: str, language: str) -> str:
    answer = asa.get(address, **{"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(answer.text).split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", ("Rapporter 2025-01", "Avstämningsrapport", "Huvudbilagor", "Spara arkivet", "sjunde året")),
        ("en", ("Reports 2025-01", "Reconciliation report", "Main schedules", "Save the archive", "seventh year")),
    ],
)
def test_the_page_lists_reports_and_the_archive_of_a_locked_period(
    language: str, said: tuple[str, ...], reports: str, asa: Visitor
) -> None:
    page = shown(asa, reports + JANUARY, language)
    assert [each for each in said if each not in page] == []
    assert f"{reports}/files/archive.zip?year=2025-12-31&period=2025-01" in page
    current = shown(asa, reports, language)
    assert "2025-02" in current
    assert "archive.zip" not in current


def test_a_report_is_saved(reports: str, asa: Visitor) -> None:
    answer = asa.get(f"{reports}/files/reconciliation.xlsx{OPEN}", **{"Accept-Language": "sv"})
    assert "avstamningsrapport-2025-02.xlsx" in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in book["Konton"]["A"]] == ["Konto", "1930", "2081"]
    answer = asa.get(f"{reports}/files/entries.pdf{OPEN}")
    assert answer.content.startswith(b"%PDF-")


def test_the_archive_is_saved_and_proves_itself(reports: str, asa: Visitor, tmp_path: Path) -> None:
    answer = asa.get(f"{reports}/files/archive.zip{JANUARY}", **{"Accept-Language": "sv"})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "arkiv-rapport-b-ab-b-2025-01.zip" in answer.headers["content-disposition"]
    path = tmp_path / "x.zip"
    path.write_bytes(answer.content)
    found = check_archive(path)
    assert (found.faults, found.facts["company"]) == ({}, "Rapport <b>AB</b>")
    assert "huvudbilagor/huvudbilaga-19-2025-01.pdf" in found.names


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"/files/archive.zip{OPEN}", 400, "Perioden 2025-02 är inte låst"),
        (f"/files/tax.pdf{OPEN}", 404, "Det finns ingen rapport tax."),
        (f"/files/analysis.csv{OPEN}", 404, "kan inte göras som csv"),
        ("?period=2031-01", 404, "2031-01"),
    ],
)
def test_what_cannot_be_saved_is_told(address: str, status: int, words: str, reports: str, asa: Visitor) -> None:
    answer = asa.get(reports + address, **{"Accept-Language": "sv"})
    assert (answer.status_code, words in html.unescape(answer.text)) == (status, True)
