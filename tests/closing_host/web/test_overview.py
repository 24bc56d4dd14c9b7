"""The overview of an engagement, and *Nytt räkenskapsår* on the pages."""

import html
import re

import pytest

from closing_host.engagements.effective import open_effective
from closing_host.engagements.new_year import add_next_year
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.register import new_engagement, overviews
from closing_host.engagements.setup import accept_proposals, choose_period
from closing_host.engagements.wizard import standing
from small_sie import sie, voucher
from web_house import Served, Visitor

WHOLE = "2025-01 – 2025-12"

VOUCHERS = [voucher(1, day="20250110"), voucher(2, "50.00", "20250215")]


def opened(pages: Served, number: str) -> str:
    """The address of a new engagement with books of 2025 whose guide is done: accounts 1930 and 2081."""
    visitor = pages.visitor()
    content = sie(*VOUCHERS, organisation_number=number, company="Översikt <i>AB</i>")
    visitor.accept(visitor.drop(("books.se", content)))
    id = max(each.engagement.id for each in overviews(pages.host))
    accept_proposals(pages.host, id, standing(pages.host, id).steps)
    return f"/engagements/{id}"


@pytest.fixture(scope="module")
def client(pages: Served) -> str:
    return opened(pages, "556036-0793")


def shown(visitor: Visitor, address: str, language: str = "en") -> str:
    answer = visitor.get(address, **{"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(answer.text).split())


def row(page: str, beginning: str) -> list[str]:
    """The cells of the first row whose heading begins so, as text."""
    for cells in re.findall(r"<tr[^>]*>(.*?)</tr>", page):
        said = [
            " ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", cells)
        ]
        if said and said[0].startswith(beginning):
            return said[1:]
    raise AssertionError(beginning)


def lead(page: str) -> tuple[str, str]:
    """The sentence of what to do next, and where its button leads."""
    found = re.search(r'<p class="lead">(.*?)</p>(?: <p><a role="button" href="(.*?)">)?', page)
    assert found is not None
    return found[1], found[2] or ""


def test_the_list_of_engagements_leads_to_the_overview_which_is_the_first_tab(asa: Visitor, client: str) -> None:
    assert f'<a href="{client}">Översikt <i>AB</i></a>' in shown(asa, "/")
    assert "Översikt &lt;i&gt;AB" in asa.get(client).text
    tabs = re.findall(r'<li><a href="([^"]*)"( aria-current="page")?>', shown(asa, client).split('class="tabs"')[1])
    assert tabs[0] == (client, ' aria-current="page"')
    assert f"{client}/results" in [address for address, _ in tabs]


def test_the_first_period_that_is_not_locked_is_to_be_reconciled(asa: Visitor, client: str) -> None:
    page = shown(asa, client)
    address = f"{client}/reconciliation?year=2025-12-31&period=2025-01"
    assert lead(page) == ("Reconcile 2025-01: 0 of 2 accounts are done.", address)
    assert row(page, "2025-01")[:4] == ["Not started", "0 of 2 accounts done", "0", "0"]
    assert row(page, "2025-02") == ["Not started", "–", "–", "–", "–"]
    assert "Year end" in page


def test_checks_of_the_current_period_are_asked_for_when_the_page_is_there(asa: Visitor, client: str) -> None:
    asked = re.search(r'hx-get="([^"]*)" hx-trigger="load"', shown(asa, client))
    assert asked is not None
    assert asked[1] == f"{client}/findings?year=2025-12-31&period=2025-01"
    assert f'href="{client}/analysis?year=2025-12-31&period=2025-01"' in shown(asa, asked[1])


def test_result_and_balances_are_drawn_by_month_and_stand_in_tables(asa: Visitor, client: str) -> None:
    page = shown(asa, client)
    assert len(re.findall(r'<rect class="column0"', page)) == 2
    assert len(re.findall(r'<path class="line[012]"', page)) == 3
    assert row(page.split("<h3>Result by month")[1], "2025-01") == ["-100.00"]
    assert row(page.split("<h3>Balances at the end")[1], "2025-02") == ["850.00", "0.00", "0.00"]


def test_swedish_is_spoken(asa: Visitor, client: str) -> None:
    page = shown(asa, client, "sv")
    assert "Stäm av 2025-01: 0 av 2 konton klara." in page
    assert "Resultat per månad" in page
    assert "Ändrad efter klar" in page
    assert "Nytt räkenskapsår" in page


def test_an_engagement_without_books_says_how_they_come(pages: Served, asa: Visitor) -> None:
    id = new_engagement(pages.host, "Tomt AB").id
    page = shown(asa, f"/engagements/{id}")
    assert lead(page) == ("There are no books yet. They come with a file.", f"/engagements/{id}/source")
    assert "the first one comes with its books" in page
    assert "the first one comes with its books" in shown(asa, f"/engagements/{id}/years/new")


def test_a_year_without_books_says_so_on_every_page_with_the_way_to_the_import(pages: Served, asa: Visitor) -> None:
    client = opened(pages, "556016-0680")
    at = "?year=2026-12-31"
    add_next_year(pages.host, int(client.split("/")[2]))
    works = (
        "reconciliation",
        "reconciliation/periods",
        "results",
        "results/files/xlsx",
        "analysis",
        "reports",
        "changes",
    )
    others = ("attachments", "balances", "accounts/1930", "vouchers", "entries/system", "entries/new")
    for page in (*works, *others):
        answer = asa.get(f"{client}/{page}{at}", **{"Accept-Language": "en"})
        assert answer.status_code == 404, page
        assert "The year has no books yet." in answer.text, page
        assert "Something went wrong" not in answer.text, page
        assert f'<a role="button" href="{client}/source">Import the books</a>' in answer.text, page
    swedish = asa.get(f"{client}/results{at}", **{"Accept-Language": "sv"}).text
    assert "2026-01-01 – 2026-12-31" in html.unescape(swedish)
    assert f'<a role="button" href="{client}/source">Importera bokföringen</a>' in swedish
    offered = shown(asa, f"{client}/entries/system?year=2025-12-31")
    assert "2026-12-31" not in offered


def test_progress_changes_and_locks_are_told_and_a_new_year_follows(pages: Served, asa: Visitor) -> None:
    client = opened(pages, "556012-5790")
    id = client.split("/")[2]
    choose_period(pages.host, int(id), "year")
    books = open_effective(pages.host, f"{id}/2025")
    for account, typed in (("1930", 85_000), ("2081", -99_900)):
        note_account(pages.host, books, "2025-12", account, typed=typed, comment="Se pärm")
    sign_off(pages.host, books, "2025-12", ["1930"])
    page = shown(asa, client)
    assert row(page, WHOLE)[1:4] == ["1 of 2 accounts done", "1", "0"]
    sign_off(pages.host, books, "2025-12", ["2081"])
    assert lead(shown(asa, client)) == (
        f"All accounts in {WHOLE} are done. The period can be locked.",
        f"{client}/reconciliation/periods?year=2025-12-31&period=2025-12",
    )
    more = sie(*VOUCHERS, voucher(3, "1.00", "20250120"), organisation_number="556012-5790")
    asa.accept(asa.drop(("books.se", more)))
    page = shown(asa, client)
    assert lead(page) == (
        f"Accounts that changed after their sign-off in {WHOLE}: 1.",
        f"{client}/reconciliation?year=2025-12-31&period=2025-12&only=changed",
    )
    assert row(page, WHOLE)[1:4] == ["1 of 2 accounts done", "2", "1"]

    books = open_effective(pages.host, f"{id}/2025")
    sign_off(pages.host, books, "2025-12", ["1930"])
    lock_period(pages.host, books, "2025-12")
    page = shown(asa, client)
    assert lead(page)[0] == "The year’s system entries are not made, or are out of date."
    assert row(page, WHOLE)[0] == "Locked"
    assert re.fullmatch(r"\d+", row(page, WHOLE)[4])
    lock_period(pages.host, books, "year-end", reason="Klart")
    assert lead(shown(asa, client)) == ("The year is closed. The next one can begin.", f"{client}/years/new")

    asa.accept(asa.drop(("books.se", sie(*VOUCHERS, organisation_number="556012-5790"))))
    assert lead(shown(asa, client)) == (
        "Locked periods that have changed in the books: 2.",
        f"{client}/changes?year=2025-12-31#since",
    )
    asa.accept(asa.drop(("books.se", more)))

    form = shown(asa, f"{client}/years/new")
    assert 'value="2026-12-31" min="2026-01-01" max="2027-06-30"' in form
    refused = asa.post(f"{client}/years/new", {"end": "2027-07-01"})
    assert refused.status_code == 422
    assert "at most eighteen months" in html.unescape(refused.text)
    assert "no day" in html.unescape(asa.post(f"{client}/years/new", {"end": "i fjol"}).text)
    added = asa.post(f"{client}/years/new", {"end": "2026-12-31"})
    assert added.headers["location"] == f"{client}?year=2026-12-31"
    page = shown(asa, f"{client}?year=2026-12-31")
    assert "The year has no books yet." in page
    assert lead(page) == ("The books have not been imported.", f"{client}/source")

    opening = [("1930", "849.00"), ("2081", "-1000.00"), ("2099", "151.00"), ("1910", "0.50"), ("2890", "-0.50")]
    content = sie(organisation_number="556012-5790", year=("20260101", "20261231"), opening=opening)
    asa.accept(asa.drop(("2026.se", content)))
    page = shown(asa, f"{client}?year=2026-12-31")
    assert "3 accounts do not open where last year closed." in page
    assert "What differs in all is the result of the year before" in page
    assert row(page.split('id="openings"')[1], "2099") == ["151.00", "0.00", "–", "151.00"]
