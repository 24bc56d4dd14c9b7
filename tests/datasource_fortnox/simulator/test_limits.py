"""25 requests in any 5 seconds per client and tenant (F 2)."""

from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

BROKEN_YEAR = 70013


@pytest.fixture
def tight(world: World) -> World:
    world.change_switches({"rate_max": 25, "limiter_time": "clock"})
    return world


async def test_twenty_sixth_request_in_five_seconds_is_429_with_plain_text(
    api: httpx.AsyncClient, tight: World
) -> None:
    for _ in range(25):
        assert (await api.get("financialyears")).status_code == 200
    answer = await api.get("financialyears")
    assert (answer.status_code, answer.text) == (429, "Too Many Requests")
    assert "retry-after" not in answer.headers


async def test_window_slides(api: httpx.AsyncClient, tight: World) -> None:
    for _ in range(24):
        await api.get("financialyears")
    tight.clock.advance(3)
    assert (await api.get("financialyears")).status_code == 200
    assert (await api.get("financialyears")).status_code == 429
    tight.clock.advance(2)
    assert (await api.get("financialyears")).status_code == 200


async def test_hammering_prolongs_the_refusal_unless_switched_off(api: httpx.AsyncClient, tight: World) -> None:
    for _ in range(50):
        await api.get("financialyears")
    tight.clock.advance(4)
    for _ in range(25):
        assert (await api.get("financialyears")).status_code == 429
    tight.clock.advance(1)
    assert (await api.get("financialyears")).status_code == 429
    tight.change_switches({"throttled_requests_count": False})
    tight.clock.advance(5)
    statuses = [(await api.get("financialyears")).status_code for _ in range(30)]
    assert statuses == [200] * 25 + [429] * 5


async def test_companies_have_windows_of_their_own_and_tokens_of_one_company_share(
    api: httpx.AsyncClient, connect: Any, browser: httpx.AsyncClient, tight: World
) -> None:
    for _ in range(25):
        await api.get("financialyears")
    await connect()
    assert (await browser.get("http://sim/3/financialyears")).status_code == 429
    await connect(BROKEN_YEAR)
    assert (await browser.get("http://sim/3/financialyears")).status_code == 200


async def test_tokens_have_windows_of_their_own_by_the_switch(
    api: httpx.AsyncClient, connect: Any, browser: httpx.AsyncClient, tight: World
) -> None:
    tight.change_switches({"rate_key": "token"})
    for _ in range(26):
        await api.get("financialyears")
    await connect()
    assert (await browser.get("http://sim/3/financialyears")).status_code == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [("empty", b""), ("message", b'{"message": "Too Many Requests"}'), ("error_information", b'{"ErrorInformation"')],
)
async def test_body_and_retry_after_are_switches(
    api: httpx.AsyncClient, tight: World, body: str, expected: bytes
) -> None:
    tight.change_switches({"rate_max": 1, "rate_body": body, "retry_after": 3})
    await api.get("financialyears")
    answer = await api.get("financialyears")
    assert answer.content.startswith(expected)
    assert (answer.content == b"") == (body == "empty")
    assert answer.headers["retry-after"] == "3"


async def test_log_tells_the_densest_window(api: httpx.AsyncClient, tight: World) -> None:
    for _ in range(30):
        await api.get("financialyears")
        tight.clock.advance(0.25)
    assert tight.log.max_in_window() == {"SimKlient001/29302": 20}
    assert tight.log.as_dict()["throttled"] == 0


async def test_token_requests_are_not_counted(api: httpx.AsyncClient, token: Any, tight: World) -> None:
    for _ in range(30):
        await token(grant_type="refresh_token", refresh_token="x")
    assert (await api.get("financialyears")).status_code == 200


async def test_real_time_is_the_default_measure(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"rate_max": 3})
    assert [(await api.get("financialyears")).status_code for _ in range(4)] == [200, 200, 200, 429]
    world.clock.advance(3000)
    assert (await api.get("financialyears")).status_code == 429
