"""Logins as pages lead them: whose company it is, who may come back, what is said no to, what cannot be chosen."""

import re
import time
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import httpx
import pytest

from closing_host.engagements.register import new_engagement
from closing_host.storage.engagements import EngagementRecords
from datasource_fortnox.simulator import RunningSimulator
from fortnox_office import WHOLE, click_through, installation
from web_house import Served, Visitor, served_with_fortnox

Office = tuple[Served, RunningSimulator]


@pytest.fixture
def office(tmp_path: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        with served_with_fortnox(folder / "data") as made:
            made[0].turn.clear()  # these tests need no import to come to its end
            yield made
            made[0].turn.set()


def back(office: Office, visitor: Visitor, answer: httpx.Response, decision: str = "approve") -> httpx.Response:
    """Go through the source's login; the page that the browser comes back to."""
    assert answer.status_code == 303, answer.text
    address = click_through(office[1], answer.headers["location"], WHOLE, decision=decision)
    return visitor.get(address.removeprefix(office[0].origin))


def test_whichever_company_a_new_engagement_is_connected_to_is_its_own(office: Office) -> None:
    visitor = office[0].visitor()
    page = back(office, visitor, visitor.post("/guide/fortnox"))
    assert (page.status_code, page.headers["location"]) == (303, "/engagements/1/import")
    assert "Exempel &amp; Söner AB" in visitor.get("/").text


def test_a_known_engagement_asks_whether_it_is_the_right_company(office: Office) -> None:
    pages, _ = office
    client = new_engagement(pages.host, "Utan nummer", source_id="fortnox")
    visitor = pages.visitor()
    for choice, where in (("decline", "source"), ("confirm", "import")):
        page = back(office, visitor, visitor.post(f"/engagements/{client.id}/import"))
        assert page.status_code == 200
        assert "Exempel &amp; Söner AB" in page.text
        state = re.search(r'name="state" value="([^"]+)"', page.text)
        assert state is not None
        answer = visitor.post(f"/login/{choice}", {"state": state[1]})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/engagements/{client.id}/{where}")
    assert "556677-8899" in visitor.get("/").text


def test_a_company_that_has_an_engagement_leads_to_it(office: Office) -> None:
    pages, _ = office
    client = new_engagement(pages.host, "Finns redan", organisation_number="556677-8899")
    visitor = pages.visitor()
    page = back(office, visitor, visitor.post("/guide/fortnox"))
    assert page.status_code == 403
    assert f'href="/engagements/{client.id}/source"' in page.text
    assert "Finns redan" in page.text


def test_a_login_that_is_said_no_to_can_be_tried_again(office: Office) -> None:
    visitor = office[0].visitor()
    page = back(office, visitor, visitor.post("/guide/fortnox"), decision="deny")
    assert page.status_code == 403
    assert 'action="/engagements/1/import"' in page.text
    assert back(office, visitor, visitor.post("/engagements/1/import")).status_code == 303


def test_a_year_that_is_added_is_imported_from_a_source_that_is_connected(office: Office) -> None:
    pages, _ = office
    visitor = pages.visitor()
    back(office, visitor, visitor.post("/guide/fortnox"))
    with pages.host.store.database.write() as connection:
        trail = pages.host.store.trail(connection, pages.host.actor)
        EngagementRecords(connection, 1).add_year(trail, date(2025, 1, 1), date(2025, 12, 31))
    assert "Add the year and import its books" in visitor.get("/engagements/1/years/new").text
    assert visitor.post("/engagements/1/years/new").headers["location"] == "/engagements/1/import"


def test_what_was_imported_stays_when_the_source_is_disconnected(office: Office) -> None:
    pages, _ = office
    pages.turn.set()
    visitor = pages.visitor()
    back(office, visitor, visitor.post("/guide/fortnox"))
    for _ in range(300):
        if "hx-sse:connect" not in visitor.get("/engagements/1/import").text:
            break
        time.sleep(0.05)
    table = visitor.get("/engagements/1/balances").text.split("<table")[1]
    assert visitor.post("/engagements/1/source/disconnect").status_code == 303
    assert "Disconnected" in visitor.get("/engagements/1/source").text
    assert visitor.get("/engagements/1/balances").text.split("<table")[1] == table
    assert table.count("<tr") > 20


def test_a_company_without_invoicing_is_connected_without_sub_ledger(office: Office) -> None:
    pages, fortnox = office
    fortnox.world.companies[WHOLE].modules.discard("invoice")
    visitor = pages.visitor()
    page = back(office, visitor, visitor.post("/guide/fortnox"))
    assert "Connect without sub-ledger" in page.text
    again = visitor.post("/engagements/1/source/without", {"without": "yes"})
    assert back(office, visitor, again).headers["location"] == "/engagements/1/import"
    assert "Connect with sub-ledger" in visitor.get("/engagements/1/source").text


def test_a_login_comes_back_to_the_session_that_began_it(office: Office) -> None:
    mine, other = office[0].visitor(), office[0].visitor()
    begun = mine.post("/guide/fortnox")
    address = click_through(office[1], begun.headers["location"], WHOLE)
    path = address.removeprefix(office[0].origin)
    assert other.get(path).status_code == 403
    assert mine.get(path).status_code == 303
    assert mine.get(path).status_code == 303  # a reload shows the first result again
    assert mine.get("/callback?state=guessed&code=x").status_code == 403


def test_the_form_may_lead_to_the_login_and_nowhere_else(office: Office) -> None:
    pages, fortnox = office
    visitor = pages.visitor()
    login = visitor.post("/guide/fortnox").headers["location"]
    origin = f"{urlsplit(login).scheme}://{urlsplit(login).netloc}"
    assert origin == fortnox.origin
    policy = visitor.get("/guide").headers["content-security-policy"]
    assert f"form-action 'self' {origin};" in policy


def test_a_source_whose_logins_come_back_elsewhere_says_what_to_do(office: Office) -> None:
    pages, fortnox = office
    visitor = pages.visitor()
    elsewhere = installation(fortnox, callback="http://127.0.0.1:1/callback")
    pages.host.connections.save_installation("fortnox", elsewhere, pages.host.actor)
    page = visitor.get("/guide").text
    assert "http://127.0.0.1:1/callback" in page
    assert "closing source setup fortnox" in page
    assert 'href="/guide/fortnox"' not in page
    assert visitor.post("/guide/fortnox").status_code == 400


def test_pressing_import_twice_is_one_import(office: Office) -> None:
    visitor = office[0].visitor()
    back(office, visitor, visitor.post("/guide/fortnox"))
    runs = set()
    for _ in range(3):
        assert visitor.post("/engagements/1/import").headers["location"] == "/engagements/1/import"
        runs.update(re.findall(r"Run ([2-9a-z-]{9})\.", visitor.get("/engagements/1/import").text))
    assert len(runs) == 1


def test_chosen_clients_are_imported_and_those_without_login_are_skipped(office: Office) -> None:
    pages, _ = office
    visitor = pages.visitor()
    back(office, visitor, visitor.post("/guide/fortnox"))
    new_engagement(pages.host, "Ej ansluten", source_id="fortnox")
    answer = visitor.post("/import", {"engagement": ["1", "2", "99", "x"]})
    page = " ".join(re.sub(r"<[^>]+>", " ", visitor.get(answer.headers["location"]).text).split())
    assert "Exempel &amp; Söner AB : the import has begun." in page
    assert "Ej ansluten : skipped. The engagement is not connected to Fortnox." in page
