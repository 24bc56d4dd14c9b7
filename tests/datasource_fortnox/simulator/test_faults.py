"""Plans: selectors, phases, reshaped answers and timed edits (T 4.2)."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.faults.actions import PlanError
from datasource_fortnox.simulator.oauth.tokens import decode
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE, BROKEN_YEAR = 29302, 70013


async def statuses(api: httpx.AsyncClient, count: int, path: str = "financialyears") -> list[int]:
    return [(await api.get(path)).status_code for _ in range(count)]


async def test_nth_every_and_lists_of_numbers(api: httpx.AsyncClient, world: World) -> None:
    world.faults.add({"status": 418}, path="/3/financialyears", nth=2)
    assert await statuses(api, 3) == [200, 418, 200]
    world.faults.clear()
    world.faults.add({"status": 418}, path="/3/financialyears", every=3)
    assert await statuses(api, 6) == [200, 200, 418] * 2
    world.faults.clear()
    world.faults.add({"status": 418}, nth=[1, 3])
    assert await statuses(api, 4) == [418, 200, 418, 200]


async def test_method_glob_tenant_and_body_select(
    api: httpx.AsyncClient, connect: Any, browser: httpx.AsyncClient, world: World
) -> None:
    world.faults.add({"status": 418}, method="GET", path="/3/vouchers*", tenant=WHOLE)
    assert await statuses(api, 1, "vouchers/A/1") == [418]
    assert await statuses(api, 1, "accounts") == [200]
    await connect(BROKEN_YEAR)
    assert await statuses(api, 1, "vouchers/A/1") == [200]
    world.faults.clear()
    world.faults.add({"status": 418}, method="POST", body_contains="BKX")
    assert (await api.post("vouchers", json={"Voucher": {"Comments": "BKX"}})).status_code == 418
    assert (await api.post("vouchers", json={"Voucher": {"Comments": "BKY"}})).status_code == 400


async def test_time_window_is_counted_from_the_plan(api: httpx.AsyncClient, world: World) -> None:
    world.faults.clear()
    world.faults.add({"status": 418}, between_s=[30, 90])
    assert await statuses(api, 1) == [200]
    world.clock.advance(30)
    assert await statuses(api, 1) == [418]
    world.clock.advance(61)
    assert await statuses(api, 1) == [200]


async def test_probability_follows_the_seed(api: httpx.AsyncClient, world: World) -> None:
    runs = []
    for _ in range(2):
        world.faults.clear()
        script = {"seed": 7, "plan": [{"match": {"probability": 0.5}, "do": {"status": 418}}]}
        world.faults.load(script)
        runs.append(await statuses(api, 20))
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 418}


async def test_grant_selects_token_requests_and_phase_tells_whether_it_rotates(
    connect: Any, token: Any, world: World
) -> None:
    refresh = (await connect())["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    world.faults.add({"status": 500}, phase="before_commit", grant="refresh_token", nth=1)
    world.faults.add({"status": 500}, phase="after_commit", grant="refresh_token", nth=2)
    assert [(await token(**form)).status_code for _ in range(3)] == [500, 500, 400]


async def test_script_of_the_plan_in_full(api: httpx.AsyncClient, world: World) -> None:
    world.faults.load(
        {
            "seed": 42,
            "plan": [
                {"match": {"method": "POST", "path": "/3/vouchers", "nth": 1}, "do": {"status": 429, "retry_after": 7}},
                {
                    "at": {"after_request": "GET /3/accounts#2"},
                    "ledger": {"lock_period_to": "2025-06-30", "tenant": WHOLE},
                },
                {"at": {"virtual_s": 300}, "ledger": {"remove_series": "I", "tenant": WHOLE}},
            ],
            "limits": {"window_s": 5, "max": 500, "mode": "sliding"},
            "list_lag_s": 3,
        }
    )
    answer = await api.post("vouchers", json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert (world.switches.rate_max, world.switches.list_lag_s) == (500, 3)
    company = world.companies[WHOLE]
    await api.get("accounts")
    assert company.locked_through == date(2024, 12, 31)
    await api.get("accounts")
    assert company.locked_through == date(2025, 6, 30)
    assert "I" in company.years[3].series
    world.clock.advance(300)
    assert "I" not in company.years[3].series


async def test_late_part_of_a_script(api: httpx.AsyncClient, world: World) -> None:
    world.faults.load({"late": {"match": {"method": "POST", "nth": 1}, "reply": "timeout", "commit_after_s": 90}})
    assert (world.faults.rules[0].action.name, world.faults.rules[0].action.commit_after_s) == ("N9", 90)


@pytest.mark.parametrize(
    "script",
    [
        {"plan": [{"do": "N99"}]},
        {"plan": [{"do": {"fault": "N1", "colour": "red"}}]},
        {"plan": [{"match": {"colour": "red"}, "do": "N1"}]},
        {"plan": [{"match": {}, "do": "N1", "when": 1}]},
        {"plan": [{"match": {}}]},
        {"plan": [{"phase": "midway", "do": "N1"}]},
        {"plan": [{"at": {"noon": 1}}]},
        {"plam": []},
    ],
)
async def test_mistakes_in_a_script_are_told(world: World, script: dict[str, Any]) -> None:
    with pytest.raises(PlanError):
        world.faults.load(script)
    assert world.faults.rules == []


async def test_delay_moves_a_frozen_clock(api: httpx.AsyncClient, world: World) -> None:
    before = world.clock.now()
    world.faults.add({"delay_s": 25, "then": "maintenance"})
    assert (await api.get("accounts")).status_code == 503
    assert (world.clock.now() - before).total_seconds() == 25


async def test_token_answers_that_lie(connect: Any, token: Any, world: World) -> None:
    async def lied(fault: Any) -> Any:
        refresh = (await connect())["refresh_token"]
        world.faults.clear()
        world.faults.add(fault, grant="refresh_token")
        answer = await token(grant_type="refresh_token", refresh_token=refresh)
        world.faults.clear()
        return answer

    assert "<html>" in (await lied("K3")).text
    assert "refresh_token" not in (await lied("K4")).json()
    assert (await lied("K5")).json()["expires_in"] == "3600"
    assert (await lied({"fault": "K5", "value": -1})).json()["expires_in"] == -1
    assert (await lied("K6")).status_code == 400
    assert (await lied("K8")).content == b""
    other = (await lied("K9")).json()["access_token"]
    token_of = decode(other, world.oauth.key)
    assert token_of is not None
    assert token_of.tenant == 51877
    reduced = (await lied("K10")).json()
    assert reduced["scope"] == "bookkeeping"
    token_of = decode(reduced["access_token"], world.oauth.key)
    assert token_of is not None
    assert token_of.scopes == {"bookkeeping"}
    before = world.clock.timestamp()
    assert (await lied("K12")).status_code == 200
    assert world.clock.timestamp() - before == 45


async def test_replay_fault_revokes_the_family(connect: Any, token: Any, world: World) -> None:
    first = (await connect())["refresh_token"]
    second = (await token(grant_type="refresh_token", refresh_token=first)).json()["refresh_token"]
    world.faults.add("K11", grant="refresh_token", nth=1)
    assert (await token(grant_type="refresh_token", refresh_token=first)).status_code == 400
    assert (await token(grant_type="refresh_token", refresh_token=second)).status_code == 400


async def test_lists_that_lie(api: httpx.AsyncClient, world: World) -> None:
    async def numbers(fault: Any = None) -> list[Any]:
        world.faults.clear()
        if fault:
            world.faults.add(fault)
        answer = await api.get("invoices", params={"limit": 4})
        return [item.get("DocumentNumber") for item in answer.json()["Invoices"]]

    assert await numbers() == ["1", "2", "3", "4"]
    assert await numbers("repeat_first_page") == ["1", "2", "1", "2"]
    assert await numbers("lose_last_item") == ["1", "2", "3"]
    assert await numbers("unsorted") == ["4", "3", "2", "1"]
    assert await numbers({"fault": "drop_field", "value": "DocumentNumber"}) == [None] * 4


async def test_answers_in_the_wrong_bytes(api: httpx.AsyncClient, world: World) -> None:
    async def content(fault: Any) -> bytes:
        world.faults.clear()
        world.faults.add(fault)
        return (await api.get("companyinformation")).content

    assert (await content("byte_order_mark")).startswith(b"\xef\xbb\xbf{")
    assert "Söner".encode("latin-1") in await content("latin1")
    with pytest.raises(json.JSONDecodeError):
        json.loads(await content("truncated_content"))
    world.faults.clear()
    world.faults.add("not_a_number")
    assert b":NaN," in (await api.get("vouchers/A/77", params={"financialyear": 3})).content
    world.faults.clear()
    world.faults.add("latin1")
    assert (await api.get("sie/4")).content.startswith(b"#FLAGGA 0")
    world.faults.clear()
    world.faults.add("unsorted")
    assert (await api.get("sie/4")).content.startswith(b"#FLAGGA 0")


async def test_unexpected_statuses(api: httpx.AsyncClient, world: World) -> None:
    for fault, status in (("redirect", 302), ("licence", 403), ("no_route", 404), ("error_as_200", 200)):
        world.faults.clear()
        world.faults.add(fault)
        assert (await api.get("accounts")).status_code == status


async def test_fault_after_a_refused_request_shows_the_refusal(api: httpx.AsyncClient, world: World) -> None:
    world.faults.add("N24", method="POST")
    api.headers["Authorization"] = "Bearer x"
    assert (await api.post("vouchers", json={})).status_code == 401
