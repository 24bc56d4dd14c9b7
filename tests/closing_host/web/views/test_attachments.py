"""*Bilagor* in the browser's eyes: P 7.4's example, down to its voucher, in words, and as files."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from attachment_books import START, acceptance
from attachment_house import (
    Visitor,
    attach,
    attach_failure,
    make_example,
    paid_since,
    publish,
    seen,
    served,
)
from closing_host.api.errors import PermissionMissing
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from fortnox_office import Office, running_simulator, time_of
from imported_office import begin, company

HOSTILE = '"><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Visitor]]:
    folder = tmp_path_factory.mktemp("attachments") / "data"
    make_example(folder)
    with Host.open(folder, Actor("asa")) as host, served(host) as (_, visitor):
        yield host, visitor


@pytest.fixture(scope="module")
def visitor(example: tuple[Host, Visitor]) -> Visitor:
    return example[1]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Host, Visitor]]:
    """The same, for tests that change what is stored."""
    make_example(tmp_path / "data")
    with Host.open(tmp_path / "data", Actor("asa")) as host, served(host) as (_, visitor):
        yield host, visitor


def test_the_year_lists_both_attachments_with_their_differences(visitor: Visitor) -> None:
    page = visitor.read("")
    assert "Kundfordringar (1510) 2025-12-31 34 625,50 34 125,50 -500,00" in page
    assert "Leverantörsskulder (2440) 2025-12-31 61 062,50 0,00 61 062,50" in page


def test_open_items_ageing_and_reconciliation_are_those_of_the_example(visitor: Visitor) -> None:
    page = visitor.read("/receivables")
    for stated in (
        "Kundfordringar (1510) per 2025-12-31",
        "101 2025-10-15 2025-11-14 47 12 500,00 5 000,00 7 500,00",
        "102 2025-12-10 2026-01-09 -9 25 000,00 0,00 25 000,00 B 2 2026-01-08 25 000,00",
        "Ej förfallet: 25 000,00; 1-30: -1 000,00; 31-60: 7 500,00; 61-90: 0,00; > 90: 3 125,50",
        "Avstämningsdifferens -500,00",
        "a) Verifikationer som ingen faktura eller betalning hör till -500,00",
        "Differensen uppstod: 2025-12-31",
        "106 4 Part 4 2025-12-15 8 000,00 Ej bokförd",
        "107 4 Part 4 2025-12-16 6 000,00 Makulerad",
    ):
        assert stated in page
    assert "105" not in page.split("Öppna poster")[1].split("Summa öppna poster")[0]


def test_the_difference_leads_to_its_voucher(visitor: Visitor) -> None:
    page = visitor.get("/receivables").text
    link = page.split('id="explanation"')[1].split('<a href="')[1].split('"')[0].replace("&amp;", "&")
    voucher = seen(visitor.http.get(link).text)
    assert "A 77" in voucher
    assert "Rättelse kundinbetalning" in voucher


def test_a_voucher_of_another_year_is_named_and_not_linked_to_one_of_this_year(visitor: Visitor) -> None:
    page = visitor.get("/receivables").text
    assert "B 1</a>" in page
    assert "(2024)" not in page


def test_items_by_age_have_their_subtotals(visitor: Visitor) -> None:
    page = visitor.read("/receivables?by=age").split("Anteckning")[1]
    assert page.index("Ej förfallet") < page.index("31-60 dagar") < page.index("> 90 dagar")


def test_another_day_shows_what_was_open_then(visitor: Visitor) -> None:
    page = visitor.read("/receivables?as_at=2025-11-30")
    assert "Kundfordringar (1510) per 2025-11-30" in page
    assert "Differensen uppstod" in page
    assert "Huvudboken och de öppna posterna stämmer överens." in page
    assert "101 2025-10-15 2025-11-14 16 12 500,00 0,00 12 500,00" in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/receivables?as_at=2024-06-30", 422, "2024-06-30"),
        ("/receivables?as_at=i+morgon", 422, "i morgon” är inget datum"),
        ("/receivables?version=9", 404, "version 9"),
        ("/payables?as_at=2025-06-30", 422, "2025-06-30"),
        ("/inventories", 404, "Det finns ingen sådan bilaga"),
        ("/files/receivables.exe", 404, "Det finns ingen sådan bilaga"),
        ("/attached/7", 404, "7"),
        ("/own/7", 404, "7"),
    ],
)
def test_what_cannot_be_shown_is_told_in_words(path: str, status: int, words: str, visitor: Visitor) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, words in seen(answer.text)) == (status, True)


def test_a_source_that_states_open_items_only_says_why_nothing_is_explained(visitor: Visitor) -> None:
    page = visitor.read("/payables")
    assert "Datakällan lämnar bara öppna poster" in page
    assert "Oförklarad differens" in page
    assert "Saldona under året" not in page


def test_findings_show_the_entry_that_they_propose(visitor: Visitor) -> None:
    page = visitor.read("/receivables")
    assert "Föreslagen bokslutsverifikation: Befarade kundförluster" in page
    assert "6352 3 125,50 1519 3 125,50" in page
    assert "Återförs nästa period" in page


def test_a_proposed_entry_is_made_from_the_newest_attachment_only(visitor: Visitor) -> None:
    page = visitor.get("/receivables").text
    links = re.findall(r'href="(/engagements/1/entries/new[^"]+)"', page)
    assert len(links) == 2
    form = visitor.http.get(links[1].replace("&amp;", "&"))
    assert form.status_code == 200
    assert "6352" in form.text
    assert "entries/new?" not in visitor.get("/receivables?as_at=2025-11-30").text


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv"])
def test_the_attachment_is_saved_as_a_file_and_never_shown(form: str, visitor: Visitor) -> None:
    answer = visitor.get(f"/files/receivables.{form}?as_at=2025-12-31&by=age")
    name = f"kundfordringar-1510-2025-12-31.{form}"
    disposition = f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    begins = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"Motpart"}
    assert begins[form] in answer.content[:40]


def test_all_attachments_come_in_one_archive(visitor: Visitor) -> None:
    answer = visitor.get("/files/all.csv")
    assert answer.headers["content-type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == [
        "kundfordringar-1510-2025-12-31.csv",
        "leverantorsskulder-2440-2025-12-31.csv",
    ]


def test_a_note_is_edited_in_its_place_and_stays(own: tuple[Host, Visitor]) -> None:
    _, visitor = own
    form = visitor.get("/receivables/note?document=103", **{"HX-Request": "true"}).text
    assert "<textarea" in form
    assert "<html" not in form
    kept = visitor.post("/receivables/note", {"document": "103", "text": " Bestridd.\nSe mejl "}, HX_Request="true")
    assert "Bestridd." in kept.text
    assert "<html" not in kept.text
    assert "Bestridd." in visitor.read("/receivables")
    assert visitor.post("/receivables/note", {"document": "103", "text": ""}).status_code == 303
    assert "Bestridd." not in visitor.read("/receivables")


def test_a_note_that_cannot_be_kept_stays_in_the_form(own: tuple[Host, Visitor]) -> None:
    _, visitor = own
    refused = visitor.post("/receivables/note", {"document": "999", "text": "Vad?"}, HX_Request="true")
    assert refused.status_code == 422
    assert "999" in seen(refused.text)
    assert ">Vad?</textarea>" in refused.text


def test_versions_show_what_changed_between_them(own: tuple[Host, Visitor]) -> None:
    host, visitor = own
    books = paid_since(acceptance())
    attach(host, publish(host, books.ledger()), books.ledger(), books.facts())
    assert "sedan version 1" in visitor.read("/receivables")
    page = visitor.read("/receivables/changes?before=1&after=2")
    assert "Summa öppna poster 34 625,50 31 500,00" in page
    assert "borta 103 3 Part 3 3 125,50" in page
    assert "34 625,50" in visitor.read("/receivables?version=1")
    alone = visitor.get("/payables/changes?before=1&after=2")
    assert (alone.status_code, "Välj en annan version" in alone.text) == (422, True)


def test_other_control_accounts_make_a_new_version(own: tuple[Host, Visitor]) -> None:
    _, visitor = own
    assert visitor.post("/receivables/accounts", {"accounts": "1510, 1513"}).status_code == 303
    assert "Kundfordringar (1510+1513) per 2025-12-31" in visitor.read("/receivables")
    refused = visitor.post("/receivables/accounts", {"accounts": "9999"})
    assert (refused.status_code, "9999" in seen(refused.text)) == (404, True)


def test_a_making_that_failed_is_told_with_its_reason_and_can_be_tried_again(own: tuple[Host, Visitor]) -> None:
    host, visitor = own
    snapshot = host.store.snapshots.current(1, START)
    assert snapshot is not None
    attach_failure(host, snapshot.id, PermissionMissing("attachments-nothing-stated", detail="saknar licens"))
    page = visitor.read("")
    assert "Bokföringen importerad. Bilagor för 1510 och 2440 kunde inte skapas:" in page
    assert "saknar licens" in page
    assert "Försök igen" in page
    assert "Kundfordringar (1510) 2025-12-31 34 625,50" in page  # what was made before is still there
    assert visitor.post("/make", {}).status_code == 303
    page = waited(visitor)
    assert "<html" not in page
    assert "inga bilagor kan skapas" in seen(page)  # its source is a file


def test_trying_again_makes_what_the_source_refused_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))
    with running_simulator() as simulator:
        begin(tmp_path, simulator, years=())
        with Host.open(tmp_path / "data", Actor("asa"), **time_of(simulator)) as host, served(host) as (_, visitor):
            office = Office(host, simulator)
            company(office).modules.discard("invoice")
            office.imported(1, "2025")
            refused = visitor.read("")
            assert "Bokföringen importerad. Bilagor för 1510 och 2440 kunde inte skapas: Företaget saknar" in refused
            assert "Alla bilagor som filer" not in refused
            company(office).modules.add("invoice")
            assert visitor.post("/make?year=2025", {}).status_code == 303
            waited(visitor)
            made = visitor.read("")
            assert "Kundfordringar (1510) 2025-12-31 34 625,50 34 125,50 -500,00 2" in made
            assert "kunde inte skapas" not in made.split("Egna bilagor")[0]


def waited(visitor: Visitor) -> str:
    """The part of the page that follows a making, once that has ended."""
    for _ in range(500):
        page = visitor.get("", **{"HX-Request": "true"}).text
        if "hx-trigger" not in page:
            return page
    raise AssertionError("the making does not end")


def test_a_year_of_long_lists_is_shown_in_pages(tmp_path: Path) -> None:
    books = acceptance()
    for number in range(1000, 1700):
        books.document(str(number), date(2025, 12, 1), 100, party=str(number % 9))
    make_example(tmp_path / "data", books)
    with Host.open(tmp_path / "data", Actor("asa")) as host, served(host) as (_, visitor):
        first, last = visitor.get("/receivables").text, visitor.get("/receivables?page=3").text
        assert "Sida 1 av 3" in seen(first)
        assert 'page=2#items">' in first
        assert first.count('class="remark"') == 300
        assert last.count('class="remark"') == 104
        assert "forts" in last
