"""What the help says of the pages is what stands on them: its numbered steps are followed label by label."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from closing_host.engagements.register import new_engagement
from datasource_fortnox.simulator import RunningSimulator
from e2e.conftest import User
from web_house import Served

Visit = Callable[..., User]

WORDS = {
    "sv-SE": {"done": "Importen är klar", "text": "Upplupen ränta", "save": "Spara"},
    "en-GB": {"done": "The import is done", "text": "Accrued interest", "save": "Save"},
}


def steps(page: Page, anchor: str) -> list[list[str]]:
    """The labels of each numbered step below the heading."""
    found: list[list[str]] = page.evaluate(
        """(anchor) => {
            let list = document.getElementById(anchor);
            while (list.tagName !== "OL") list = list.nextElementSibling;
            return [...list.children].map((step) => [...step.querySelectorAll("em")].map((label) => label.innerText));
        }""",
        anchor,
    )
    return found


def labelled(page: Page, label: str) -> Locator:
    """What has exactly this label: a control, or words on the page."""
    control = page.get_by_role("button", name=label, exact=True).or_(page.get_by_role("link", name=label, exact=True))
    return control.or_(page.get_by_text(label, exact=True)).or_(page.get_by_label(label, exact=True)).first


@pytest.mark.parametrize("language", WORDS)
def test_the_numbered_steps_of_the_help_lead_to_the_goal(
    language: str, office: tuple[Served, RunningSimulator], visit: Visit
) -> None:
    pages, _ = office
    words = WORDS[language]
    user = visit(pages, language)
    page = user.page
    new_engagement(pages.host, "Exempel & Söner AB", organisation_number="556677-8899")
    user.go("/help/sources/fortnox")
    connect, export = steps(page, "connect"), steps(page, "export")
    assert [len(each) for each in (connect, export)] == [5, 4]
    every = page.locator("article.help em").all_inner_texts()

    # Connect, in an engagement's settings: the trail and tab of step 1, the source of step 2, the button of step 3.
    (trail, tab), (source,), (button,) = connect[:3]
    user.go("/engagements/1/import")
    page.locator("nav.tabs").get_by_role("link", name=tab, exact=True).click()
    expect(labelled(page, trail)).to_be_visible()
    page.locator("main").get_by_role("link", name=source).click()
    user.press(button)
    user.log_in()
    expect(page.get_by_role("heading", name=words["done"])).to_be_visible(timeout=60_000)
    seen = {trail, tab, source, button}

    # Export: tab, button, series, button.
    ((tab,), (choose,), (series,), (send,)) = export
    user.go("/engagements/1/entries/new")
    for field, value in (("text", words["text"]), ("account-1", "6570"), ("debit-1", "100"), ("account-2", "1930")):
        page.fill(f"#{field}", value)
    page.fill("#credit-2", "100")
    user.press(words["save"])
    expect(page.get_by_text(words["text"]).first).to_be_visible(timeout=20_000)
    page.locator("nav.tabs").get_by_role("link", name=tab, exact=True).click()
    user.press(choose)
    page.get_by_role("combobox", name=series, exact=True).select_option("I")
    page.get_by_role("button", name=send, exact=True).click()
    expect(page).to_have_url(re.compile(r"/export/[0-9]+"), timeout=20_000)
    seen |= {tab, choose, series, send}

    # Every other label in the text is on one of the pages too.
    for label in sorted(set(every) - seen):
        assert any(_shows(user, path, label) for path in PLACES), label


PLACES = ("/", "/guide", "/engagements/1/source", "/engagements/1/attachments", "/engagements/1/entries")


def _shows(user: User, path: str, label: str) -> bool:
    user.go(path)
    return labelled(user.page, label).count() > 0
