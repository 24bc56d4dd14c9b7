"""Whatever stands in an address or a form, the answer is a page in words, never a fault of ours (T G-10)."""

import asyncio
import logging
import re
from urllib.parse import quote

import pytest

from asgi_calls import called
from closing_host.storage.runs import Runs
from closing_host.web.app import PAGES, build
from closing_host.web.house import House
from closing_host.web.routes import Page
from web_house import Served, Visitor

NUMBERS = ("0", "1", "99", "2147483648", "9223372036854775808", "9" * 40)
TEXTS = (
    *("x", "%00", "..%2f..", "%F0%9F%92%A9", "a" * 3000, "%22%3E%3Cscript%3E"),
    *("%0d%0aX-Y:z", "1930", "0" * 16, "sie4"),
)
QUERIES = (
    *("", "?year=%00", "?year=99999999999", "?page=-1", "?choose=%F0%9F%92%A9"),
    *("?q=%00%22", "?state=&code=", "?token=x"),
)
FORMS: tuple[dict[str, str], ...] = (
    {},
    {"engagement": "9" * 30, "source": "\x00", "state": "\U0001f4a9"},
    {"language": "xx", "back": "\\\\evil", "encoding": "\x00", "without": "1", "number": "-1"},
)


def filled(path: str) -> list[str]:
    """The route's path with odd values, each of them once."""
    places = re.findall(r"{\w+(?::int)?}", path)
    found = [path]
    for place in places:
        values = NUMBERS if place.endswith(":int}") else TEXTS
        found = [each.replace(place, value, 1) for each in found for value in values]
    return found[:: max(1, len(found) // 5)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_odd_requests_are_answered_in_words(asa: Visitor, page: Page) -> None:
    if page.path in ("/end", "/start") or page.path.endswith("events"):
        pytest.skip("ends the session, or begins one, or does not end")
    answers = {}
    for address in filled(page.path):
        if page.method == "GET":
            for query in QUERIES[:: 1 if "{" not in page.path else 5]:
                answers[address + query] = asa.get(address + query).status_code
        else:
            for form in FORMS:
                answers[f"{address} {sorted(form)}"] = asa.post(address, form).status_code
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno end"),
        ("application/x-www-form-urlencoded", b"%%%=&&&=\xff\xfe"),
        ("application/json", b"{}"),
        ("", b"\x00" * 100),
    ],
)
def test_odd_bodies_are_answered_in_words(asa: Visitor, kind: str, body: bytes) -> None:
    for address in ("/files", "/import", "/language"):
        status = asa.http.post(address, content=body, headers={"Content-Type": kind}).status_code
        assert status < 500


def test_a_search_for_anything_finds_or_not(asa: Visitor) -> None:
    for text in ("'; drop table engagement --", "%", "_", "\\", "åkes", "5566", "ÅKES", "a" * 5000):
        assert asa.get(f"/?q={quote(text)}").status_code == 200
    assert "Åkes Bageri AB" in asa.get("/?q=%C3%85KES").text
    assert "Åkes Bageri AB" in asa.get("/?q=556677").text
    assert "Åkes Bageri AB" not in asa.get("/?q=%25").text


def test_a_browser_that_goes_away_is_no_fault(pages: Served, asa: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    app, before = build(House(pages.host, pages.origin)), failed_pages(pages)
    kind = "multipart/form-data; boundary=x"
    headers = [("Host", f"127.0.0.1:{pages.port}"), ("Content-Type", kind), *asa.http.headers.items()]
    begun = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.se"\r\n\r\n#FLAGGA'
    with caplog.at_level(logging.INFO):
        asyncio.run(called(app, "POST", "/files", headers, [begun], goes_away=True))
    assert failed_pages(pages) == before
    assert [each.levelname for each in caplog.records if each.name.startswith("closing_host.web")] == ["INFO"]
    assert "POST /files 499" in caplog.text


def failed_pages(pages: Served) -> int:
    with pages.host.store.database.read() as connection:
        return sum(run.kind == "page" for run in Runs(connection, pages.host.store.clock).newest(limit=1000))
