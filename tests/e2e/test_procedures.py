"""What the user is promised (P 0), step by step in a browser against the local Fortnox: in Swedish with the mouse, in
English with the keyboard alone. The labels of connecting and exporting are those of the help's numbered steps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from datasource_fortnox.simulator import RunningSimulator
from datasource_fortnox.simulator.sie_export import SieRequest, export
from e2e.conftest import KeyboardUser, User
from e2e.procedures import WORDS, Steps, steps
from fortnox_office import WHOLE
from web_house import Served

Office = tuple[Served, RunningSimulator]
Visit = Callable[..., User]
DAYS_30 = 30 * 24 * 3600


@pytest.mark.parametrize(("language", "kind"), [("sv-SE", User), ("en-GB", KeyboardUser)])
def test_what_the_user_is_promised(language: str, kind: type[User], office: Office, visit: Visit) -> None:
    pages, fortnox = office
    words = WORDS[language]
    user = visit(pages, language, kind=kind)
    user.go("/help/sources/fortnox")
    told = steps(user.page)
    _connect_in_the_guide(user, words, told)
    _make_an_entry(user, words)
    _export(user, words, told, fortnox)
    fortnox.world.clock.advance(DAYS_30 + 60)
    _find_the_button_grey(user, words, told)
    _import_in_the_settings(user, words, told)


def _connect_in_the_guide(user: User, words: dict[str, str], told: Steps) -> None:
    """Two clicks and no typed field from the list of sources to the login; back from it the import is on its way."""
    page = user.page
    user.press(words["guide"])
    clicks: list[str] = []
    page.expose_function("clicked", lambda on: clicks.append(str(on)))
    page.add_init_script("addEventListener('click', (event) => window.clicked(event.target.tagName), true)")
    page.reload(wait_until="domcontentloaded")
    user.use(page.get_by_role("link", name=told.source))
    expect(page.get_by_role("button", name=told.fetch)).to_be_visible()
    assert page.locator("main input:visible, main select:visible, main textarea:visible").count() == 0
    user.press(told.fetch)
    expect(page).to_have_url(re.compile(r"/oauth-v1/auth\?"))
    assert len(clicks) == 2
    user.log_in()
    expect(page).to_have_url(re.compile(r"/engagements/1/import$"))
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    expect(page.get_by_role("heading", name=words["right"])).to_be_visible()
    expect(page.get_by_text("556677-8899").first).to_be_visible()
    user.press(words["attachments"])
    for side in words["sides"].split(", "):
        expect(page.get_by_role("link", name=re.compile(f"^{side}")).first).to_be_visible()


def _make_an_entry(user: User, words: dict[str, str]) -> None:
    """Its sums follow what is typed, and the server says what is wrong; nothing typed is lost."""
    page = user.page
    user.press(words["entries"])
    user.press(words["new"])
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Upplupna löner")
    for field, typed in (("account-1", "7010"), ("debit-1", "12 000"), ("account-2", "2910"), ("credit-2", "11 000")):
        user.type(f"#{field}", typed)
    expect(page.locator("#figures .trouble")).to_have_text(re.compile(r"1.000[,.]00"))
    user.expected |= {"422"}
    user.press(words["save"])
    expect(page.get_by_role("alert")).to_contain_text(words["unbalanced"])
    user.type("#credit-2", "12000")
    expect(page.locator("#figures .good")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(words["saved"])).to_be_visible()


def _export(user: User, words: dict[str, str], told: Steps, fortnox: RunningSimulator) -> None:
    """Into a chosen series, by the help's four steps."""
    page = user.page
    user.press(told.export_tab)
    user.press(told.export)
    user.choose(page.get_by_role("combobox", name=told.series, exact=True), words["next"])
    expect(page.get_by_text(words["passed"])).to_be_visible()
    user.press(told.send)
    expect(page.get_by_role("heading", name=words["exported"])).to_be_visible()
    expect(page.get_by_text(words["booked"])).to_be_visible()
    years = fortnox.world.companies[WHOLE].years.values()
    assert [number for year in years for series, number in year.vouchers if series == "I"] == [1]


def _find_the_button_grey(user: User, words: dict[str, str], told: Steps) -> None:
    """With its tooltip, which is said beside it too, and the way to the help's paragraph about the 30 days."""
    page = user.page
    user.press(told.export_tab)
    button = page.get_by_role("button", name=told.export)
    expect(button).to_be_disabled()
    assert button.get_attribute("title") == words["run_out"]
    expect(page.locator("#why-not")).to_contain_text(words["run_out"])
    user.press(words["why"])
    expect(page).to_have_url(re.compile(r"/help/sources/fortnox#thirty-days$"))
    expect(page.locator("h2:target")).to_have_text(words["thirty_days"])
    page.go_back(wait_until="domcontentloaded")


def _import_in_the_settings(user: User, words: dict[str, str], told: Steps) -> None:
    """By the help's five steps, which revives the connection; what was exported is recognised."""
    page = user.page
    user.use(page.locator("nav.tabs").get_by_role("link", name=told.tab, exact=True))
    expect(page.get_by_text(told.settings, exact=True)).to_be_visible()
    user.use(page.locator("main").get_by_role("link", name=told.source))
    user.press(told.fetch)
    user.log_in()
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    user.use(page.locator("nav.tabs").get_by_role("link", name=told.tab, exact=True))
    expect(page.get_by_text(words["left"]).first).to_be_visible()
    user.press(words["entries"])
    expect(page.get_by_text(words["excluded"])).to_be_visible()
    user.press(told.export_tab)
    expect(page.locator("#why-not")).to_contain_text(words["nothing"])


SAME = ("balances?year=2025", "accounts/1510?year=2025", "accounts/3001?year=2025", "vouchers?year=2025", "entries")
"""Pages of the books, which say nothing of where these came from."""


def test_the_same_engagement_from_a_file_then_from_fortnox(office: Office, visit: Visit) -> None:
    pages, fortnox = office
    company = fortnox.world.companies[WHOLE]
    file = export(company, company.years[3], SieRequest(4, all_accounts=True), fortnox.world.switches)
    user, visitor = visit(pages), pages.visitor()
    page = user.page

    def books() -> list[list[str]]:
        answers = (visitor.get(f"/engagements/1/{each}").text for each in SAME)
        return [re.findall(r"<table.*?</table>|<h1>.*?</h1>", answer, re.DOTALL) for answer in answers]

    user.go("/guide/sie4")
    content: FilePayload = {"name": "år.se", "mimeType": "", "buffer": file.encode()}
    page.set_input_files("main input[type=file]", [content])
    page.click("main form button")
    expect(page.get_by_role("heading", name="Stämmer det?")).to_be_visible()
    user.press("Det stämmer – lägg upp uppdraget och importera")
    expect(page.get_by_role("heading", name="Importen är klar")).to_be_visible()
    from_file = books()
    user.press("Öppna böckerna")
    expect(page.get_by_role("link", name="1510")).to_be_visible()

    # Connect it in Underhåll – Inställningar – Datakälla: no page of the books changes.
    user.press("Datakälla")
    page.get_by_role("link", name="Fortnox").click()
    user.press("Importera från Fortnox")
    user.log_in()
    expect(page.get_by_role("heading", name="Importen är klar")).to_be_visible()
    assert books() == from_file


def test_progress_survives_reload_a_second_tab_a_lost_connection_and_a_restart(office: Office, visit: Visit) -> None:
    pages, _ = office
    user = visit(pages)
    page = user.page
    user.go("/guide/fortnox")
    user.press("Importera från Fortnox")
    pages.turn.clear()
    user.log_in()
    heading = page.get_by_role("heading", name="Importerar från Fortnox")
    done = page.get_by_role("heading", name="Importen är klar")
    expect(heading).to_be_visible()
    page.reload(wait_until="domcontentloaded")
    expect(heading).to_be_visible()
    second = page.context.new_page()
    second.goto(page.url, wait_until="domcontentloaded")
    expect(second.get_by_role("heading", name="Importerar från Fortnox")).to_be_visible()

    # The server stops in the middle of it and starts again, on the same address: the import is taken up by itself.
    pages.turn.set()
    pages.restart()
    second.context.set_offline(True)
    second.wait_for_timeout(300)
    second.context.set_offline(False)
    expect(done).to_be_visible()
    expect(second.get_by_role("heading", name="Importen är klar")).to_be_visible()
    second.close()
    user.complaints.clear()  # the browser notes that the connection was lost
    user.go("/engagements/1/history")
    expect(page.get_by_text("Visas nu").first).to_be_visible()
