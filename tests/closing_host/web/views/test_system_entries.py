"""The page of system entries without a script: choose, compute, make; nothing typed is lost."""

import re
from collections.abc import Iterator

import httpx
import pytest

from attachment_house import seen, served
from closing_host.closing.entries import Status
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from system_books import example_books

ENTRIES = "/engagements/1/entries"
BASE = f"{ENTRIES}/system?year=2026-12-31"
TYPED = {
    "switches": "yes",
    "income_tax": "yes",
    "allocation": "203 637",
    "excess_depreciation": "",
    "non_deductible": "12 345",
    "non_taxable": "345",
    "losses": "",
    "tax_rate": "",
    "standard_income_rate": "",
    "result_account": "",
    "reversal-2123": "",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, httpx.Client]]:
    folder = tmp_path_factory.mktemp("system")
    example_books(folder)
    with Host.open(folder / "data", Actor("asa")) as host, served(host) as (_, visitor):
        yield host, visitor.http


@pytest.fixture
def http(office: tuple[Host, httpx.Client]) -> httpx.Client:
    return office[1]


def held(host: Host) -> list[str]:
    with host.store.database.read() as connection:
        return [each.label for each in EntryRecords(connection, 1).all() if each.status is not Status.DELETED]


def test_computing_shows_line_by_line_and_keeps_nothing(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    first = seen(http.get(BASE).text)
    assert "Skatt på årets resultat Inte skapad än" in first
    answer = http.post(BASE, data=TYPED | {"act": "compute"})
    page = seen(answer.text)
    assert answer.status_code == 200
    assert "Inget har sparats än" in page
    assert "Sats för schablonintäkt IL 30 kap. 6 a § 2,55 %" in page
    assert "Skatt, i hela kronor 125 847,00" in page
    assert "8999 Årets resultat 470 516,00" in page
    assert re.search(r'name="non_deductible" value="12\s345,00"', answer.text)
    assert held(host) == []
    assert "125 847" not in seen(http.get(BASE).text)


def test_nothing_to_reverse_stays_in_its_field_and_an_empty_one_stays_empty(
    office: tuple[Host, httpx.Client],
) -> None:
    _, http = office
    for typed, shown in (("0", "0,00"), ("", "")):
        answer = http.post(BASE, data=TYPED | {"reversal-2123": typed, "act": "compute"})
        assert f'name="reversal-2123" value="{shown}"' in answer.text


def test_what_is_refused_says_why_beside_what_was_typed(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    hostile = '"><script>alert(1)</script>'
    for typed, said in (
        ({"allocation": "400 000"}, "högst 203 637,00 i år"),
        ({"losses": "många"}, "många är inget belopp"),
        ({"tax_rate": hostile}, "är ingen sats"),
        ({"reversal-2123": "x", "reversal-9999": "1"}, "x är inget belopp"),
    ):
        answer = http.post(BASE, data=TYPED | typed | {"act": "make"})
        assert answer.status_code == 422
        assert said in seen(answer.text)
        assert 'value="12 345"' in answer.text
        assert "<script>alert" not in answer.text
    assert held(host) == []


def test_made_from_the_page_linked_from_the_list_and_followed(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    answer = http.post(BASE, data=TYPED | {"act": "make"})
    assert answer.status_code == 303
    page = http.get(answer.headers["location"]).text
    assert "Verifikationerna är skapade" in seen(page)
    assert seen(page).count("Skapad och aktuell") == 3
    assert f'href="{ENTRIES}/S2?year=2026-01-01"' in page
    assert held(host) == ["S1", "S2", "S3"]
    listed = http.get(f"{ENTRIES}?year=2026-12-31").text
    assert f'href="{ENTRIES}/system?year=2026-12-31"' in listed
    assert "är inaktuella" not in seen(listed)
    assert "Skatt på årets resultat" in seen(http.get(f"{ENTRIES}/S2?year=2026-12-31").text)
    loss = {"text": "Nedskrivning", "account-1": "3010", "debit-1": "500000", "account-2": "1930"}
    loss |= {"credit-2": "500000", "act": "ready", "period": "year-end"}
    assert http.post(f"{ENTRIES}/new?year=2026-12-31", data=loss).status_code == 303
    assert "är inaktuella" in seen(http.get(f"{ENTRIES}?year=2026-12-31").text)
    told = seen(http.get(BASE).text)
    assert "är mer än vad som får sättas av till periodiseringsfond" in told
    assert "Inaktuell" in told


def test_a_company_whose_form_is_not_known_is_sent_to_state_it(office: tuple[Host, httpx.Client]) -> None:
    host, http = office
    with host.store.database.write() as connection:
        EngagementRecords(connection, 1).set_form(host.store.trail(connection, host.actor), "")
    page = http.get(BASE)
    assert page.status_code == 200
    assert 'href="/engagements/1/guide/company"' in page.text
