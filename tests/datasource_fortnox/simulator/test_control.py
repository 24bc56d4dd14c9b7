"""The control API: payloads, mistakes, and what it tells of the world."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator import create_control
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


@pytest.fixture
async def control(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_control(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://control/_sim") as client:
        yield client


async def test_clock_is_read_advanced_and_set(control: httpx.AsyncClient) -> None:
    assert (await control.get("/clock")).json() == {
        "now": "2026-02-14T09:00:00+00:00",
        "running": False,
        "pending": 0,
    }
    assert (
        (await control.post("/clock/advance", json={"seconds": 30, "days": 1})).json()["now"].startswith("2026-02-15")
    )
    answer = await control.post("/clock/set", json={"now": "2026-03-01T00:00:00+01:00"})
    assert answer.json()["now"] == "2026-02-28T23:00:00+00:00"


async def test_plan_is_loaded_counted_and_cleared(control: httpx.AsyncClient, api: httpx.AsyncClient) -> None:
    script = {"plan": [{"match": {"path": "/3/accounts"}, "do": "N18"}]}
    assert (await control.post("/plan", json=script)).json()["rules"] == [{"fault": "N18", "seen": 0, "struck": 0}]
    assert (await api.get("accounts")).status_code == 502
    assert (await control.get("/plan")).json()["rules"] == [{"fault": "N18", "seen": 1, "struck": 1}]
    assert (await control.delete("/plan")).json() == {"rules": []}
    assert (await api.get("accounts")).status_code == 200


async def test_totals_are_the_third_witness(control: httpx.AsyncClient) -> None:
    content = (await control.get("/totals", params={"tenant": WHOLE})).json()
    year = content[str(WHOLE)]["3"]
    assert year["UB"]["1510"] == 3_412_550
    assert year["IB"]["2081"] == -10_000_000
    assert (year["vouchers"], year["rows"], year["struck"], year["added"]) == (229, 607, 3, 3)
    assert sum(year["UB"].values()) + sum(year["RES"].values()) == sum(year["IB"].values()) == 0


async def test_ledger_is_told_whole_or_by_year(control: httpx.AsyncClient) -> None:
    (company,) = (await control.get("/ledger", params={"tenant": WHOLE, "financialyear": 3})).json()["companies"]
    assert [year["id"] for year in company["years"]] == [3]
    voucher = next(v for v in company["years"][0]["vouchers"] if (v["series"], v["number"]) == ("A", 77))
    assert [(row["account"], row["amount"]) for row in voucher["rows"]] == [(1930, 50_000), (1510, -50_000)]
    documents = {item["number"]: item["open"] for item in company["receivables"]["documents"]}
    assert (documents[101], documents[102]) == (750_000, 0)
    assert len((await control.get("/ledger")).json()["companies"]) == 3


async def test_open_items_as_of_any_day(control: httpx.AsyncClient) -> None:
    answer = await control.get("/open-items", params={"tenant": WHOLE, "date": "2025-12-31"})
    assert answer.json() == {
        "receivables": {"101": 750_000, "102": 2_500_000, "103": 312_550, "104": -100_000},
        "payables": {"24": 4_881_250, "25": 1_225_000},
    }


async def test_request_log_names_what_was_called_and_is_cleared(
    control: httpx.AsyncClient, api: httpx.AsyncClient
) -> None:
    await control.delete("/requests")
    await api.get("accounts", params={"financialyear": 3})
    content = (await control.get("/requests")).json()
    (entry,) = content["requests"]
    assert (entry["method"], entry["path"], entry["query"]) == ("GET", "/3/accounts", "financialyear=3")
    assert (entry["tenant"], entry["client_id"], entry["status"]) == (WHOLE, "SimKlient001", 200)
    assert entry["at"] == "2026-02-14T09:00:00+00:00"
    assert content["max_in_window"] == {f"SimKlient001/{WHOLE}": 1}
    assert (await control.delete("/requests")).json()["count"] == 0


async def test_refresh_requests_are_logged_with_grant_and_tenant_but_without_the_token(
    control: httpx.AsyncClient, connect: Any, token: Any
) -> None:
    refresh = (await connect())["refresh_token"]
    await control.delete("/requests")
    await token(grant_type="refresh_token", refresh_token=refresh)
    answer = await control.get("/requests")
    (entry,) = answer.json()["requests"]
    assert (entry["grant"], entry["tenant"]) == ("refresh_token", WHOLE)
    assert refresh not in answer.text


async def test_switches_are_told_and_changed(control: httpx.AsyncClient, world: World) -> None:
    assert (await control.get("/switches")).json()["sie_encoding"] == "cp437"
    changed = await control.patch("/switches", json={"sie_encoding": "utf-8"})
    assert changed.json()["sie_encoding"] == world.switches.sie_encoding == "utf-8"
    assert world.companies[WHOLE].switches.sie_encoding == "utf-8"


async def test_companies_users_and_clients_are_told(control: httpx.AsyncClient) -> None:
    content = (await control.get("/companies")).json()
    assert [company["tenant"] for company in content["companies"]] == [29302, 51877, 70013]
    assert content["clients"] == [{"client_id": "SimKlient001", "secret": "SimHemlig1"}]
    assert {"login": "cecilia", "password": "sommar", "companies": {"29302": True}} in content["users"]


async def test_reset_brings_the_first_state_back(
    control: httpx.AsyncClient, world: World, api: httpx.AsyncClient
) -> None:
    await control.post("/ledger/edit", json={"op": "delete_voucher", "tenant": WHOLE, "series": "A", "number": 77})
    await control.patch("/switches", json={"rate_max": 1})
    await control.post("/plan", json={"plan": [{"do": "N1"}]})
    await control.post("/reset")
    assert ("A", 77) in world.companies[WHOLE].years[3].vouchers
    assert world.switches.rate_max == 10_000
    assert (world.faults.rules, world.log.entries) == ([], [])


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "/plan", {"plan": [{"do": "N99"}]}),
        ("POST", "/ledger/edit", {"op": "paint"}),
        ("POST", "/ledger/edit", {"op": "lock_period", "to": "2025-06-30"}),
        ("POST", "/ledger/edit", {"op": "lock_period", "tenant": 1, "to": None}),
        ("POST", "/ledger/edit", {"op": "delete_voucher", "tenant": WHOLE, "series": "A", "number": 999}),
        ("PATCH", "/switches", {"colour": "red"}),
        ("PATCH", "/switches", {"sie_encoding": "ebcdic"}),
        ("PATCH", "/switches", {"rate_max": "many"}),
        ("POST", "/clock/set", {}),
        ("GET", "/open-items?date=2025-12-31", None),
    ],
)
async def test_mistakes_answer_400_with_the_problem(
    control: httpx.AsyncClient, method: str, path: str, content: Any
) -> None:
    answer = await control.request(method, path, json=content)
    assert answer.status_code == 400
    assert answer.json()["problem"]
