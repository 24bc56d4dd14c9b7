"""*Transaktionsanalys* on the pages."""

import html
import re

import pytest

from closing_host.engagements.register import overviews
from small_sie import sie, voucher
from web_house import Served, Visitor

LOPSIDED = ("A", "2", "20250311", [("4010", "5.00"), ("1930", "-4.00")])


@pytest.fixture(scope="module")
def lopsided(pages: Served) -> str:
    """The address of the analysis of an engagement with a voucher that does not balance."""
    visitor = pages.visitor()
    content = sie(voucher(1), LOPSIDED, organisation_number="556036-0793", company="Skeva AB")
    visitor.accept(visitor.drop(("skeva.se", content)))
    number = max(each.engagement.id for each in overviews(pages.host))
    return f"/engagements/{number}/analysis"


def shown(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    return " ".join(html.unescape(answer.text).split())


def of(page: str, check: str) -> str:
    """A check's own part of the page."""
    return re.split(r'<details class="check-result" id=', page.split(f'id="{check}"', 1)[1], maxsplit=1)[0]


def finding(page: str, check: str) -> str:
    found = re.search(r'name="finding" value="([0-9a-f]{64})"', of(page, check))
    assert found is not None
    return found[1]


def test_every_check_stands_with_its_result_the_gravest_first(asa: Visitor, lopsided: str) -> None:
    page = shown(asa, lopsided)
    assert page.count('<details class="check-result"') == 31
    assert page.index('id="TA01"') < page.index('id="TA17"') < page.index('id="TA04"')
    assert "Voucher A 2 of 2025-03-11 is off by 1.00." in of(page, "TA01")
    assert "/vouchers/1?year=2025-12-31" in of(page, "TA01")
    assert "There is no payables ledger." in of(page, "TA17")


def test_a_period_is_looked_at_alone_and_one_that_there_is_not_is_named(asa: Visitor, lopsided: str) -> None:
    assert "No deviation" in of(shown(asa, f"{lopsided}?period=2025-02"), "TA01")
    assert "2025-01, 2025-02" in html.unescape(asa.get(f"{lopsided}?period=2026-01").text)


def test_a_finding_is_marked_done_with_a_comment_and_opened_again(asa: Visitor, lopsided: str) -> None:
    chosen = finding(shown(asa, lopsided), "TA01")
    done = {"check": "TA01", "finding": chosen, "comment": "Frågat <b>Åke</b>", "action": "done"}
    assert asa.post(f"{lopsided}?year=2025-12-31", done).status_code == 303
    raw = asa.get(lopsided).text
    assert "Frågat &lt;b&gt;Åke&lt;/b&gt;" in raw
    assert "Marked done" in of(shown(asa, lopsided), "TA01")
    asa.post(lopsided, {"check": "TA01", "finding": chosen, "action": "reopen"})
    assert "Deviation" in of(shown(asa, lopsided), "TA01")


def test_nothing_chosen_and_what_there_is_not_is_said(asa: Visitor, lopsided: str) -> None:
    assert "Choose at least one finding first." in asa.post(lopsided, {"action": "done"}).text
    gone = asa.post(lopsided, {"check": "TA01", "finding": "f" * 64, "action": "done"})
    assert gone.status_code == 422
    assert "There is no single finding fff" in of(gone.text, "TA01")


def test_what_was_typed_and_ticked_stays_at_its_check_when_it_cannot_be_done(asa: Visitor, lopsided: str) -> None:
    chosen = finding(shown(asa, lopsided), "TA01")
    comment = {"check": "TA01", "period": "2025-03", "comment": "Frågat <b>Åke</b>", "action": "done"}
    refused = asa.post(f"{lopsided}?year=2025-12-31", comment)
    page = html.unescape(of(refused.text, "TA01"))
    assert (refused.status_code, " open>" in page) == (422, True)
    assert "Choose at least one finding first." in page
    assert 'value="Frågat <b>Åke</b>"' in page
    assert "2025-03-01 – 2025-03-31" in refused.text
    long = asa.post(lopsided, {"check": "TA01", "finding": chosen, "comment": "x" * 2001, "action": "done"})
    assert f'value="{chosen}" checked' in long.text
    assert long.text.count('class="bad-box"') == refused.text.count('class="bad-box"') == 1


def test_checks_are_switched_off_and_on_and_own_ones_added_and_removed(asa: Visitor, lopsided: str) -> None:
    settings = f"{lopsided}/checks"
    assert "Say why TA04" in html.unescape(asa.post(settings, {"check": "TA04", "action": "off"}).text)
    asa.post(settings, {"check": "TA04", "action": "off", "reason": "Känt"})
    assert 'id="TA04"' not in shown(asa, lopsided)
    assert "Känt" in shown(asa, settings)
    asa.post(settings, {"check": "TA04", "action": "on"})
    assert 'id="TA04"' in shown(asa, lopsided)
    assert "2999,1999,9999" in shown(asa, f"{settings}?standard=TA19")
    own = {"check": "TA19", "action": "add", "name": "Bankkonton", "accounts": "1930"}
    assert asa.post(settings, own).status_code == 303
    assert "Bankkonton" in of(shown(asa, lopsided), "own-1")
    asa.post(settings, {"check": "own-1", "action": "remove"})
    assert "Bankkonton" not in shown(asa, lopsided)


def test_a_wrong_parameter_comes_back_to_the_form_with_what_was_typed(asa: Visitor, lopsided: str) -> None:
    answer = asa.post(f"{lopsided}/checks", {"check": "TA24", "action": "add", "name": "Ören", "row": "-1"})
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "-1 cannot be the value of row" in page
    assert 'value="Ören"' in page
    assert 'name="row" value="-1"' in page


def test_swedish_is_spoken(asa: Visitor, lopsided: str) -> None:
    page = html.unescape(asa.get(lopsided, **{"Accept-Language": "sv"}).text)
    assert "Transaktionsanalys" in page
    assert "Obalanserad verifikation" in page
    assert "Klarmarkera" in page
