"""A closing entry from the form into Fortnox's books (P 0, P 7.5, P 7.6), in both languages, for everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from datasource_fortnox.simulator import RunningSimulator
from e2e.conftest import AXE, User
from fortnox_office import WHOLE
from web_house import Served

Office = tuple[Served, RunningSimulator]
Visit = Callable[..., User]

WORDS = {
    "sv-SE": {
        "import": "Importera från Fortnox",
        "imported": "Importen är klar",
        "entries": "Bokslutstransaktioner",
        "new": "Ny verifikation",
        "text": "Text",
        "unbalanced": "Debet och kredit skiljer",
        "save": "Spara",
        "saved": "V1 är sparad.",
        "export": "Export",
        "button": "Exportera bokslutstransaktioner till Fortnox",
        "series": "Verifikationsserie",
        "next": "I Bokslut (nästa nummer 1)",
        "passed": "Inget hindrar.",
        "now": "Exportera",
        "done": "Exporten är klar",
        "booked": "V1 är bokförd som I 1.",
        "excluded": "Överförd - exkluderad",
        "run_out": "Kopplingen till Fortnox har gått ut. Importera från Fortnox för att aktivera den igen.",
        "nothing": "Det finns inget att exportera.",
    },
    "en-GB": {
        "import": "Import from Fortnox",
        "imported": "The import is done",
        "entries": "Closing transactions",
        "new": "New entry",
        "text": "Text",
        "unbalanced": "Debit and credit differ",
        "save": "Save",
        "saved": "V1 is saved.",
        "export": "Export",
        "button": "Export closing transactions to Fortnox",
        "series": "Voucher series",
        "next": "I Bokslut (next number 1)",
        "passed": "Nothing stands in the way.",
        "now": "Export now",
        "done": "The export is done",
        "booked": "V1 is booked as I 1.",
        "excluded": "Transferred - excluded",
        "run_out": "The connection to Fortnox has run out. Import from Fortnox to activate it again.",
        "nothing": "There is nothing to export.",
    },
}


def connected(user: User, words: dict[str, str]) -> None:
    user.go("/guide/fortnox")
    user.press(words["import"])
    user.log_in()
    expect(user.page.get_by_role("heading", name=words["imported"])).to_be_visible(timeout=60_000)


def accessible(page: Page) -> None:
    page.add_script_tag(path=AXE)
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == []


@pytest.mark.parametrize("language", WORDS)
def test_an_entry_is_made_checked_exported_and_recognised(language: str, office: Office, visit: Visit) -> None:
    pages, fortnox = office
    words = WORDS[language]
    user = visit(pages, language, examined=True)
    page = user.page
    connected(user, words)

    # Make it with the keyboard alone; the server says what is wrong, and nothing typed is lost.
    user.press(words["entries"])
    accessible(page)
    user.press(words["new"])
    expect(page.get_by_label(words["text"], exact=True).first).to_be_focused()
    page.keyboard.type("Upplupna löner")
    page.locator("#account-1").focus()
    for typed in ("7010", "12 000", ""):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.locator("#account-2").focus()
    for typed in ("2910", "", "11 000"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    expect(page.locator("#figures .trouble")).to_have_text(re.compile(r"1.000[,.]00"))
    user.press(words["save"])
    expect(page.get_by_role("alert")).to_contain_text(words["unbalanced"])
    accessible(page)
    user.complaints.clear()  # the browser notes the status 422
    page.fill("#credit-2", "12000")
    expect(page.locator("#figures .good")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(words["saved"])).to_be_visible()
    accessible(page)

    # Check and export it into a chosen series.
    user.press(words["export"])
    accessible(page)
    user.press(words["button"])
    page.get_by_label(words["series"], exact=True).select_option(label=words["next"])
    expect(page.get_by_text(words["passed"])).to_be_visible()
    accessible(page)
    user.press(words["now"])
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible(timeout=60_000)
    expect(page.get_by_text(words["booked"])).to_be_visible()
    accessible(page)
    years = fortnox.world.companies[WHOLE].years.values()
    assert [number for year in years for series, number in year.vouchers if series == "I"] == [1]

    # 30 days later the button is grey, and says why without being pointed at; an import revives it.
    fortnox.world.clock.advance(30 * 24 * 3600 + 60)
    user.press(words["export"])
    button = page.get_by_role("button", name=words["button"])
    expect(button).to_be_disabled()
    assert button.get_attribute("title") == words["run_out"]
    expect(page.locator("#why-not")).to_contain_text(words["run_out"])
    assert page.locator("#why-not a").get_attribute("href") == "/help/sources/fortnox#thirty-days"
    accessible(page)
    user.press(words["import"])
    user.log_in()
    expect(page.get_by_role("heading", name=words["imported"])).to_be_visible(timeout=60_000)
    user.press(words["entries"])
    expect(page.get_by_text(words["excluded"])).to_be_visible()
    user.press(words["export"])
    expect(page.locator("#why-not")).to_contain_text(words["nothing"])


def test_the_pages_fit_into_360_pixels_and_the_dark(office: Office, visit: Visit) -> None:
    pages, _ = office
    user = visit(pages, width=360, examined=True)
    user.page.emulate_media(color_scheme="dark")
    connected(user, WORDS["sv-SE"])
    user.go("/engagements/1/entries/new?side=receivables&number=1")
    user.page.fill("#account-2", "1930")
    user.press("Spara")
    expect(user.page.get_by_text("V1 är sparad.")).to_be_visible()
    wide = {}
    for address in ("entries", "entries/new", "entries/V1", "entries/V1/edit", "export", "export/new", "export/mark"):
        user.go(f"/engagements/1/{address}")
        accessible(user.page)
        if (width := user.page.evaluate("document.documentElement.scrollWidth")) > 360:
            wide[address] = width
    assert wide == {}
