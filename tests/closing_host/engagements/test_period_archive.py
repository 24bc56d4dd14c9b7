"""The archive of a closed period: what stood when it was locked, sealed, whatever comes afterwards (P 2.3, BFL 7:2)."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from attachment_house import make_example
from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.main_schedules import SubSchedule
from closing_host.closing.schedule import ScheduleRow
from closing_host.documents.sealed_archive import MANIFEST, check_archive
from closing_host.engagements.attached_files import attach_file, remove_file
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import (
    ScheduleChange,
    add_own_attachment,
    edit_own_attachment,
    remove_own_attachment,
)
from closing_host.engagements.period_archive import Archive, archive_path, period_archive
from closing_host.engagements.period_documents import period_documents
from closing_host.engagements.period_material import PeriodMaterial, read_material
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.setup import choose_period
from closing_host.locale import Words
from closing_host.storage.audit import Actor
from pdf_text import read_pdf
from period_books import APRIL, MARCH, VOUCHERS, books_of, entry, lock_through, period_office, take_in
from small_sie import voucher

SV, EN = Words("sv"), Words("en")
BANK = "1930"
STATEMENT = b"%PDF-1.4 kontoutdrag"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Path]]:
    """March is locked: the bank by an attachment with a file, equity commented, one closing entry."""
    folder = tmp_path_factory.mktemp("archive")
    with period_office(folder) as host:
        entry(host, date(2025, 3, 31))
        add_own_attachment(host, "1", BANK, [ScheduleRow("Banken", 890_00)], title="Besked", as_at=date(2025, 3, 31))
        attach_file(host, "1", BANK, "Kontoutdrag: mars?.pdf", STATEMENT, attachment=1)
        note_account(host, books_of(host), MARCH, "2081", comment="Oförändrat")
        sign_off(host, books_of(host), MARCH, [BANK, "2081"])
        lock_through(host, MARCH)
        yield host, folder


@pytest.fixture(scope="module")
def made(locked: tuple[Host, Path]) -> Archive:
    return period_archive(locked[0], SV, read_material(locked[0], "1", MARCH))


@pytest.fixture(scope="module")
def archive(made: Archive) -> bytes:
    return written(made)


def written(archive: Archive) -> bytes:
    file = io.BytesIO()
    archive.write(file)
    return file.getvalue()


def read(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)


def test_it_holds_every_document_of_the_period(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.namelist() == [
            "avstamningsrapport-2025-03.pdf",
            "avstamningsrapport-2025-03.xlsx",
            "bifogade-filer/1930-1-Kontoutdrag_ mars_.pdf",
            "bilagor/bilaga-1930-2025-03-31.pdf",
            "bokslutsverifikationer-2025-03.pdf",
            "huvudbilagor/huvudbilaga-19-2025-03.pdf",
            "huvudbilagor/huvudbilaga-20-2025-03.pdf",
            "transaktionsanalys-2025-03.pdf",
            MANIFEST,
        ]
    assert read(archive, "bifogade-filer/1930-1-Kontoutdrag_ mars_.pdf") == STATEMENT


def test_the_documents_say_what_stood_when_it_was_locked(archive: bytes) -> None:
    text = read_pdf(read(archive, "avstamningsrapport-2025-03.pdf")).text
    assert "2 av 2 konton klara." in text
    assert "1930 Konto 1930 1 000,00 -110,00 890,00 890,00 0,00 Klar asa" in text
    assert "Status Låst Låst av asa" in text
    assert "Besked 890,00" in read_pdf(read(archive, "huvudbilagor/huvudbilaga-19-2025-03.pdf")).text
    assert "V1 2025-03-31 Bankavgift" in read_pdf(read(archive, "bokslutsverifikationer-2025-03.pdf")).text
    analysis = read_pdf(read(archive, "transaktionsanalys-2025-03.pdf")).text
    assert "TA01" in analysis
    assert "Det finns ingen leverantörsreskontra." in analysis, "why a check could not run"
    book = openpyxl.load_workbook(io.BytesIO(read(archive, "avstamningsrapport-2025-03.xlsx")))
    assert [cell.value for cell in book.worksheets[0]["A"]][1:] == [BANK, "2081"]


def test_the_manifest_says_whose_period_it_is_and_who_locked_it(
    locked: tuple[Host, Path], archive: bytes, tmp_path: Path
) -> None:
    manifest = json.loads(read(archive, MANIFEST))
    assert (manifest["company"], manifest["organisation_number"]) == ("Åkes Bageri AB", "556677-8899")
    assert manifest["period"] == {"key": MARCH, "start": "2025-03-01", "end": "2025-03-31"}
    lock = material(locked[0], MARCH).sheet.period.lock
    assert lock is not None
    assert manifest["import"] == {"number": 1, "fingerprint": lock.fingerprint}
    assert manifest["lock"]["by"] == "asa"
    assert manifest["lock"]["reason"] == "Mall"
    assert manifest["program"]["name"] == "closing-host"
    path = tmp_path / "x.zip"
    path.write_bytes(archive)
    assert check_archive(path).faults == {}
    path.write_bytes(archive.replace(STATEMENT, STATEMENT.replace(b"utdrag", b"utdraG")))
    assert check_archive(path).faults == {"bifogade-filer/1930-1-Kontoutdrag_ mars_.pdf": "changed"}


def test_what_comes_later_changes_no_byte_of_it(archive: bytes, locked: tuple[Host, Path]) -> None:
    host, folder = locked
    add_own_attachment(host, "1", BANK, [ScheduleRow("April", 1)], as_at=date(2025, 4, 30))
    attach_file(host, "1", BANK, "ny.pdf", STATEMENT)
    take_in(host, folder, *VOUCHERS, voucher(4, "1.00", "20250320"))
    assert written(period_archive(host, SV, material(host, MARCH))) == archive


def test_an_open_period_has_no_archive(locked: tuple[Host, Path]) -> None:
    host, _ = locked
    with pytest.raises(ClosingError, match="archive-period-open"):
        period_archive(host, SV, read_material(host, "1", APRIL))


def material(host: Host, key: str = "2025-12") -> PeriodMaterial:
    return read_material(host, "1", key)


def test_an_attachment_of_the_last_day_is_archived_as_it_was_although_it_may_change(tmp_path: Path) -> None:
    """The year's last day stays open until *Årsavslut* is locked, so December's attachments may move after its lock."""
    with period_office(tmp_path) as host:
        choose_period(host, 1, "year")
        for amount in (825_00, 5_00):
            add_own_attachment(host, "1", BANK, [ScheduleRow("Banken", amount)])
        attach_file(host, "1", BANK, "a.pdf", STATEMENT, attachment=1)
        lock_through(host, "2025-12")
        edit_own_attachment(host, "1", 1, ScheduleChange(rows=[ScheduleRow("Banken", 1)]))
        remove_own_attachment(host, "1", 2)
        add_own_attachment(host, "1", BANK, [ScheduleRow("Senare", 7)])
        remove_file(host, "1", 1)
        bank = next(each for each in material(host).main_schedules(SV) if each.group == "19").accounts[0]
        name = "Konto 1930"
        assert bank[1].schedules == (SubSchedule("own", 1, name, 825_00), SubSchedule("own", 2, name, 5_00))
        assert bank[1].files == ("a.pdf",)
        now = next(each for each in material(host, "year-end").main_schedules(SV) if each.group == "19").accounts[0]
        assert [each.amount for each in now[1].schedules] == [1, 7]
        assert now[1].files == ()


def test_receivables_and_payables_are_archived_as_at_the_periods_end(tmp_path: Path) -> None:
    """Those whose facts reach to that day; of the others the manifest says why they are not there."""
    make_example(tmp_path / "data")
    with Host.open(tmp_path / "data", Actor("asa")) as host:
        choose_period(host, 1, "quarter")
        lock_through(host, "2025-09")
        (group,) = material(host, "2025-09").main_schedules(SV)
        ((line, behind),) = group.accounts
        assert (line.account, group.group) == ("1510", "15")
        assert behind.schedules == (SubSchedule("receivables", 1, "Kundfordringar", line.figures.reconciled),)
        kept = period_archive(host, SV, material(host, "2025-09"))
    assert [each.name for each in kept.files if "/" in each.name] == [
        "huvudbilagor/huvudbilaga-15-2025-09.pdf",
        "bilagor/kundfordringar-1510-2025-09-30.pdf",
    ]
    with kept.files[-1].open() as file:
        assert "Kundfordringar (1510) per 2025-09-30" in read_pdf(file.read()).text
    (left_out,) = kept.facts["left_out"]
    assert left_out["attachment"] == "payables"
    assert "öppna poster per 2025-12-31" in left_out["reason"]


def test_reports_are_made_in_the_forms_that_they_have(locked: tuple[Host, Path]) -> None:
    host, _ = locked
    march = material(host, MARCH)
    names = [each.name for form in ("pdf", "xlsx") for each in period_documents(host, EN, march, "schedules", form)]
    assert names == ["main-schedule-19-2025-03", "main-schedule-20-2025-03", "main-schedules-2025-03"]
    with pytest.raises(DataError, match="report-form-unknown"):
        period_documents(host, EN, march, "analysis", "csv")
    with pytest.raises(DataError, match="report-unknown"):
        period_documents(host, EN, march, "tax", "pdf")
    (results,) = period_documents(host, EN, march, "results", "pdf")
    file = io.BytesIO()
    results.write(file)
    printed = read_pdf(file.getvalue())
    assert printed.title == "Income statement analysis 2025-03"
    assert "Goods and materials 4010 Konto 4010 -110.00 -110.00 Sum -110.00 -110.00" in printed.text
    (year_end,) = period_documents(host, EN, material(host, "year-end"), "reconciliation", "csv")
    assert year_end.name == "reconciliation-report-year-end-2025-12-31"


def test_the_analysis_of_an_open_period_names_findings_with_vouchers(locked: tuple[Host, Path]) -> None:
    (report,) = period_documents(locked[0], EN, material(locked[0], "2025-12"), "analysis", "xlsx")
    file = io.BytesIO()
    report.write(file)
    book = openpyxl.load_workbook(io.BytesIO(file.getvalue()))
    results = {row[0].value: row[3].value for row in book["Checks"].iter_rows(min_row=2)}
    assert results["TA01"] == "No deviation"
    assert len(results) == 31


def test_where_the_archive_goes(made: Archive, tmp_path: Path) -> None:
    assert archive_path(tmp_path, made) == tmp_path / "arkiv-akes-bageri-ab-2025-03.zip"
    assert archive_path(tmp_path / "x.ZIP", made) == tmp_path / "x.ZIP"
    with pytest.raises(DataError, match="archive-name"):
        archive_path(tmp_path / "x.pdf", made)
