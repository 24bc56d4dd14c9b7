"""`closing report` and `closing archive`: a period's documents as files, and proof that an archive is unchanged."""

from pathlib import Path

import openpyxl
import pytest

from period_books import MARCH, lock_through, period_office

from .conftest import Closing


@pytest.fixture(autouse=True)
def office(closing: Closing, tmp_path: Path) -> None:
    with period_office(tmp_path):
        pass


def test_a_report_is_written_as_a_workbook_or_csv(closing: Closing) -> None:
    said = closing("report", "reconciliation", "1", "--period", MARCH, "--format", "xlsx", "--output", "out")
    assert (said.code, said.out.split()) == (0, ["out/reconciliation-report-2025-03.xlsx"])
    assert openpyxl.load_workbook(Path(said.out.strip())).sheetnames[0] == "Accounts"
    said = closing("report", "reconciliation", "1", "--period", MARCH, "--format", "csv", "--output", "x.csv", "--json")
    assert said.data == [{"file": "x.csv", "report": "reconciliation", "form": "csv"}]
    assert "1930,Konto 1930,1000.00,-100.00,900.00," in Path("x.csv").read_text("utf-8")


def test_what_cannot_be_made_is_told_and_nothing_is_written(closing: Closing) -> None:
    said = closing("report", "analysis", "1", "--format", "csv")
    assert (said.code, "cannot be made as csv. Choose one of: pdf, xlsx." in said.words) == (5, True)
    said = closing("archive", "1", "--period", MARCH)
    assert said.code != 0
    assert "2025-03 is not locked" in said.words
    assert "closing periods lock" in said.words
    assert list(Path().glob("*.zip")) == []


def test_an_archive_proves_itself_and_names_what_changed(closing: Closing, tmp_path: Path) -> None:
    with period_office(tmp_path) as host:
        lock_through(host, MARCH)
    said = closing("archive", "1", "--period", MARCH, "--output", "kept.zip")
    assert said.code == 0, said.err
    assert "6 files, seal" in said.words
    seal = said.words.split()[-1]
    found = closing("archive", "verify", "kept.zip")
    assert (found.code, "All 6 files are as archived." in found.words, seal in found.words) == (0, True, True)
    assert closing("archive", "1", "--period", MARCH, "--output", "kept.zip").code == 5, "it is not written over"
    path = Path("kept.zip")
    path.write_bytes(path.read_bytes().replace(b"%PDF", b"%PDG", 1))
    found = closing("archive", "verify", "kept.zip")
    assert found.code == 1
    assert "closing-entries-2025-03.pdf is not as it was archived." in found.words
    data = closing("archive", "verify", "kept.zip", "--json").data
    assert [each["fault"] for each in data["faults"]] == ["changed"]
    Path("other.zip").write_text("text")
    assert "no archive of a closed period" in closing("archive", "verify", "other.zip").words
