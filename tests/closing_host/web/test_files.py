"""Files dropped on a page: read and shown before anything is accepted, each finds its engagement or says why not."""

import os
import re
import time

import pytest

from closing_host.engagements import dropped
from closing_host.storage.uploads import KEPT
from small_sie import sie, voucher
from web_house import Served, Visitor

OTHER = "556036-0793"


def text(page: str) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_file_is_shown_before_it_is_imported(asa: Visitor) -> None:
    address = asa.drop(("nytt.se", sie(voucher(1), voucher(2), organisation_number=OTHER, company="Åkeri AB")))
    page = text(asa.get(address).text)
    for stated in ("Åkeri AB", OTHER, "2025-01-01 – 2025-12-31", "2 vouchers, 4 rows", "A new engagement is opened."):
        assert stated in page
    assert "Åkeri AB" not in asa.get("/").text
    assert "The import is done" in asa.accept(address).text
    assert "Åkeri AB" in asa.get("/").text


def test_the_encoding_is_shown_and_can_be_changed(asa: Visitor) -> None:
    content = sie(voucher(1)).replace(b'"Konto 1930"', '"Företagskonto"'.encode("cp437"))
    address = asa.drop(("kod.se", content))
    assert "Företagskonto" in asa.get(address).text
    assert "(cp437)" in asa.get(address).text
    asa.post(f"{address}/encoding", {"encoding": "cp1252"})
    assert "F”retagskonto" in asa.get(address).text
    asa.post(f"{address}/encoding", {"encoding": "no-such"})
    assert "Företagskonto" in asa.get(address).text


def test_several_files_find_their_engagements_and_the_others_say_why(asa: Visitor) -> None:
    files = (
        ("own.se", sie(voucher(1), voucher(2))),
        ("new.se", sie(voucher(1), organisation_number="969663-7033", company="Okänd HB")),
        ("notes.txt", b"bara text"),
    )
    address = asa.drop(*files)
    page = asa.get(address).text
    assert "Replaces the year&#39;s books" in page
    assert "None yet" in page
    assert text(page).count("notes.txt") == 2  # the row, and the sentence that says what is wrong with it
    assert "Import 1 file" in page
    asa.post(address)
    for number in (1, 2):
        assert asa.get(f"{address}/{number}").status_code == 200
    done = asa.accept(f"{address}/0")
    assert "The import is done" in done.text


def test_a_batch_of_vouchers_is_refused_with_an_explanation(asa: Visitor) -> None:
    lines = ["#FLAGGA 0", "#FORMAT PC8", "#SIETYP 4", '#FNAMN "X"', '#VER "" "" 20250101 "t"', "{"]
    content = "\r\n".join([*lines, "#TRANS 1930 {} 1.00", "#TRANS 3010 {} -1.00", "}", ""]).encode()
    page = asa.get(asa.drop(("batch.si", content))).text
    assert "4I" in page
    assert "4E" in page
    assert "Nothing was imported." in page


def test_a_file_too_large_is_refused_before_it_is_read(asa: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropped, "FILE_LIMIT", 100)
    monkeypatch.setattr(dropped, "source_of", lambda *_, **__: pytest.fail("the file was opened"))
    page = asa.get(asa.drop(("large.se", sie(voucher(1)))))
    assert "large.se is" in page.text
    assert "Export one financial year at a time." in page.text
    assert "It is right" not in page.text


def test_another_companys_file_is_refused_on_an_engagements_page(asa: Visitor) -> None:
    page = asa.get(asa.drop(("other.se", sie(voucher(1), organisation_number=OTHER)), engagement=1)).text
    assert 'role="alert"' in page
    assert "It is right" not in page


def test_the_same_file_twice_changes_nothing(asa: Visitor) -> None:
    content = sie(voucher(7), organisation_number="556012-5790", company="Samma AB")
    asa.accept(asa.drop(("a.se", content)))
    assert "No changes since the last import." in asa.accept(asa.drop(("b.se", content))).text


def test_a_press_repeated_imports_once(pages: Served, asa: Visitor) -> None:
    address = asa.drop(("twice.se", sie(voucher(8), organisation_number="556703-7485", company="En AB")))
    runs = []
    for _ in range(3):
        asa.post(address)
        found = re.search(r"Run ([2-9a-z-]+)\.", asa.accept(address).text)
        assert found is not None
        runs.append(found[1])
    assert len(set(runs)) == 1


def test_an_unknown_batch_is_a_page_that_says_so(asa: Visitor) -> None:
    for name in ("0" * 16, "%2e%2e%2fx", "A" * 16):
        assert asa.get(f"/files/{name}").status_code == 404


def test_files_that_nobody_decided_about_are_forgotten_after_a_day(pages: Served, asa: Visitor) -> None:
    old, new = (asa.drop((name, sie(voucher(1)))) for name in ("old.se", "new.se"))
    folder = pages.folder / "tmp" / f"upload-{old.split('/')[2]}"
    yesterday = time.time() - KEPT.total_seconds() - 1
    os.utime(folder, (yesterday, yesterday))
    asa.drop(("third.se", sie(voucher(1))))
    assert not folder.exists()
    assert asa.get(old).status_code == 404
    assert asa.get(new).status_code == 200


def test_names_of_files_never_become_paths(pages: Served, asa: Visitor) -> None:
    hostile = (
        "../../x.se",
        "/etc/passwd",
        "..\\x.se",
        "con.se",
        "a\x00b.se",
        "\u202egnp.es",
        "x" * 300 + ".se",
        ". .",
        "~",
    )
    before = {path for path in pages.folder.parent.rglob("*") if "upload-" not in str(path)}
    for name in hostile:
        page = asa.get(asa.drop((name, sie(voucher(1))))).text
        assert "\u202e" not in page
        assert "x" * 200 not in page
    after = {path for path in pages.folder.parent.rglob("*") if "upload-" not in str(path)}
    assert {path.name for path in after - before} <= {"closing.db-wal", "closing.db-shm"}
