"""What changed in what is signed off: on *Förändringar*, after an import, as a banner; and locked periods' analysis."""

import html
import re

import pytest

from closing_host.engagements.setup import choose_period
from period_books import MARCH, books_of, done, entry, lock_through
from small_sie import sie, voucher
from web_house import Served, Visitor

BASE = "/engagements/1"
JUNE = "2025-06"


def text(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1]).split()))


@pytest.fixture(scope="module")
def imported(pages: Served) -> str:
    """The page of an import into a year whose first quarter is locked, and whose second quarter's accounts are done."""
    choose_period(pages.host, 1, "quarter")
    lock_through(pages.host, MARCH)
    done(pages.host, JUNE)
    before = pages.visitor().get(f"{BASE}/changes").text
    assert "Nothing that is signed off, locked or exported has changed." in text(before)
    visitor = pages.visitor()
    books = sie(voucher(1, "90.00"), voucher(4, "1.00", "20250331"), voucher(5, "2.00", "20250401"))
    return text(visitor.accept(visitor.drop(("books.se", books))).text)


def test_an_import_says_in_a_line_what_it_changed_in_what_is_signed_off(imported: str) -> None:
    assert "In what is signed off: 1 locked period has changed. 1 period that was done has changed." in imported
    assert "1 account has changed after it was signed off." in imported


def test_what_changed_shows_first_where_it_hurts(asa: Visitor, imported: str) -> None:
    raw = asa.get(f"{BASE}/changes").text
    page = text(raw)
    parts = ("In what is signed off", "Locked period has changed", "Period that was done", "Since the import before")
    places = [page.index(each) for each in parts]
    assert places == sorted(places)
    for said in (
        "new A 4 2025-03-31 Köp 4 1.00",
        "changed A 1 2025-03-10 Köp 1 90.00",
        "went 1930 -100.00",
        "1930 Konto 1930 900.00 909.00 +9.00",
        "Closing balance: 900.00 → 907.00",
        "A 5 2025-04-01 -2.00",
    ):
        assert said in page, said
    assert f'id="period-{MARCH}"' in raw
    assert f"{BASE}/reconciliation?year=2025-12-31&amp;period={JUNE}" in raw


def test_the_grid_has_a_banner_of_locked_periods_that_changed(asa: Visitor, imported: str) -> None:
    page = text(asa.get(f"{BASE}/reconciliation?period={MARCH}").text)
    assert "Locked period has changed in SIE" in page
    assert "2025-01 – 2025-03: A 4 2025-03-31 new, A 1 2025-03-10 changed; 2 accounts would close otherwise" in page
    assert "Locked period has changed in SIE" in text(asa.get(BASE).text), "and so has the overview"


def test_an_account_of_a_locked_period_says_that_it_closes_otherwise_now(asa: Visitor, imported: str) -> None:
    raw = asa.get(f"{BASE}/accounts/1930?year=2025-12-31&period={MARCH}&beside=2081").text
    said = "When 2025-01 – 2025-03 was locked, 1930 closed at 900.00. The books now give 909.00. What changed"
    assert said in text(raw)
    assert f'href="{BASE}/changes?year=2025-12-31#period-{MARCH}"' in raw
    assert raw.count("was locked,") == 1, "2081 closes as it did"
    assert "was locked," not in asa.get(f"{BASE}/accounts/1930?period={JUNE}").text
    assert "was locked," not in asa.get(f"{BASE}/accounts/1930").text


def test_a_locked_period_shows_what_the_checks_said_and_marks_nothing(asa: Visitor, imported: str) -> None:
    page = asa.get(f"{BASE}/analysis?period={MARCH}").text
    assert "The period is locked, so no check runs. This is what they said when asa locked it" in text(page)
    assert page.count("<tr id=") == 31
    assert "There is no payables ledger." in text(page), "why a check could not run"
    assert 'name="finding"' not in page
    refused = asa.post(f"{BASE}/analysis?year=2025-12-31", {"period": "2025-02", "finding": "x", "action": "done"})
    assert f"Period {MARCH} is locked" in text(refused.text)
    raw = asa.get(f"{BASE}/analysis?period={JUNE}").text
    assert f'<option value="{JUNE}" selected>2025-04 – 2025-06</option>' in raw
    open_one = text(raw)
    assert "Voucher A 4" in open_one, "what came into the locked period is found where checks run (TA08)"


def test_an_entry_after_the_sign_off_is_told_beside_the_vouchers(pages: Served, asa: Visitor, imported: str) -> None:
    entry(pages.host, books_of(pages.host).books.snapshot.year_end.replace(month=6, day=30), 500)
    page = text(asa.get(f"{BASE}/changes").text)
    assert "A 5 2025-04-01 -2.00 Closing entries -5.00" in page
