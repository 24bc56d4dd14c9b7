"""Every network fault on both fronts: same httpx class, same state of the ledger (T 4.1, T 4.3)."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from datasource_fortnox.simulator import Clock, Simulator, SimulatorTransport, Switches
from datasource_fortnox.simulator.faults.actions import catalogue
from datasource_fortnox.simulator.oauth.registry import RefreshToken
from datasource_fortnox.simulator.oauth.tokens import AccessToken, encode
from datasource_fortnox.simulator.server import RunningSimulator
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302
VOUCHER = {
    "Voucher": {
        "VoucherSeries": "A",
        "TransactionDate": "2025-12-31",
        "Description": "V1 Upplupna löner",
        "Comments": "BKMARKER",
        "VoucherRows": [{"Account": 7010, "Debit": 1}, {"Account": 2910, "Credit": 1}],
    }
}


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    clock = Clock.frozen("2026-02-14T09:00:00+00:00")
    return Simulator(companies=["whole"], clock=clock, switches=Switches(rate_max=10_000))


@pytest.fixture(scope="module")
def running(simulator: Simulator) -> Iterator[RunningSimulator]:
    with simulator.running() as servers:
        yield servers


@pytest.fixture(params=["in process", "proxy"])
async def client(
    request: pytest.FixtureRequest, simulator: Simulator, running: RunningSimulator
) -> AsyncIterator[httpx.AsyncClient]:
    world = simulator.world
    world.reset()
    expires = int(world.clock.timestamp()) + 3600
    token = encode(AccessToken("j", "SimKlient001", WHOLE, 1, frozenset({"bookkeeping"}), expires), world.oauth.key)
    transport = SimulatorTransport(world) if request.param == "in process" else None
    headers, patience = {"Authorization": f"Bearer {token}"}, httpx.Timeout(5, read=0.4)
    async with httpx.AsyncClient(
        base_url=running.proxy_base_url, transport=transport, headers=headers, timeout=patience
    ) as made:
        yield made


def booked(world: World) -> int:
    year = world.companies[WHOLE].years[3]
    return sum(voucher.comments == "BKMARKER" for voucher in year.vouchers.values())


@pytest.mark.parametrize(
    ("fault", "raised", "committed"),
    [
        ("N4", httpx.ReadError, 0),
        ("N5", httpx.ReadError, 0),
        ("N6", httpx.RemoteProtocolError, 0),
        ("N7", httpx.ReadTimeout, 0),
        ("N8", httpx.ReadTimeout, 1),
        ("N9", httpx.ReadTimeout, 0),
        ("N10", httpx.ReadError, 1),
        ("N11", httpx.RemoteProtocolError, 1),
        ("N12", httpx.RemoteProtocolError, 1),
        ("N14", httpx.ReadTimeout, 1),
    ],
)
async def test_fault_raises_its_class_and_commits_as_told(
    client: httpx.AsyncClient, simulator: Simulator, fault: str, raised: type[Exception], committed: int
) -> None:
    simulator.world.faults.add(fault, method="POST", path="/3/vouchers", nth=1)
    with pytest.raises(raised) as caught:
        await client.post("vouchers", json=VOUCHER)
    assert type(caught.value) is raised
    assert booked(simulator.world) == committed
    assert simulator.world.log.entries[-1].fault == fault
    assert simulator.world.log.entries[-1].status == 0
    assert (await client.post("vouchers", json=VOUCHER)).status_code == 201


@pytest.mark.parametrize(
    ("fault", "status", "committed"),
    [
        ("N13", 201, 1),
        ("N15", 201, 1),
        ("N16", 200, 1),
        ("N17", 502, 1),
        ("N18", 502, 0),
        ("N19", 500, 1),
        ("N20", 500, 0),
        ("N21", 429, 0),
        ("N22", 401, 0),
        ("N23", 400, 0),
        ("N24", 201, 2),
    ],
)
async def test_fault_answers_its_status_and_commits_as_told(
    client: httpx.AsyncClient, simulator: Simulator, fault: str, status: int, committed: int
) -> None:
    simulator.world.faults.add(fault, method="POST", path="/3/vouchers", nth=1)
    answer = await client.post("vouchers", json=VOUCHER)
    assert answer.status_code == status
    assert booked(simulator.world) == committed
    if fault in {"N13", "N15", "N16", "N17", "N18", "N21"}:
        with pytest.raises(json.JSONDecodeError):
            answer.json()
    else:
        assert answer.json()


async def test_late_commit_happens_when_its_time_has_come_and_once(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    world = simulator.world
    world.faults.add({"fault": "N9", "commit_after_s": 100}, method="POST", path="/3/vouchers")
    with pytest.raises(httpx.ReadTimeout):
        await client.post("vouchers", json=VOUCHER)
    world.clock.advance(99)
    assert (booked(world), world.pending) == (0, 1)
    world.clock.advance(1)
    assert (booked(world), world.pending) == (1, 0)
    world.clock.advance(1000)
    assert booked(world) == 1


async def test_a_replay_by_a_proxy_comes_after_the_first_answer(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    world = simulator.world
    world.faults.add({"fault": "N24", "commit_after_s": 3600}, method="POST", path="/3/vouchers")
    assert (await client.post("vouchers", json=VOUCHER)).status_code == 201
    assert (booked(world), world.pending) == (1, 1)
    world.clock.advance(3600)
    assert (booked(world), world.pending) == (2, 0)


async def test_late_commit_is_refused_by_a_lock_that_came_first(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    world = simulator.world
    world.faults.add("N9", method="POST", path="/3/vouchers")
    with pytest.raises(httpx.ReadTimeout):
        await client.post("vouchers", json=VOUCHER)
    world.companies[WHOLE].locked_through = world.companies[WHOLE].years[3].end
    world.clock.advance(90)
    assert (booked(world), world.pending) == (0, 0)


@pytest.mark.parametrize(("fault", "rotated"), [("K1", True), ("K2", False)])
async def test_lost_token_answer_has_rotated_or_not(
    client: httpx.AsyncClient, simulator: Simulator, fault: str, rotated: bool
) -> None:
    world = simulator.world
    held = RefreshToken("r", "f", "SimKlient001", WHOLE, 1, frozenset({"bookkeeping"}), 2e9, 60.0)
    world.oauth.refresh_tokens["r"] = held
    world.faults.add(fault, path="/oauth-v1/token", grant="refresh_token", nth=1)
    url = str(client.base_url).replace("/3/", "/oauth-v1/token")
    form, basic = {"grant_type": "refresh_token", "refresh_token": "r"}, ("SimKlient001", "SimHemlig1")
    with pytest.raises(httpx.ReadError):
        await client.post(url, data=form, auth=basic)
    assert held.used == rotated
    assert (await client.post(url, data=form, auth=basic)).status_code == (400 if rotated else 200)


async def test_broken_compression_is_a_decoding_error(client: httpx.AsyncClient, simulator: Simulator) -> None:
    simulator.world.faults.add("bad_gzip", path="/3/vouchers")
    with pytest.raises(httpx.DecodingError):
        await client.get("vouchers")


async def test_informational_answers_before_the_real_one_are_skipped(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    simulator.world.faults.add("informational", path="/3/vouchers")
    assert (await client.get("vouchers")).status_code == 200


@pytest.mark.parametrize("fault", ["slow_headers", "slow_body"])
async def test_slow_answers_arrive_whole(client: httpx.AsyncClient, simulator: Simulator, fault: str) -> None:
    simulator.world.faults.add({"fault": fault, "piece_s": 0.0}, path="/3/financialyears")
    assert len((await client.get("financialyears")).json()["FinancialYears"]) == 3


async def test_name_and_tls_failures_are_connect_errors_in_process(simulator: Simulator) -> None:
    simulator.world.reset()
    async with httpx.AsyncClient(transport=SimulatorTransport(simulator.world)) as fast:
        for fault in ("N1", "N2", "N3"):
            simulator.world.faults.clear()
            simulator.world.faults.add(fault)
            with pytest.raises(httpx.ConnectError):
                await fast.get("http://sim/3/vouchers")


async def test_listener_that_is_closed_refuses_and_opens_again(running: RunningSimulator, simulator: Simulator) -> None:
    simulator.world.reset()
    async with httpx.AsyncClient() as client:
        await asyncio.to_thread(running.refuse_connections)
        with pytest.raises(httpx.ConnectError):
            await client.get(running.proxy_url)
        await asyncio.to_thread(running.refuse_connections, False)
        assert (await client.get(running.proxy_url)).status_code == 404


async def test_https_to_the_proxy_is_a_failed_handshake(running: RunningSimulator) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError, match=r"(?i)ssl|tls"):
            await client.get(running.proxy_url.replace("http:", "https:"))


async def test_wire_fault_without_the_proxy_says_so_instead_of_pretending(
    simulator: Simulator, running: RunningSimulator
) -> None:
    simulator.world.reset()
    simulator.world.faults.add("N10")
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{running.base_url}/vouchers")
    assert (answer.status_code, answer.text) == (500, "Fault N10 needs the proxy.")


def test_every_fault_of_the_plan_has_a_name() -> None:
    assert {f"N{number}" for number in range(1, 25)} | {f"K{number}" for number in range(1, 13)} <= set(catalogue)


async def test_proxy_refuses_bodies_without_a_length(running: RunningSimulator) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{running.proxy_base_url}/vouchers", content=pieces())
    assert answer.status_code == 411
