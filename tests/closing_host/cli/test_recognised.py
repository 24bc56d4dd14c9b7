"""What import, undo and the choices say of closing entries, over a file that went by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import TemporaryError
from closing_host.cli.recognised import show_recognised
from closing_host.closing.entries import Status
from closing_host.engagements.host import Host
from entry_books import add, held, small_books
from small_sie import sie, voucher

from .conftest import Closing, Said

LATER = "20991231"


@pytest.fixture
def host(closing: Closing, tmp_path: Path) -> Iterator[Host]:
    """V1 of 12 000,00 is marked as transferred by file."""
    with small_books(tmp_path) as opened:
        add(opened)
        assert closing("export", "file", "1").code == 0
        assert closing("export", "mark", "1").code == 0
        yield opened


def imported(
    closing: Closing, *numbers: str, amount: str = "12000.00", generated: str = LATER, json: bool = False
) -> Said:
    """Import the books with V1 booked by the bookkeeping program under each of `numbers` of series I."""
    booked = [("I", each, "20251231", [("7010", amount), ("2910", f"-{amount}")]) for each in numbers]
    content = sie(voucher(1), *booked).decode("cp437").replace("#GEN 20260101", f"#GEN {generated}")
    for each in numbers:
        content = content.replace(f"Köp {each}", "V1 Upplupna löner")
    path = Path(f"later-{generated}-{'-'.join(numbers)}-{amount}.se")
    path.write_bytes(content.encode("cp437"))
    return closing("import", path, *(["--json"] if json else []))


def test_the_import_says_that_the_entry_is_in_the_books(host: Host, closing: Closing) -> None:
    said = imported(closing, "14")
    assert "V1 is in the books as I 14. It is counted there and no longer beside them." in said.words
    assert held(host)["V1"].status is Status.EXCLUDED
    assert "2910 Konto 2910 0.00 -12,000.00 -12,000.00" in closing("balances", "1").words


def test_a_change_is_told_with_its_rows(host: Host, closing: Closing) -> None:
    imported(closing, "14")
    said = imported(closing, "14", amount="11000.00")
    assert "V1 was changed in the source: I 14 is no longer what was sent." in said.words
    assert "− 7010 12,000.00" in said.words
    assert "+ 2910 -11,000.00" in said.words
    (told,) = imported(closing, "14", amount="10000.00", json=True).data[0]["recognised"]
    assert (told["entry"], told["outcome"], told["voucher"], told["counts"]) == ("V1", "changed", "I 14", False)
    assert {"account": "7010", "amount": "10000.00", "objects": []} in told["difference"]["added"]


def test_another_date_and_text_are_told(host: Host, closing: Closing) -> None:
    path = Path("dated.se")
    booked = ("I", "14", "20251230", [("7010", "12000.00"), ("2910", "-12000.00")])
    path.write_bytes(sie(voucher(1), booked).decode("cp437").replace("Köp 14", "V1 Upplupna löner").encode("cp437"))
    closing("import", path)
    path.write_bytes(path.read_bytes().replace(b"V1 Upplupna l\x94ner", b"V1 Annat"))
    said = closing("import", path)
    assert "date: 2025-12-31 → 2025-12-30" in said.words
    assert "text: V1 Upplupna löner → V1 Annat" in said.words


def test_what_could_not_be_asked_is_told(closing: Closing, capsys: pytest.CaptureFixture[str]) -> None:
    closing("source", "list")
    show_recognised((), TemporaryError("recognition-look-incomplete", source="Books", series="I"))
    said = " ".join(capsys.readouterr().out.split())
    assert "The source could not be asked which vouchers are closing entries." in said
    assert "Books changed the list of series I while it was read" in said


def test_missing_is_exported_again(host: Host, closing: Closing) -> None:
    assert "V1 is missing in the source" in imported(closing).words
    assert "V1-2 is ready to be exported again" in closing("entries", "again", "1", "V1").words
    assert closing("entries", "again", "1", "V1", "--json").code == 1


def test_an_older_file_leaves_it_open(host: Host, closing: Closing) -> None:
    said = imported(closing, generated="20260102")
    assert "V1 () is not in these books" not in said.words
    assert "V1 is not in these books, and nobody could be asked" in said.words
    assert held(host)["V1"].status is Status.TRANSFERRED


def test_a_file_that_was_read_in_twice_is_settled(host: Host, closing: Closing) -> None:
    said = imported(closing, "14", "15")
    assert "V1 is in the source more than once: I 14, I 15." in said.words
    assert closing("entries", "settle", "1", "V1").code == 5
    reversed_ = closing("entries", "settle", "1", "V1", "--reverse")
    assert "V1 is counted in the books, as they are (I 14, I 15)." in reversed_.words
    assert "V2 takes one voucher back: Rättelse av I 15." in reversed_.words
    assert "2910 Konto 2910 0.00 -12,000.00 -12,000.00" in closing("balances", "1").words
    assert "No changes" in imported(closing, "14", "15").words
    assert closing("entries", "settle", "1", "V1", "--accept", "--json").code == 5


def test_accepting_leaves_the_books_as_they_are(host: Host, closing: Closing) -> None:
    imported(closing, "14", "15")
    data = closing("entries", "settle", "1", "V1", "--accept", "--json").data
    assert (data["status"], data["reversing"]) == ("excluded", [])


def test_undoing_an_import_says_what_counts_again(host: Host, closing: Closing) -> None:
    imported(closing, "14")
    said = closing("history", "1", "--use", "previous")
    assert "V1 (I 14) is not in these books, and nobody could be asked whether it is gone." in said.words
    assert held(host)["V1"].status is Status.TRANSFERRED


def test_swedish_speaks_of_the_statuses_words(host: Host, closing: Closing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSING_LANG", "sv")
    assert "V1 är dubbelbokad i källan: I 14, I 15." in imported(closing, "14", "15").words
