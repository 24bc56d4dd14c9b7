"""`closing attachments add|edit|remove|versions|attach|files|save|detach`, as a user runs them."""

import shutil
from pathlib import Path

import pytest

from attachable import SAMPLES, workbook
from pdf_text import read_pdf
from stored_books import SetClock, make_world, opened, small_ledger

from .conftest import Closing


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Account 1510 stands at 3.00 at the end of 2024."""
    path = tmp_path_factory.mktemp("stored") / "data"
    make_world(path, SetClock())
    with opened(path, SetClock()) as world:
        world.publish(small_ledger(100, 200))
    return path


@pytest.fixture(autouse=True)
def data(stored: Path, closing: Closing, tmp_path: Path) -> None:
    shutil.copytree(stored, tmp_path / "data")


def test_a_schedule_is_added_and_reconciles_its_account(closing: Closing) -> None:
    said = closing("attachments", "add", "1", "1510", "--row", "Ränta = 1 000,50", "--row", "a=b=-2", "--title", "Pärm")
    assert said.code == 0, said.err
    assert "Reconciled amount 998.50" in said.words
    assert "Reconciliation difference -995.50" in said.words
    (found,) = closing("attachments", "show", "1", "1510", "--json").data
    assert (found["ledger"], found["reconciled"], found["difference"]) == ("3.00", "998.50", "-995.50")
    assert found["attachments"][0]["rows"] == [
        {"text": "Ränta", "amount": "1000.50"},
        {"text": "a=b", "amount": "-2.00"},
    ]
    assert closing("attachments", "list", "1", "--json").data["own"] == [found]
    assert "Pärm" in closing("attachments", "list", "1").words


def test_rows_come_from_a_file(closing: Closing) -> None:
    Path("rows.csv").write_text("Text;Belopp\nRänta;1 000,50\n", encoding="cp1252")
    Path("rows.xlsx").write_bytes(workbook(("Hyra", 2)))
    assert closing("attachments", "add", "1", "1510", "--rows-from", "rows.csv", "--row", "Mer=1").code == 0
    edited = closing("attachments", "edit", "1", "1", "--rows-from", "rows.xlsx", "--json").data
    assert edited["rows"] == [{"text": "Hyra", "amount": "2.00"}]
    assert edited["version"] == 2


def test_debts_are_listed_positive(closing: Closing) -> None:
    said = closing("attachments", "add", "1", "1510", "--row", "Skuld=5", "--standing", "credit")
    assert "Sum 5.00 → -5.00 in the ledger" in said.words
    assert closing("attachments", "edit", "1", "1", "--standing", "debit", "--json").data["reconciled"] == "5.00"


def test_history_is_kept_and_shown(closing: Closing) -> None:
    closing("attachments", "add", "1", "1510", "--row", "a=1", "--comment", "först", "--copy", "none")
    closing("attachments", "edit", "1", "1", "--comment", "sedan", "--copy", "without-data")
    stale = closing("attachments", "edit", "1", "1", "--comment", "nej", "--basis", "1")
    assert (stale.code, "changed by asa" in stale.words) == (1, True)
    assert closing("attachments", "remove", "1", "1").code == 0
    assert closing("attachments", "show", "1", "1510").code == 1
    said = closing("attachments", "versions", "1", "1", "--json").data
    assert [(each["version"], each["state"], each["comment"], each["copying"]) for each in said] == [
        (3, "removed", "sedan", "without-data"),
        (2, "active", "sedan", "without-data"),
        (1, "active", "först", "none"),
    ]
    assert "removed" in closing("attachments", "versions", "1", "1").words
    assert closing("attachments", "edit", "1", "1", "--row", "b=2").code == 1
    assert closing("attachments", "edit", "1", "1", "--restore", "--row", "b=2", "--json").data["total"] == "2.00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "1", "1510", "--row", "utan"), "is no row"),
        (("add", "1", "1510", "--row", "a=1,234"), "is no row"),
        (("add", "1", "1510", "--row", "5"), "is no row"),
        (("add", "1", "1510", "--row", "=5"), "has no text"),
        (("add", "1", "3010", "--row", "a=1"), "no balance account"),
        (("add", "1", "1510", "--row", "a=1", "--as-at", "2025-01-01"), "outside the financial year"),
        (("add", "1", "1510", "--rows-from", "none.csv"), "none.csv"),
        (("edit", "1", "9", "--title", "x"), "no own attachment 9"),
        (("attach", "1", "1510", "a.exe"), "not attached"),
        (("save", "1", "9"), "no attached file 9"),
    ],
)
def test_what_is_wrong_is_told(closing: Closing, arguments: tuple[str, ...], words: str) -> None:
    Path("a.exe").write_bytes(b"MZ")
    said = closing("attachments", *arguments)
    assert said.code != 0
    assert words in said.words


def test_files_are_attached_listed_saved_and_taken_away(closing: Closing) -> None:
    Path("Intyg åäö.pdf").write_bytes(SAMPLES[".pdf"])
    Path("b.jpeg").write_bytes(SAMPLES[".jpg"])
    closing("attachments", "add", "1", "1510", "--row", "a=1")
    said = closing("attachments", "attach", "1", "1510", "Intyg åäö.pdf", "b.jpeg", "--attachment", "1")
    assert said.code == 0, said.err
    assert [each["name"] for each in closing("attachments", "files", "1", "--json").data] == ["Intyg åäö.pdf", "b.jpeg"]
    for shown in (closing("attachments", "list", "1"), closing("attachments", "show", "1", "1510")):
        assert "Intyg åäö.pdf" in shown.words
    Path("out").mkdir()
    assert closing("attachments", "save", "1", "1", "--to", "out").out.strip() == "out/Intyg åäö.pdf"
    assert Path("out/Intyg åäö.pdf").read_bytes() == SAMPLES[".pdf"]
    assert closing("attachments", "save", "1", "2", "--to", "out").out.strip() == "out/b.jpeg"
    again = closing("attachments", "save", "1", "1", "--to", "out")
    assert (again.code, "--force" in again.words) == (5, True)
    assert closing("attachments", "save", "1", "1", "--to", "out", "--force").code == 0
    assert closing("attachments", "save", "1", "1", "--to", "none/x.pdf").code == 5
    assert closing("attachments", "detach", "1", "1").code == 0
    assert [each["number"] for each in closing("attachments", "files", "1", "1510", "--json").data] == [2]
    assert len(closing("attachments", "files", "1", "--removed", "--json").data) == 2
    assert closing("verify").code == 0


def test_the_schedule_is_printed(closing: Closing) -> None:
    closing("attachments", "add", "1", "1510", "--row", '#eval("1+1")=1', "--title", "Pärm")
    assert closing("--lang", "sv", "attachments", "pdf", "1", "1510", "--to", "x.pdf").code == 0
    printed = read_pdf(Path("x.pdf").read_bytes())
    assert "Bilaga 1510 Kundfordringar per 2024-12-31" in printed.text
    assert '#eval("1+1") 1,00' in printed.text
    assert closing("attachments", "xlsx", "1", "--to", "x.xlsx").code == 0


def test_in_swedish(closing: Closing) -> None:
    said = closing("--lang", "sv", "attachments", "add", "1", "1510", "--row", "a=1 234,50")
    assert "Avstämningsbelopp 1 234,50" in said.words
