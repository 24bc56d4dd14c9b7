"""What the user is promised (P 0), step by step in a browser against the local Fortnox, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from datasource_fortnox.simulator import RunningSimulator
from datasource_fortnox.simulator.sie_export import SieRequest, export
from e2e.conftest import User
from web_house import Served

Office = tuple[Served, RunningSimulator]
Visit = Callable[..., User]

WORDS = {
    "sv-SE": {
        "guide": "Nytt uppdrag",
        "import": "Importera från Fortnox",
        "done": "Importen är klar",
        "right": "Stämmer det?",
        "open": "Det stämmer – öppna böckerna",
        "source": "Datakälla",
        "trail": "Underhåll – Inställningar – Datakälla",
        "left": "30 dagar kvar",
        "expired": "Utgången",
        "run_out": "Kopplingen till Fortnox har gått ut. Importera från Fortnox för att aktivera den igen.",
        "disconnect": "Koppla bort",
        "disconnected": "Frånkopplad",
        "without": "Koppla utan reskontra",
        "with": "Koppla med reskontra",
        "again": "Försök igen",
        "unchanged": "Inga ändringar sedan förra importen.",
        "sie": "Det stämmer – lägg upp uppdraget och importera",
        "books": "Öppna böckerna",
    },
    "en-GB": {
        "guide": "New engagement",
        "import": "Import from Fortnox",
        "done": "The import is done",
        "right": "Is this right?",
        "open": "It is right: open the books",
        "source": "Data source",
        "trail": "Maintenance – Settings – Data source",
        "left": "30 days left",
        "expired": "Expired",
        "run_out": "The connection to Fortnox has run out. Import from Fortnox to activate it again.",
        "disconnect": "Disconnect",
        "disconnected": "Disconnected",
        "without": "Connect without sub-ledger",
        "with": "Connect with sub-ledger",
        "again": "Try again",
        "unchanged": "No changes since the last import.",
        "sie": "It is right: open the engagement and import",
        "books": "Open the books",
    },
}


@pytest.mark.parametrize("language", WORDS)
def test_connect_in_the_guide_and_thirty_days_later(language: str, office: Office, visit: Visit) -> None:
    pages, fortnox = office
    words = WORDS[language]
    user = visit(pages, language)
    page = user.page
    user.press(words["guide"])

    # From the list of sources to the login: two clicks, no typed field.
    clicks: list[str] = []
    page.expose_function("clicked", lambda on: clicks.append(str(on)))
    page.add_init_script("addEventListener('click', (event) => window.clicked(event.target.tagName), true)")
    page.reload()
    page.get_by_role("link", name="Fortnox").click()
    assert page.locator("main input:visible, main select:visible, main textarea:visible").count() == 0
    user.press(words["import"])
    expect(page).to_have_url(re.compile(r"/oauth-v1/auth\?"))
    assert len(clicks) == 2

    # Back from the consent the import is running, and what it brought shows without another click.
    user.log_in()
    expect(page).to_have_url(re.compile(r"/engagements/1/import$"))
    expect(page.get_by_role("heading", name=words["right"])).to_be_visible()
    expect(page.get_by_text("Exempel & Söner AB").first).to_be_visible()
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    expect(page.get_by_text("556677-8899").first).to_be_visible()
    user.press(words["open"])
    expect(page.get_by_role("link", name="1510")).to_be_visible()

    # The settings' page shows the connection; after 30 days it has run out, and an import revives it.
    user.press(words["source"])
    expect(page.get_by_text(words["trail"])).to_be_visible()
    expect(page.get_by_text(words["left"]).first).to_be_visible()
    fortnox.world.clock.advance(30 * 24 * 3600 + 60)
    page.reload()
    expect(page.get_by_text(words["expired"]).first).to_be_visible()
    expect(page.get_by_text(words["run_out"])).to_be_visible()
    user.go("/")
    expect(page.get_by_text(words["expired"])).to_be_visible()
    user.go("/engagements/1/source")
    user.press(words["import"])
    user.log_in()
    expect(page.get_by_text(words["unchanged"])).to_be_visible()
    user.press(words["source"])
    expect(page.get_by_text(words["left"]).first).to_be_visible()


@pytest.mark.parametrize("language", WORDS)
def test_the_same_engagement_from_a_file_then_from_fortnox(language: str, office: Office, visit: Visit) -> None:
    pages, fortnox = office
    words = WORDS[language]
    company = next(iter(fortnox.world.companies.values()))
    file = export(company, company.years[3], SieRequest(4, all_accounts=True), fortnox.world.switches)
    user = visit(pages, language)
    page = user.page
    user.go("/guide/sie4")
    content: FilePayload = {"name": "år.se", "mimeType": "", "buffer": file.encode()}
    page.set_input_files("main input[type=file]", [content])
    page.click("main form button")
    expect(page.get_by_role("heading", name=words["right"])).to_be_visible()
    user.press(words["sie"])
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    user.press(words["books"])
    from_file = page.locator("table.months tbody").inner_text()

    # Connect it in Underhåll – Inställningar – Datakälla; no other page changes.
    user.press(words["source"])
    page.get_by_role("link", name="Fortnox").click()
    user.press(words["import"])
    user.log_in()
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    user.go("/engagements/1/balances?year=2025")
    assert page.locator("table.months tbody").inner_text() == from_file

    # Without sub-ledger, then disconnected; what was said no to changes nothing.
    user.press(words["source"])
    user.press(words["without"])
    user.log_in("deny")
    expect(page.get_by_role("alert")).to_be_visible()
    user.complaints.clear()  # the browser notes the refusal's status 403
    user.press(words["again"])
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible()
    user.press(words["source"])
    expect(page.get_by_role("button", name=words["with"])).to_be_visible()
    user.press(words["disconnect"])
    page.locator("main").get_by_role("button", name=words["disconnect"]).click()
    expect(page.get_by_text(words["disconnected"]).first).to_be_visible()
    user.go("/engagements/1/balances?year=2025")
    assert page.locator("table.months tbody").inner_text() == from_file


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
    page.reload()
    expect(heading).to_be_visible()
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("heading", name="Importerar från Fortnox")).to_be_visible()

    # The server stops in the middle of it and starts again, on the same address: the import is taken up by itself.
    pages.turn.set()
    pages.restart()
    second.context.set_offline(True)
    second.wait_for_timeout(300)
    second.context.set_offline(False)
    expect(done).to_be_visible()
    expect(second.get_by_role("heading", name="Importen är klar")).to_be_visible()
    user.complaints.clear()  # the browser notes that the connection was lost
    user.go("/engagements/1/history")
    expect(page.get_by_text("Visas nu").first).to_be_visible()
