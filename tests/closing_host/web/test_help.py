"""Help: every page in both languages, its links lead somewhere, and its text stays text."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from closing_host.web.markdown import html_of
from web_house import Visitor

LOCALES = [Path(str(files(package))) / "sv" for package in ("closing_host.locale", "datasource_fortnox.locale")]
TOPICS = ("getting-started", "attachments", "period-reconciliation", "transaction-analysis")
ADDRESSES = ("/help", "/help/sources/fortnox", *(f"/help/{each}" for each in TOPICS))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_help_page_is_there_in_both_languages(asa: Visitor, address: str, language: str) -> None:
    asa.post("/language", {"language": language})
    page = asa.get(address)
    asa.post("/language", {"language": ""})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1") == 1
    main = page.text.split("<main")[1]
    assert ("Hantera Fortnox-integrationen" in main) == (language == "sv" and address in ADDRESSES[:2])
    for link in re.findall(r'href="(/[^"#]*)', main):
        assert asa.get(link).status_code == 200, link


@pytest.mark.parametrize("language", ["sv", "en"])
def test_labels_in_the_helps_steps_are_labels_of_the_pages(asa: Visitor, language: str) -> None:
    said = set()
    for area in (area for folder in LOCALES for area in folder.glob("*.po")):
        with area.open("rb") as file:
            for each in read_po(file):
                texts = each.string if language == "sv" else each.id
                spelled = [texts] if isinstance(texts, str) else list(texts or ())
                said |= {text.replace("{source}", "Fortnox") for text in spelled}
    asa.post("/language", {"language": language})
    steps = [step for address in ADDRESSES for step in re.findall("<ol>.*?</ol>", asa.get(address).text, re.DOTALL)]
    asa.post("/language", {"language": ""})
    labels = {label for step in steps for label in re.findall("<em>(.*?)</em>", step)}
    assert len(labels) > 12
    assert labels - said == {"Fortnox"}


def test_both_languages_have_the_same_anchors(asa: Visitor) -> None:
    anchors = []
    for language in ("sv", "en"):
        asa.post("/language", {"language": language})
        anchors.append(re.findall(r'<h2 id="([^"]+)"', asa.get(ADDRESSES[1]).text))
    asa.post("/language", {"language": ""})
    assert anchors[0] == anchors[1]
    assert "thirty-days" in anchors[0]


@pytest.mark.parametrize("address", ["/help/no-such", "/help/sources/no-such"])
def test_help_that_there_is_not_says_so(asa: Visitor, address: str) -> None:
    page = asa.get(address)
    assert page.status_code == 404
    assert "There is no help page" in page.text


@pytest.mark.parametrize("path", ["/", "/guide", "/engagements/1/balances", "/engagements/1/source", "/nowhere"])
def test_pages_lead_to_their_help(asa: Visitor, path: str) -> None:
    page = asa.get(path).text
    found = re.search(r'<a href="(/help[^"]*)"[^>]*>Help</a>', page)
    assert found is not None
    assert asa.get(found[1]).status_code == 200


@pytest.mark.parametrize(
    ("path", "topic"), [("analysis", "transaction-analysis"), ("entries", "period-reconciliation")]
)
def test_an_engagements_pages_lead_to_the_help_of_their_work(asa: Visitor, path: str, topic: str) -> None:
    assert f'<a href="/help/{topic}"' in asa.get(f"/engagements/1/{path}").text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/a.png)",
        "<img src=x onerror=alert(1)>",
        '# Rubrik {#"><script>}',
        "[x](data:text/html,<script>alert(1)</script>)",
    ],
)
def test_nothing_in_a_help_text_becomes_a_script_or_an_image(text: str) -> None:
    html = str(html_of(text))
    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r'(?:href|src)="(?:javascript|data):', html)


def test_a_heading_states_its_anchor() -> None:
    assert html_of("## 30 dagar {#thirty-days}") == '<h2 id="thirty-days">30 dagar</h2>\n'
    assert html_of("## Text {#x}\n\n{#y}") == '<h2 id="x">Text</h2>\n<p>{#y}</p>\n'
