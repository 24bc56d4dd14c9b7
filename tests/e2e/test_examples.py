"""The example sources through Startguiden: a dropped CSV file, and a login at somebody else's service."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from e2e.conftest import User
from example_sources import EXAMPLES, Service, installed, service
from web_house import Served, served

BOOKS = EXAMPLES / "csv-ledger" / "tests" / "samples" / "books.csv"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Service]]:
    """The pages of a house with both sources, the API's service beside it."""
    folder = tmp_path_factory.mktemp("examples")
    with pytest.MonkeyPatch.context() as patch, installed(folder), service() as running:
        patch.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        options = {"clock": running.clock, "sleep": running.clock.sleep}
        with served(folder / "data", host_options=options) as made:
            model = made.host.sources.source("api-ledger").info.installation
            assert model is not None
            settings = model.model_validate(running.settings(f"{made.origin}/callback"))
            made.host.connections.save_installation("api-ledger", settings, made.host.actor)
            yield made, running


def test_a_csv_file_in_startguiden(pages: tuple[Served, Service], visit: Callable[..., User]) -> None:
    user = visit(pages[0])
    user.press("Nytt uppdrag")
    user.page.get_by_role("link", name="CSV ledger").click()
    user.page.set_input_files("main input[type=file]", BOOKS)
    user.page.click("main form button")
    expect(user.page.get_by_role("heading", name="Stämmer det?")).to_be_visible()
    expect(user.page.get_by_text("Ängs & Åkers Snickeri AB").first).to_be_visible()
    user.press("Det stämmer – lägg upp uppdraget och importera")
    expect(user.page.get_by_role("heading", name="Importen är klar")).to_be_visible()


def test_a_login_at_the_api_in_startguiden(pages: tuple[Served, Service], visit: Callable[..., User]) -> None:
    user = visit(pages[0], "en-GB")
    user.go("/guide")
    user.page.get_by_role("link", name="API ledger").click()
    user.press("Import from API ledger")
    expect(user.page).to_have_url(re.compile(r"/oauth/authorize\?"))
    user.page.select_option("select", "k-2")
    user.page.click("button[value=approve]")
    expect(user.page.get_by_role("heading", name="The import is done")).to_be_visible()
    expect(user.page.get_by_text("Östra Måleri AB").first).to_be_visible()
