"""*Bilagor* in a real browser: for everybody, in place, by keyboard, in both languages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from attachment_books import acceptance
from attachment_house import make_example, renamed, served
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from closing_host.web.server import start_link

CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
BASE = "/engagements/1/attachments"
HOSTILE = "\"><img src=x onerror=console.error('run')><script>console.error('run')</script>"


@pytest.fixture(scope="module")
def chromium_here() -> Iterator[Browser]:
    if shutil.which(CHROMIUM) is None:
        pytest.skip("no chromium here; `make test` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def example(tmp_path: Path, chromium_here: Browser) -> Iterator["Browsing"]:
    make_example(tmp_path / "data", renamed(acceptance(), HOSTILE))
    with Host.open(tmp_path / "data", Actor("asa")) as host, served(host) as (origin, _):
        browsing = Browsing(chromium_here, host, origin)
        yield browsing
        for context in chromium_here.contexts:
            context.close()
        assert browsing.complaints == []


class Browsing:
    """Opens windows that have followed the start link. `complaints`: what their consoles said."""

    def __init__(self, browser: Browser, host: Host, origin: str) -> None:
        self.browser, self.host, self.origin = browser, host, origin
        self.complaints: list[str] = []

    def open(self, language: str = "sv-SE", width: int = 1280, *, examined: bool = False) -> Page:
        """`examined`: the window lets axe in, which the pages' policy would not."""
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 800}, bypass_csp=examined
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(start_link(self.host, int(self.origin.rsplit(":", 1)[1])))
        return page


def test_rows_notes_and_vouchers_by_keyboard(example: Browsing) -> None:
    page = example.open()
    page.goto(f"{example.origin}{BASE}/own/new?account=1930")
    page.get_by_label("Text på rad 1").fill("Kontoutdrag")
    page.keyboard.press("Tab")
    page.keyboard.type("5 400,50")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text på rad 4")).to_be_focused()
    expect(page.locator("#sums")).to_contain_text("99,50")
    page.get_by_label("Ta bort rad 2").press("Enter")
    expect(page.get_by_label("Text på rad 4")).to_have_count(0)
    expect(page.get_by_label("Text på rad 1")).to_have_value("Kontoutdrag")
    page.get_by_label("Belopp på rad 1").fill("5500")
    page.keyboard.press("Tab")
    expect(page.locator("#sums .good")).to_have_text("0,00")
    page.get_by_role("button", name="Spara").press("Enter")
    expect(page.get_by_role("heading", name="1930 Konto 1930")).to_be_visible()
    expect(page.locator("article.own tfoot")).to_contain_text("5\u00a0500,00")

    page.goto(f"{example.origin}{BASE}/receivables")
    page.get_by_label("Lägg till anteckning på 103").press("Enter")
    expect(page.get_by_label("Anteckning på 103", exact=True)).to_be_focused()
    page.keyboard.type("Bestridd <b>")
    page.get_by_role("button", name="Spara").press("Enter")
    expect(page.get_by_label("Ändra anteckningen på 103")).to_be_focused()
    expect(page.locator(".said")).to_have_text("Bestridd <b>")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Avbryt").press("Enter")
    expect(page.locator(".said")).to_have_text("Bestridd <b>")
    page.locator("#explanation").get_by_role("link", name="A 77").press("Enter")
    expect(page.locator("#vouchers article h2")).to_have_text("A 77")
    page.keyboard.press("Escape")
    expect(page.locator("#vouchers article")).to_have_count(0)


def test_everybody_can_use_them(example: Browsing) -> None:
    page = example.open("en-GB", width=360, examined=True)
    page.goto(f"{example.origin}{BASE}/accounts/1930")
    page.locator("form.upload input[type=file]").set_input_files(
        {"name": "Årsbesked.txt", "mimeType": "text/plain", "buffer": b"text"}
    )
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("link", name="Årsbesked.txt")).to_be_visible()
    found, wide = {}, {}
    note, form = "/receivables/note?document=103", "/own/new?account=1930"
    for path in ("", "/receivables", "/payables?by=age", note, "/accounts/1930", form):
        page.goto(f"{example.origin}{BASE}{path}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        page.add_script_tag(path=AXE)
        said = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        if said:
            found[path] = [f"{each['id']}: {each['nodes'][0]['html']}" for each in said]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
            wide[path] = width
    assert (found, wide) == ({}, {})
