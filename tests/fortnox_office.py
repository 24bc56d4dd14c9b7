"""The whole house on a local Fortnox: data folder, installed sources, simulator over real HTTP, one moved clock."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import BaseModel

from closing_host.api.authorization import Account
from closing_host.engagements.connecting import connect
from closing_host.engagements.host import Host
from closing_host.engagements.importing import import_connected
from closing_host.storage.audit import Actor
from closing_host.transfers.connections import ConnectionView
from closing_host.transfers.importing import Imported
from datasource_fortnox.settings import FortnoxInstallation
from datasource_fortnox.simulator import Clock, RunningSimulator, Simulator

CALLBACK = "http://127.0.0.1:8710/callback"
NOW = "2026-02-14T09:00:00+00:00"
WHOLE, NO_INVOICING, BROKEN_YEAR = 29302, 51877, 70013


def click_through(
    simulator: RunningSimulator, address: str, tenant: int, *, user: str = "anna", decision: str = "approve"
) -> str:
    """What the user's browser does; the address that it is sent back to."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(address)
        pending = page.text.split('name="request" value="')[1].split('"')[0]
        login = {"request": pending, "username": user, "password": "sommar"}
        browser.post(f"{simulator.auth_url}/login", data=login).raise_for_status()
        chosen = {"request": pending, "company": str(tenant), "decision": decision}
        return browser.post(f"{simulator.auth_url}/consent", data=chosen).headers["location"]


@dataclass
class Clicks:
    """A person who logs in as `user`, picks `tenant`, decides, and confirms what is asked."""

    simulator: RunningSimulator
    tenant: int
    decision: str = "approve"
    confirm: bool = True
    asked: list[Account] = field(default_factory=list)

    async def log_in(self, address: str) -> Mapping[str, str]:
        back = await asyncio.to_thread(click_through, self.simulator, address, self.tenant, decision=self.decision)
        return dict(parse_qsl(urlsplit(back).query))

    def fill_in(self, model: type[BaseModel]) -> Mapping[str, str]:
        raise AssertionError("Fortnox asks for no form")

    def confirms(self, account: Account) -> bool:
        self.asked.append(account)
        return self.confirm


@dataclass
class Office:
    """The opened host and the Fortnox beside it."""

    host: Host
    simulator: RunningSimulator

    def connect(self, engagement_id: int, tenant: int = WHOLE, **person: object) -> ConnectionView:
        clicks = Clicks(self.simulator, tenant, **person)  # type: ignore[arg-type]
        return asyncio.run(connect(self.host, engagement_id, clicks, callback=CALLBACK, session="s"))

    def imported(self, engagement_id: int, *years: str) -> list[Imported]:
        async def work() -> list[Imported]:
            return [each async for each in import_connected(self.host, engagement_id, years=years)]

        return asyncio.run(work())

    def pass_days(self, days: float) -> None:
        self.simulator.world.clock.advance(days * 24 * 3600)


def installation(simulator: RunningSimulator, **changes: str) -> FortnoxInstallation:
    values = {
        "client_id": simulator.client.client_id,
        "client_secret": simulator.client.secret,
        "callback": CALLBACK,
        "api_address": simulator.origin,
        "login_address": simulator.origin,
    }
    return FortnoxInstallation.model_validate(values | changes)


def time_of(simulator: RunningSimulator) -> dict[str, Any]:
    """`clock` and `sleep` for `Host.open`: the simulator's clock, which waiting for a turn moves."""

    async def sleep(seconds: float) -> None:
        simulator.world.clock.advance(seconds + 0.001)  # the clock knows microseconds only

    return {"clock": simulator.world.clock.now, "sleep": sleep}


@contextmanager
def open_office(folder: Path, simulator: RunningSimulator) -> Iterator[Office]:
    """A house that is set up for Fortnox, on the simulator's clock."""
    with Host.open(folder, Actor("asa"), **time_of(simulator)) as host:
        host.connections.save_installation("fortnox", installation(simulator), host.actor)
        yield Office(host, simulator)


@contextmanager
def running_simulator() -> Iterator[RunningSimulator]:
    """The demo companies on a clock that stands still; the rate limit follows that clock."""
    simulator = Simulator(clock=Clock.frozen(NOW))
    simulator.world.change_switches({"limiter_time": "clock", "rate_max": 10_000})
    with simulator.running() as running:
        yield running
