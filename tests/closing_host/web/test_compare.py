"""*Förändringar* and *Jämför*: made in the background, kept, and gone in words."""

import re
import shutil
import time
from pathlib import Path

import httpx
import pytest

from closing_host.engagements.register import overviews
from hostile import PAYLOADS
from small_sie import sie, voucher
from web_house import Served, Visitor, served

OWN = {"organisation_number": "556036-0793", "company": "Jämförda AB"}
FIRST = sie(voucher(1), voucher(2, day="20250711"), voucher(4), **OWN)  # type: ignore[arg-type]
SECOND = sie(voucher(1, "150.00"), voucher(2), voucher(3), **OWN).replace(b'"Konto 4010"', b'"Varor"')  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def base(pages: Served) -> str:
    """An engagement whose year was imported twice."""
    visitor = pages.visitor()
    visitor.accept(visitor.drop(("first.se", FIRST)))
    visitor.accept(visitor.drop(("second.se", SECOND)))
    number = max(each.engagement.id for each in overviews(pages.host))
    return f"/engagements/{number}"


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split())


def done(visitor: Visitor, address: str) -> httpx.Response:
    for _ in range(500):
        page = visitor.get(address)
        if "every 500ms" not in page.text:
            return page
        time.sleep(0.02)
    raise AssertionError("the comparison does not end")


def snapshots(visitor: Visitor, base: str) -> list[str]:
    """The imports' numbers, the newest first."""
    return re.findall(r'<option value="(\d+)"', visitor.get(f"{base}/compare").text.split('name="b"')[0])


def test_changes_since_the_last_import_are_told_in_words_and_as_tables(asa: Visitor, base: str) -> None:
    page = text(done(asa, f"{base}/changes").text)
    for said in (
        "7 differences",
        "1 voucher is new.",
        "1 voucher is gone.",
        "2 vouchers have been changed.",
        "The year&#39;s result is 50.00 lower.",
        "4010 Varor 300.00 350.00 +50.00",
        "4010 Varor 2025-07 -100.00",
        "new A 3 2025-03-10 Köp 3 100.00",
        "gone A 4",
        "Voucher date: 2025-07-11 → 2025-03-10",
        ["went 1930 -100.00", " 1930 -150.00"][0],
        "Account name: Konto 4010 → Varor",
    ):
        assert said in page, said


def test_the_same_two_imports_are_compared_once(asa: Visitor, base: str) -> None:
    runs = {re.findall(r"Run ([2-9a-z-]+)\.", done(asa, f"{base}/changes").text)[0] for _ in range(3)}
    newest, older = snapshots(asa, base)[:2]
    begun = asa.post(f"{base}/compare", {"a": older, "b": newest})
    assert begun.headers["location"] == f"{base}/compare/{runs.pop()}"
    assert runs == set()


def test_one_import_has_nothing_to_be_compared_with(asa: Visitor) -> None:
    assert "imported once" in text(asa.get("/engagements/1/changes").text)


def test_a_part_alone_comes_in_pages(asa: Visitor, base: str) -> None:
    page = text(done(asa, f"{base}/changes?part=accounts").text)
    assert "Account name" in page
    assert "Stated balances" not in page
    assert asa.get(f"{base}/changes?part=vouchers&page=999").status_code == 200
    assert asa.get(f"{base}/changes?part=no-such").status_code == 200


def test_a_file_is_compared_with_the_books_of_its_year(asa: Visitor, base: str) -> None:
    before = snapshots(asa, base)
    begun = asa.post(f"{base}/compare", {"b": "books"}, files=[("file", (PAYLOADS[0], FIRST, "x"))])
    page = done(asa, begun.headers["location"]).text
    assert "The year&#39;s result is 50.00 higher." in text(page)
    assert "<script" not in page.split("<main")[1]
    assert snapshots(asa, base) == before
    assert begun.headers["location"] in asa.get(f"{base}/compare").text


def test_an_equal_file_is_equal(asa: Visitor, base: str) -> None:
    begun = asa.post(f"{base}/compare", {"b": "books"}, files=[("file", ("same.se", SECOND, "x"))])
    assert "No difference in anything that was compared" in text(done(asa, begun.headers["location"]).text)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no books", "alert"),
        (sie(voucher(1, day="20240301"), year=("20240101", "20241231")), "of which the engagement has no books"),
    ],
)
def test_a_file_that_cannot_be_compared_says_why(asa: Visitor, base: str, content: bytes, said: str) -> None:
    begun = asa.post(f"{base}/compare", {"b": "books"}, files=[("file", ("x.se", content, "x"))])
    page = done(asa, begun.headers["location"]).text
    assert said in page
    assert "Compare again" in page
    again = asa.post(f"{begun.headers['location']}/again")
    assert said in done(asa, again.headers["location"]).text


def test_an_import_is_not_compared_with_itself_or_with_nothing(asa: Visitor, base: str) -> None:
    newest = snapshots(asa, base)[0]
    assert "no different from itself" in asa.post(f"{base}/compare", {"a": newest, "b": newest}).text
    assert asa.post(f"{base}/compare").status_code == 422
    assert asa.post(f"{base}/compare", {"a": "99999", "b": newest}).status_code == 404


def test_another_engagements_comparison_opens_nowhere_else(asa: Visitor, base: str) -> None:
    run = re.findall(r"Run ([2-9a-z-]+)\.", done(asa, f"{base}/changes").text)[0]
    for address in (f"/engagements/1/compare/{run}", f"{base}/compare/aaaa-aaaa", f"{base}/compare/x.y"):
        assert asa.get(address).status_code == 404, address
    assert asa.post(f"/engagements/1/compare/{run}/again").status_code == 404
    mine, other = snapshots(asa, base)[0], snapshots(asa, "/engagements/1")
    assert asa.post("/engagements/1/compare", {"a": mine, "b": mine}).status_code == 404
    assert mine not in other


def test_a_result_survives_a_restart_and_says_when_it_is_not_kept_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))
    with served(tmp_path / "data") as pages:
        visitor = pages.visitor()
        visitor.accept(visitor.drop(("first.se", FIRST)))
        begun = visitor.post("/engagements/1/compare", {"b": "books"}, files=[("file", ("b.se", SECOND, "x"))])
        address = begun.headers["location"]
        assert "7 differences" in done(visitor, address).text
        pages.restart()
        assert "7 differences" in visitor.get(address).text
        shutil.rmtree(next(pages.host.store.folder.tmp.glob("comparison-*")))
        gone = visitor.get(address)
        assert gone.status_code == 404
        assert "not kept any more" in gone.text
        assert visitor.get("/engagements/1/compare").status_code == 200
