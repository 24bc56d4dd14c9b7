"""*Bokslutstransaktioner* as a browser without scripts meets it: forms, words, and nothing lost."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from attachment_house import seen, served
from closing_host.closing.entries import Status
from closing_host.engagements.host import Host
from closing_host.storage.entries import EntryRecords
from entry_books import add, held, small_books

BASE = "/engagements/1/entries"
HOSTILE = '"><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>'
BALANCED = {"text": "Varor i december", "account-1": "4010 Konto 4010", "debit-1": "150,50", "account-2": "1930"}
BALANCED |= {"credit-2": "150.50", "act": "ready"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, httpx.Client]]:
    with small_books(tmp_path_factory.mktemp("entries")) as host, served(host) as (_, visitor):
        yield host, visitor.http


@pytest.fixture
def http(office: tuple[Host, httpx.Client]) -> httpx.Client:
    return office[1]


def made(http: httpx.Client, **changes: str) -> str:
    """The address of a new entry."""
    answer = http.post(f"{BASE}/new", data=BALANCED | changes)
    assert answer.status_code == 303, seen(answer.text)
    return answer.headers["location"].partition("?")[0]


def test_a_saved_entry_tells_its_state_the_next_step_and_its_effect(http: httpx.Client) -> None:
    answer = http.post(f"{BASE}/new", data=BALANCED)
    page = seen(http.get(answer.headers["location"]).text)
    assert "är sparad." in page
    assert "Ej överförd" in page
    assert "följer med nästa export" in page
    assert re.search(r"4010 Konto 4010 [0-9 ]+,00 150,50 [0-9 ]+,50", page)
    assert "Varor i december" in seen(http.get(BASE).text)


def test_errors_are_told_by_row_and_nothing_typed_is_lost(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    before = len(held(host))
    wrong = {"text": "Behålls", "account-2": "1999", "debit-2": "tolv", "row-text-2": "också", "act": "ready"}
    answer = http.post(f"{BASE}/new", data=wrong)
    page = seen(answer.text)
    assert answer.status_code == 422
    assert "Inget har sparats än" in page
    assert "Rad 1: tolv är inget belopp" in page
    assert "Rad 1: företaget har inget konto 1999" in page
    for typed in ("Behålls", "1999", "tolv", "också"):
        assert f'value="{typed}"' in answer.text
    assert 'aria-invalid="true" aria-describedby="errors-1"' in answer.text
    assert len(held(host)) == before


def test_more_rows_are_given_without_a_script(http: httpx.Client) -> None:
    page = http.post(f"{BASE}/new", data=BALANCED | {"act": "more"}).text
    assert 'name="account-6"' in page
    assert re.search(r'name="account-3"[^>]* autofocus', page)


def test_the_figures_follow_what_is_typed_and_store_nothing(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    before = len(held(host))
    page = seen(http.post(f"{BASE}/figures", data=BALANCED | {"credit-2": "100"}).text)
    assert "Debet 150,50 Kredit 100,00 Skillnad 50,50" in page
    assert "4010 Konto 4010" in page
    assert len(held(host)) == before


def test_a_draft_may_be_unbalanced_and_is_made_ready(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    address = made(http, **{"credit-2": "", "act": "draft"})
    label = address.rpartition("/")[2]
    assert held(host)[label].status is Status.DRAFT
    form = http.get(f"{address}/edit").text
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version is not None
    http.post(f"{address}/edit", data=BALANCED | {"version": version[1]})
    assert held(host)[label].status is Status.READY


def test_a_change_meanwhile_is_told_and_the_typed_is_kept(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    address = made(http)
    label = address.rpartition("/")[2]
    assert http.post(f"{address}/edit", data=BALANCED | {"version": "1", "text": "Först"}).status_code == 303
    late = http.post(f"{address}/edit", data=BALANCED | {"version": "1", "text": "Sedan"})
    page = seen(late.text)
    assert late.status_code == 409
    assert "ändrades av asa" in page
    assert 'value="Sedan"' in late.text
    assert held(host)[label].content.text == "Först"
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    assert http.post(f"{address}/edit", data=BALANCED | {"version": version[1], "text": "Sedan"}).status_code == 303
    assert held(host)[label].content.text == "Sedan"


def test_deleted_entries_are_hidden_and_come_back(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    address = made(http, text="Tas bort")
    label = address.rpartition("/")[2]
    assert http.post(f"{address}/delete").status_code == 303
    assert held(host)[label].status is Status.DELETED
    assert "Tas bort" not in http.get(BASE).text
    assert "Tas bort" in http.get(f"{BASE}?deleted=1").text
    assert http.post(f"{address}/restore").status_code == 303
    assert held(host)[label].status is Status.READY


def test_not_for_transfer_wants_a_reason(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    address = made(http)
    label = address.rpartition("/")[2]
    refused = http.post(f"{address}/not-for-transfer", data={"reason": " "})
    assert (refused.status_code, held(host)[label].status) == (422, Status.READY)
    assert 'role="alert"' in refused.text
    assert http.post(f"{address}/not-for-transfer", data={"reason": "Bokas i källan"}).status_code == 303
    assert "Ej aktuell för överföring" in seen(http.get(address).text)
    assert "Bokas i källan" in seen(http.get(address).text)


def test_a_reversal_is_linked_and_follows_its_entry(http: httpx.Client) -> None:
    address = made(http, **{"reversed": "yes"})
    page = http.get(address).text
    assert "Återförs nästa period" in seen(page)
    linked = re.search(r'Återförs av</dt><dd><a href="([^"]+)"', page)
    assert linked is not None
    reversal = seen(http.get(linked[1]).text)
    assert "Återför" in reversal
    assert "Ändra" not in reversal


def test_a_difference_proposes_the_rows(http: httpx.Client) -> None:
    page = http.get(f"{BASE}/new", params={"account": "1930", "reconciled": "500", "counter": "4010"}).text
    assert 'value="1930 Konto 1930"' in page
    assert 'value="4010 Konto 4010"' in page
    assert 'name="origin" value="difference"' in page
    wrong = http.get(f"{BASE}/new", params={"account": "1930", "reconciled": "femhundra"})
    assert wrong.status_code == 422
    assert "femhundra är inget belopp" in seen(wrong.text)


def test_a_difference_of_no_account_is_told(http: httpx.Client) -> None:
    answer = http.get(f"{BASE}/new?account=%20&reconciled=5")
    assert answer.status_code == 422
    assert "Konto – finns inte i den här bokföringen." in seen(answer.text)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.SENDING, "Överförs"),
        (Status.UNKNOWN, "Oklar"),
        (Status.FAILED, "Misslyckad"),
        (Status.NOT_FOR_TRANSFER, "Ej aktuell för överföring"),
    ],
)
def test_states_stand_in_words_and_offer_what_they_allow(
    status: Status, words: str, office: tuple[Host, httpx.Client]
) -> None:
    host, http = office
    entry = add(host, status=status)
    page = http.get(f"{BASE}/{entry.label}").text
    assert words in seen(page)
    assert (f"{entry.label}/edit" in page) is (status in (Status.FAILED, Status.NOT_FOR_TRANSFER))
    refused = http.post(f"{BASE}/{entry.label}/again")
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text


def test_names_that_try_to_be_something_else_stay_names(http: httpx.Client) -> None:
    address = made(http, text=HOSTILE, **{"row-text-1": HOSTILE[:90]})
    for page in (address, f"{address}/edit", BASE, "/engagements/1/export", "/engagements/1/history"):
        text = http.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert HOSTILE in html.unescape(http.get(address).text)


def test_an_entry_of_another_engagement_is_not_there(http: httpx.Client) -> None:
    assert http.get(f"{BASE}/V999").status_code == 404
    assert http.get("/engagements/7/entries").status_code == 404
    assert http.post(f"{BASE}/V1/delete", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_long_list_is_quick(tmp_path: Path) -> None:
    with small_books(tmp_path) as host, served(host) as (_, visitor):
        first = add(host)
        with host.store.database.write() as connection:
            trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
            for _ in range(300):
                records.add(trail, first.year_start, "V", first.content)
        answer = visitor.http.get(BASE)
        assert answer.text.count('data-label="Nr"') == 301
        assert answer.elapsed.total_seconds() < 2
