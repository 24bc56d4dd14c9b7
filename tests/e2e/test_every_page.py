"""Every page that there is, for everybody. The list is the route table's, so that a new page is examined too."""

import re
from collections.abc import Callable, Iterator

import pytest

from closing_host.web.app import PAGES
from e2e.conftest import User
from e2e.examination import examine
from shown_office import BOOKS, FILE_BOOKS, YEAR, ShownOffice, make_shown_office
from web_house import Served

NO_PAGES = {
    *("/callback", "/start", "/healthz", "/readyz"),
    "/engagements/{engagement:int}/row",
    "/engagements/{engagement:int}/import/events",
    "/engagements/{engagement:int}/export/{batch:int}/events",
    "/engagements/{engagement:int}/attachments/files/{which}.{form}",
    "/engagements/{engagement:int}/reports/files/{report}.{form}",
    "/engagements/{engagement:int}/attachments/attached/{number:int}",
    "/engagements/{engagement:int}/attachments/{side}/noted",
    "/engagements/{engagement:int}/attachments/accounts",
    "/engagements/{engagement:int}/reconciliation/files/{form}",
    "/engagements/{engagement:int}/results/files/{form}",
    "/engagements/{engagement:int}/findings",
}
"""Ways on to another page, parts of pages, streams, and files to save."""

OF_THE_YEAR = re.compile(rf"^{BOOKS}$|/(reconciliation|periods|results|reports|system)$")
"""Pages that show the year whose periods are worked on, and not the newest one."""

FROM_FILES = ("/engagements/{engagement:int}/compare/{run}", "/engagements/{engagement:int}/changes")
"""Pages that the engagement with books from a file has more to show on."""

MORE = (
    *("/?q=nothing", "/guide/sie4", "/nowhere", "/help/getting-started", "/engagements/1/source"),
    *("/engagements/1/export", "/engagements/2/source", f"{FILE_BOOKS}/source", f"{FILE_BOOKS}/attachments"),
    *(
        f"{BOOKS}/source?choose=sie4",
        f"{BOOKS}/attachments/payables?by=age",
        f"{BOOKS}/attachments/own/new?account=1930",
    ),
    *(FILE_BOOKS, f"{BOOKS}?year=2026-12-31", f"{BOOKS}/results?year=2026-12-31&period=2026-01&above=x"),
    *(f"{BOOKS}/reconciliation?{YEAR}&period={period}" for period in ("2025-02", "2025-04")),
    *(f"{BOOKS}/analysis?{YEAR}&period=2025-02", f"{BOOKS}/reports?{YEAR}&period=2025-02"),
    *(f"{BOOKS}/entries/V1", f"{BOOKS}/entries/new?side=receivables&number=1"),
)
"""Addresses whose page is another because of what stands in them."""


IN_THE_DARK = re.compile(
    r"^/$|/(guide|company|balances|accounts/1930|compare/.*|changes|receivables|own/1|new|V2|export|export/1|history"
    r"|engagements/4|reconciliation|results|system|source|fortnox|nowhere)$"
)
"""Addresses examined in the dark too: what it can spoil is contrast, and these have all the parts that there are."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, ShownOffice]]:
    folder = tmp_path_factory.mktemp("shown")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        office = make_shown_office(folder / "made")
        with office.opened(folder / "data") as pages:
            yield pages, office


def addresses(office: ShownOffice) -> list[str]:
    """Of every page. A KeyError means: a new route has a part that `shown_office` has nothing for, or is no page."""

    def address(path: str) -> str:
        base = FILE_BOOKS if path in FROM_FILES else BOOKS
        filled = path.replace("/engagements/{engagement:int}", base)
        whole = re.sub(r"{([\w:]+)}", lambda part: office.places[part[1]], filled)
        return f"{whole}?{YEAR}" if OF_THE_YEAR.search(whole) else whole

    paths = [page.path for page in PAGES if page.method == "GET"]
    assert set(paths) >= NO_PAGES
    return [*(address(path) for path in paths if path not in NO_PAGES), *MORE]


def test_every_page_is_for_everybody(shown: tuple[Served, ShownOffice], visit: Callable[..., User]) -> None:
    pages, office = shown
    user = visit(pages)
    user.expected |= {"404"}
    found = {}
    for address in addresses(office):
        user.go(address)
        if wrong := examine(user.page, dark=IN_THE_DARK.search(address.removesuffix(f"?{YEAR}")) is not None):
            found[address] = wrong
    assert found == {}
