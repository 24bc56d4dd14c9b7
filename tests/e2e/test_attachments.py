"""*Bilagor* in a real browser: rows, notes and vouchers in place, by keyboard, beside names that stay names."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from attachment_books import acceptance
from attachment_house import make_example, renamed
from e2e.conftest import User
from web_house import Served, served

BASE = "/engagements/1/attachments"
HOSTILE = "\"><img src=x onerror=console.error('run')><script>console.error('run')</script>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("attachments")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        make_example(folder / "data", renamed(acceptance(), HOSTILE))
        with served(folder / "data") as made:
            yield made


def test_rows_notes_and_vouchers_by_keyboard(pages: Served, visit: Callable[..., User]) -> None:
    user = visit(pages)
    page = user.page
    user.go(f"{BASE}/own/new?account=1930")
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

    user.go(f"{BASE}/receivables")
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
