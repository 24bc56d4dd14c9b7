"""Real servers on loopback: the whole way from login to SIE over HTTP, files, the command."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from datasource_fortnox.simulator import Clock, Company, Simulator, totals
from datasource_fortnox.simulator.__main__ import main

pytestmark = pytest.mark.anyio

SIE = """#FLAGGA 0
#FNAMN "Fil AB"
#ORGNR 556677-8899
#RAR 0 20250101 20251231
#KONTO 1930 Bank
#KONTO 3001 Försäljning
#KTYP 1930 T
#VER A 1 20250110 x
{
#TRANS 1930 {} 5
#TRANS 3001 {} -5
}
"""


@pytest.fixture
def clock() -> Clock:
    return Clock.frozen("2026-02-14T09:00:00+00:00")


async def test_login_consent_token_company_and_sie_over_real_http(clock: Clock) -> None:
    with Simulator(clock=clock).running() as running:
        async with httpx.AsyncClient(base_url=running.origin) as client:
            query = {
                "client_id": running.client.client_id,
                "redirect_uri": "http://localhost:1/cb",
                "scope": "companyinformation bookkeeping",
                "state": "x",
                "access_type": "offline",
                "response_type": "code",
            }
            page = await client.get(f"{running.auth_url}/auth", params=query)
            pending = page.text.split('name="request" value="')[1].split('"')[0]
            login = {"request": pending, "username": "anna", "password": "sommar"}
            await client.post(f"{running.auth_url}/login", data=login)
            decision = {"request": pending, "company": "29302", "decision": "approve"}
            back = await client.post(f"{running.auth_url}/consent", data=decision)
            code = httpx.URL(back.headers["location"]).params["code"]
            form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "http://localhost:1/cb"}
            basic = (running.client.client_id, running.client.secret)
            token = (await client.post(f"{running.auth_url}/token", data=form, auth=basic)).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            for base in (running.base_url, running.proxy_base_url):
                company = (await client.get(f"{base}/companyinformation")).json()["CompanyInformation"]
                assert company["CompanyName"] == "Exempel & Söner AB"
                sie = await client.get(f"{base}/sie/4", params={"financialyear": 3})
                assert sie.content.count(b"#VER") == 229
            assert sie.headers["server"] == "Fortnox"
            control = await client.get(f"{running.control_url}/_sim/requests")
            assert control.json()["max_in_window"] == {"SimKlient001/29302": 4}


def test_addresses_are_loopback_and_stopping_frees_them(clock: Clock) -> None:
    running = Simulator(companies=["broken_year"], clock=clock).start()
    addresses = (running.origin, running.control_url, running.proxy_url)
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    running.stop()
    running.stop()
    for address in addresses:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", httpx.URL(address).port)) != 0


def test_taken_port_is_an_error(clock: Clock) -> None:
    with Simulator(companies=["broken_year"], clock=clock).running() as running:
        taken = httpx.URL(running.origin).port or 0
        with pytest.raises(OSError, match="in use"):
            Simulator(companies=["broken_year"], clock=clock).start(port=taken)


def test_companies_from_files_objects_and_names(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "fil.se"
    path.write_bytes(SIE.encode("cp437"))
    made = Company(5, "Egen AB", "559900-1004", clock)
    world = Simulator(companies=[path, made, "whole"], clock=clock).world
    assert [company.name for company in world.companies.values()] == ["Fil AB", "Egen AB", "Exempel & Söner AB"]
    assert totals(world.companies[100001].years[3]).closing == {1930: 500}
    world.companies[5].name = "Ändrad"
    world.reset()
    assert world.companies[5].name == "Egen AB"
    with pytest.raises(ValueError, match="neither"):
        Simulator(companies=["nosuch"], clock=clock)
    with pytest.raises(ValueError, match="tenant 5 exists"):
        world.add(Company(5, "Två", "", clock))


async def test_hanging_request_does_not_keep_the_servers_from_stopping(clock: Clock) -> None:
    simulator = Simulator(companies=["broken_year"], clock=clock)
    simulator.world.faults.add("N7")
    running = simulator.start()
    async with httpx.AsyncClient(timeout=5) as client:
        hanging = asyncio.create_task(client.get(f"{running.proxy_base_url}/vouchers"))
        while not simulator.world.log.entries:  # noqa: ASYNC110 - the log is filled by another thread
            await asyncio.sleep(0.01)
        await asyncio.to_thread(running.stop)
        with pytest.raises(httpx.TransportError):
            await hanging


def test_command_prints_addresses_credentials_and_what_a_file_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "fil.se"
    path.write_bytes(SIE.encode("cp437"))
    ports = ["--port", "0", "--control-port", "0", "--proxy-port", "0"]
    assert main([*ports, "--company", str(path), "--frozen"], wait=lambda: None) == 0
    text = capsys.readouterr().out
    for expected in ("/3\n", "/oauth-v1", "/_sim", "SimKlient001", "SimHemlig1", "anna / sommar", "Fil AB", "#KTYP"):
        assert expected in text


def test_command_refuses_files_that_are_no_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.se"
    path.write_text("hej")
    assert main(["--company", str(path)]) == 2
    assert "no #RAR 0" in capsys.readouterr().out
    assert main(["--company", str(tmp_path / "none.se")]) == 2


def test_command_ends_quietly_when_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    assert main(["--port", "0", "--control-port", "0", "--proxy-port", "0", "--now", "2026-01-01"], wait=interrupt) == 0


def test_simulator_imports_nothing_of_the_product() -> None:
    code = "import sys, datasource_fortnox.simulator, datasource_fortnox.simulator.__main__\n"
    code += "print([name for name in sys.modules if name.startswith('closing_host') or name == 'httpx2'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
