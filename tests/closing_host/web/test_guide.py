"""*Startguiden* to its end, *Datakälla* and *Mina uppdrag* as a browser without scripts meets them."""

import re
import time
from collections.abc import Generator, Iterator

import httpx
import pytest
from pydantic import BaseModel, Field

from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Ledger
from closing_host.api.source import SourceInfo
from closing_host.engagements.wizard import Step, standing
from closing_host.sources.registry import Registry
from datasource_fortnox.simulator import RunningSimulator
from fake_books import loaded
from fortnox_office import WHOLE, click_through
from small_sie import sie, voucher
from stored_books import small_ledger
from web_house import Served, Visitor, served_with_fortnox

NEW = "556012-5790"


def text(page: httpx.Response) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).replace("&#39;", "'").split())


def follow(visitor: Visitor, address: str) -> tuple[str, httpx.Response]:
    """Where the address leads to in the end, and that page."""
    for _ in range(4):
        page = visitor.get(address)
        if page.status_code != 303:
            return address, page
        address = page.headers["location"]
    raise AssertionError("the way has no end")


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, RunningSimulator]]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        with served_with_fortnox(folder / "data") as made:
            made[0].turn.clear()
            yield made
            made[0].turn.set()


def events(visitor: Visitor, base: str) -> Generator[str]:
    """What the import's page is told, event by event."""
    with visitor.http.stream("GET", f"{base}/import/events") as stream:
        yield from (line for line in stream.iter_lines() if line)


def test_the_guide_is_answered_while_the_import_runs_and_gone_through_to_its_end(
    office: tuple[Served, RunningSimulator],
) -> None:
    pages, fortnox = office
    visitor, base = pages.visitor(), "/engagements/1"
    login = click_through(fortnox, visitor.post("/guide/fortnox").headers["location"], WHOLE)
    assert visitor.get(login.removeprefix(pages.origin)).headers["location"] == f"{base}/import"

    # Two windows are told how far it is; one that loses its connection is told again when it comes back.
    first, other = events(visitor, base), pages.visitor()
    second = events(other, base)
    assert "data:" in next(first)
    assert "data:" in next(second)
    second.close()
    again = events(other, base)
    assert "data:" in next(again)
    again.close()

    # Is this right? is answered meanwhile; what the source states is not asked for.
    page = text(visitor.get(f"{base}/import"))
    assert "Exempel & Söner AB".replace("&", "&amp;") in page
    assert "556677-8899 ✓ check digit right" in page
    answer = visitor.post(f"{base}/guide/company", {"form": "", "framework": "K3"})
    assert answer.headers["location"] == f"{base}/guide/period"
    assert "divides the year as you choose here" in text(visitor.get(f"{base}/guide/period"))
    assert visitor.post(f"{base}/guide/period", {"period": "week"}).status_code == 422
    onward = visitor.post(f"{base}/guide/period", {"period": "quarter"}).headers["location"]
    for address in (onward, f"{base}/guide/done"):
        assert follow(visitor, address)[0] == f"{base}/import"
    assert visitor.get(f"{base}/guide/accounts").headers["location"].endswith("/import"), "there are no books yet"

    pages.turn.set()
    told = list(first)
    assert told[-1] == "data: -"
    assert "Financial year" in " ".join(told)
    assert f'href="{base}/guide"' in visitor.get("/").text

    # Control accounts and the series, which the source is asked for.
    address, asked = follow(visitor, f"{base}/guide")
    assert address == f"{base}/guide/accounts"
    assert 'name="receivables" value="1510"' in asked.text
    part = visitor.get(f"{base}/guide/series", **{"HX-Request": "true"}).text
    assert part.startswith('<div id="series">')
    assert re.search(r'<option value="A"[^>]*>A .*next number', part)
    whole = visitor.get(f"{base}/guide/series").text
    assert part.strip() in whole
    wrong = visitor.post(f"{base}/guide/accounts", {"receivables": "1510 1599", "payables": "2440", "series": "A"})
    assert (wrong.status_code, "1599" in text(wrong)) == (422, True)
    assert 'value="1510 1599"' in wrong.text
    sent = {"receivables": "1510", "payables": "2440", "series": "A"}
    address, done = follow(visitor, visitor.post(f"{base}/guide/accounts", sent).headers["location"])
    assert address == f"{base}/guide/done"
    assert "is ready to work with" in text(done)

    # The same choices later, in the settings.
    shown = text(visitor.get(f"{base}/source"))
    for stated in ("Framework K3", "Reconciliation period Quarter", "Control accounts 1510, 2440", "Voucher series A"):
        assert stated in shown
    answer = visitor.post(f"{base}/guide/period", {"period": "year"})
    assert answer.headers["location"] == f"{base}/source"
    assert "Reconciliation period Year only" in text(visitor.get(f"{base}/source"))

    # Another source: what it replaces and what stays.
    switch = text(visitor.get(f"{base}/source?choose=sie4"))
    assert "2025-01-01 – 2025-12-31: 229 vouchers. Imported" in switch
    assert "Your own work: 0 closing entries" in switch
    assert "The connection to Fortnox, which is not used meanwhile." in switch
    fortnox.world.clock.advance(16 * 24 * 3600 + 60)
    assert "The connection runs out in 14 days." in text(visitor.get(f"{base}/source"))


def test_what_is_not_said_is_taken_as_proposed(pages: Served, asa: Visitor) -> None:
    content = sie(voucher(1), organisation_number="969663-7033", company="Proposed HB")
    address = asa.drop(("a.se", content))
    assert '<option value="HB" selected>' in asa.get(address).text, "by the organisation number"
    asa.accept(address)
    base = base_of(asa, "Proposed HB")
    assert "Continue the start guide" in text(asa.get("/?q=Proposed"))
    answer = asa.post(f"{base}/guide/company", {"form": "KB", "framework": "", "then": "books"})
    assert answer.headers["location"] == f"{base}/balances"
    now = standing(pages.host, int(base.rsplit("/", 1)[1]))
    assert (now.step, now.setup.period, now.client.engagement.form) == (Step.DONE, "month", "KB")
    assert "Open the books" in text(asa.get("/?q=Proposed"))


def test_a_files_guide_asks_everything_before_the_import_and_ends_with_it(asa: Visitor) -> None:
    address = asa.drop(("a.se", sie(voucher(1), organisation_number=NEW, company="Frågat AB")))
    page = asa.get(address).text
    assert page.index("Import checks") < page.index("It is right: open the engagement")
    assert asa.post(address, {"form": "Ltd"}).status_code == 422
    assert "Frågat AB" not in asa.get("/").text
    assert asa.post(address, {"form": "AB", "framework": "K2", "period": "quarter"}).status_code == 303
    asa.accept(address)
    _, done = follow(asa, base_of(asa, "Frågat AB") + "/guide")
    assert "All set" in text(done)
    assert "As a file for the accounting program" in text(done)
    assert "What each balance account consists of, period by period" in text(done)


def test_a_company_without_a_source_is_typed_and_its_books_come_later(asa: Visitor) -> None:
    sent = {"name": "Typed AB", "number": "556074-7551", "form": "AB", "framework": "K2"}
    wrong = asa.post("/guide/company/new", {**sent, "number": "556074-7552"})
    assert (wrong.status_code, 'value="Typed AB"' in wrong.text) == (422, True)
    address, page = follow(asa, asa.post("/guide/company/new", sent).headers["location"])
    assert address.endswith("/source")
    assert 'type="file"' in page.text
    again = asa.post("/guide/company/new", sent)
    assert (again.status_code, "Go to Typed AB" in text(again)) == (422, True)
    file = asa.get(asa.drop(("a.se", sie(voucher(1), organisation_number="556074-7551", company="Annat namn"))))
    assert "Engagement Typed AB" in text(file)


class Shop(BaseModel):
    """What must be said for each client."""

    shop: int = Field(title="Shop number")
    closed: bool = True


class Shops:
    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo("Shops", engagement=Shop)

    @hookimpl
    def import_ledger(self) -> Ledger:
        return small_ledger(100)


@pytest.fixture
def shops(pages: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A source with a setting that has no default is installed."""
    host = pages.host
    known = Registry({**dict(host.sources.sources), "shops": loaded("shops", Shops())}, host.sources.problems)
    monkeypatch.setitem(host.__dict__, "sources", known)
    monkeypatch.setattr(host.connections, "sources", known)
    return pages


def test_a_source_with_settings_without_default_shows_their_form(shops: Served, asa: Visitor) -> None:
    page = asa.get("/guide/shops").text
    assert re.search(r"Shop number\s*<input type=\"number\" name=\"shop\" value=\"\" required", page)
    for sent, told in (({}, "missing"), ({"shop": "x"}, "does not fit")):
        wrong = asa.post("/guide/shops", sent)
        assert wrong.status_code == 422
        assert 'aria-invalid="true"' in wrong.text, told
        assert asa.post("/engagements/1/source", {"source": "shops", **sent}).status_code == 422
    answer = asa.post("/guide/shops", {"shop": "7"})
    base = answer.headers["location"].removesuffix("/import")
    for _ in range(400):
        if standing(shops.host, int(base.rsplit("/", 1)[1])).step is not Step.RUNNING:
            break
        time.sleep(0.02)
    now = standing(shops.host, int(base.rsplit("/", 1)[1]))
    assert dict(now.client.engagement.settings) == {"shop": 7, "closed": False}
    assert (now.step, Step.ACCOUNTS in now.steps) == (Step.COMPANY, False)


def test_entries_not_exported_are_counted_found_and_sorted_by(asa: Visitor) -> None:
    asa.accept(asa.drop(("b.se", sie(voucher(1), organisation_number="556703-7485", company="Bokslut AB"))))
    base = base_of(asa, "Bokslut AB")
    assert "–" in row_of(asa.get("/?q=Bokslut"))
    sent = {"text": "x", "account-1": "1930", "debit-1": "1", "account-2": "4010", "credit-2": "1", "act": "ready"}
    for _ in range(2):
        assert asa.post(f"{base}/entries/new", sent).status_code == 303
    only = asa.get("/?show=to_export")
    assert "2 entries" in row_of(only)
    assert only.text.count('name="engagement"') == 1
    assert "2 entries" in row_of(asa.get(f"{base}/row"))
    assert text(asa.get("/?sort=to_export")).index("Bokslut AB") < text(asa.get("/?sort=to_export")).index("Åkes")


def base_of(visitor: Visitor, name: str) -> str:
    """The address of the engagement with this name."""
    found = re.search(rf'href="(/engagements/\d+)(?:/[a-z]+)?">{name}<', visitor.get("/").text)
    assert found is not None, name
    return found[1]


def row_of(page: httpx.Response) -> str:
    """The cell of a list's only row that counts what is not exported."""
    found = re.search(r'data-label="Not exported">(.*?)</td>', page.text, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])
