"""Connect, import, compare live and disconnect as a user types it; the browser is the only thing played."""

import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from closing_host.engagements.host import Host
from datasource_fortnox.simulator import RunningSimulator
from datasource_fortnox.simulator.sie_export import SieRequest, export
from fortnox_office import BROKEN_YEAR, WHOLE, click_through, running_simulator, time_of

from .conftest import Closing, Said

Browser = Callable[..., None]


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with running_simulator() as running:
        yield running


@pytest.fixture
def callback() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/callback"


@pytest.fixture(autouse=True)
def setup(closing: Closing, simulator: RunningSimulator, callback: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Host, "open", partial(Host.open, **time_of(simulator)))
    monkeypatch.setenv("CLOSING_KEY_FILE", str(Path("key").absolute()))
    said = closing("source", "setup", "fortnox", *settings(simulator, callback))
    assert said.code == 0, said.err


@pytest.fixture
def browser(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """From now on the browser logs in as anna, chooses the company and decides."""

    def use(tenant: int = WHOLE, decision: str = "approve") -> None:
        def visit(address: str) -> bool:
            def go() -> None:
                httpx.get(click_through(simulator, address, tenant, decision=decision), trust_env=False)

            threading.Thread(target=go).start()
            return True

        monkeypatch.setattr(webbrowser, "open", visit)

    return use


def settings(simulator: RunningSimulator, callback: str) -> list[str]:
    named = {
        "client_id": simulator.client.client_id,
        "client_secret": simulator.client.secret,
        "callback": callback,
        "api_address": simulator.origin,
        "login_address": simulator.origin,
    }
    return [part for name, value in named.items() for part in ("--set", f"{name}={value}")]


def connected(closing: Closing, browser: Browser) -> Said:
    browser()
    return closing("connect", "--new", "--json")


def test_a_client_is_connected_and_imported_without_typing_anything_about_it(
    closing: Closing, browser: Browser
) -> None:
    said = connected(closing, browser)
    assert said.code == 0, said.err
    assert (said.data["name"], said.data["state"], said.data["days_left"]) == ("Exempel & Söner AB", "connected", 30)
    assert [each["changed"] for each in said.data["imported"]] == [True, True]
    (listed,) = closing("connections", "--json").data
    assert listed["organisation_number"] == "556677-8899"
    assert "Ansluten" in closing("connections", "--lang", "sv").out


def test_live_books_equal_the_file_of_the_same_year_and_nothing_is_stored(
    closing: Closing, browser: Browser, simulator: RunningSimulator
) -> None:
    connected(closing, browser)
    company = simulator.world.companies[WHOLE]
    text = export(company, company.years[3], SieRequest(4, all_accounts=True), simulator.world.switches)
    Path("file.se").write_bytes(text.encode("cp437", errors="replace"))
    before = closing("history", "1", "--json").data
    said = closing("compare", "file.se", "--live", "1", "--json")
    assert (said.code, said.data["count"]) == (0, 0), said.err
    assert closing("history", "1", "--json").data == before
    Path("other.se").write_bytes(Path("file.se").read_bytes().replace(b"#VER A 1 ", b"#VER A 9001 ", 1))
    assert closing("compare", "other.se", "--live", "1").code == 1


def test_every_connected_engagement_is_imported_and_the_disconnected_ones_are_told_of(
    closing: Closing, browser: Browser
) -> None:
    connected(closing, browser)
    browser(BROKEN_YEAR)
    assert closing("connect", "--new", "--json").code == 0
    assert closing("disconnect", "2").code == 0
    said = closing("import", "--all", "--json")
    assert said.code == 0
    by_client = {each["engagement"]: each for each in said.data}
    assert by_client[1]["changed"] is False
    assert by_client[2]["error"] == "connection-disconnected"


def test_a_disconnected_engagement_keeps_its_books_and_is_not_imported(closing: Closing, browser: Browser) -> None:
    connected(closing, browser)
    said = closing("disconnect", "1", "--json")
    assert said.data["state"] == "disconnected"
    refused = closing("import", "--engagement", "1")
    assert refused.code == 3
    assert "connect" in refused.words
    assert len(closing("history", "1", "--json").data) == 2


def test_importing_without_a_connection_leads_to_the_login_when_somebody_is_there(
    closing: Closing, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(closing, browser)
    closing("disconnect", "1")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    said = closing("import", "--engagement", "1", "--json")
    assert said.code == 0, said.err
    assert closing("connections", "--json").data[0]["state"] == "connected"


def test_a_denied_consent_says_so_and_connects_nothing(closing: Closing, browser: Browser) -> None:
    browser(decision="deny")
    said = closing("connect", "--new")
    assert said.code == 3
    assert "Traceback" not in said.err
    assert closing("connections", "--json").data == []


def test_the_address_can_be_pasted_where_no_listener_works(
    closing: Closing, simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def paste(prompt: str) -> str:
        shown = capsys.readouterr().err
        (address,) = (line for line in shown.splitlines() if line.startswith("http"))
        return click_through(simulator, address, WHOLE)

    monkeypatch.setattr("builtins.input", paste)
    assert closing("connect", "--new", "--paste", "--no-import").code == 0
    assert closing("connections", "--json").data[0]["state"] == "connected"


def test_a_wrong_secret_is_found_when_it_is_set_up(
    closing: Closing, simulator: RunningSimulator, callback: str
) -> None:
    wrong = [each.replace(simulator.client.secret, "fel") for each in settings(simulator, callback)]
    said = closing("source", "setup", "fortnox", *wrong)
    assert said.code in (2, 3)
    assert "Traceback" not in said.err


def test_a_setting_that_is_missing_or_unknown_is_named(closing: Closing) -> None:
    said = closing("source", "setup", "fortnox", "--set", "colour=blue")
    assert said.code == 2
    assert "colour" in said.err
    said = closing("source", "setup", "fortnox", "--set", "client_id=x")
    assert "client_secret" in said.err


def test_a_source_without_settings_needs_no_set_up(closing: Closing) -> None:
    assert closing("source", "setup", "sie4", "--json").data == {"source": "sie4", "tested": False}


def test_attachments_as_at_the_closing_date_are_explained_to_the_ore(closing: Closing, browser: Browser) -> None:
    """P 7.4's acceptance example, from a connection to a command."""
    connected(closing, browser)
    said = closing("attachments", "show", "1/2025", "--json")
    assert said.code == 0, said.err
    by_side = {each["side"]: each for each in said.data}
    customers, suppliers = by_side["receivables"], by_side["payables"]
    assert (customers["open"], customers["ledger"], customers["difference"]) == ("34625.50", "34125.50", "-500.00")
    assert [each["amount"] for each in customers["ageing"]] == ["25000.00", "-1000.00", "7500.00", "0.00", "3125.50"]
    assert customers["explanation"]["a"] == "-500.00"
    assert [(each["series"], each["number"]) for each in customers["explained_by"]] == [("A", "77")]
    assert (suppliers["open"], suppliers["difference"]) == ("61062.50", "0.00")
    shown = closing("attachments", "show", "1/2025", "--lang", "sv")
    assert "Kundfordringar (1510) per 2025-12-31" in shown.out
    assert "34\u00a0625,50" in shown.out
