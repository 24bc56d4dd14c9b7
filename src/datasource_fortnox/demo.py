"""Fortnox without Fortnox: the simulator as the host's demo knows it (extra `simulator`)."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx

from closing_host.api.demo import Demo
from datasource_fortnox.simulator import Simulator
from datasource_fortnox.simulator.oauth.registry import User
from datasource_fortnox.simulator.server import RunningSimulator
from datasource_fortnox.simulator.sie_export import SieRequest, export

_COMPANY: Final = "whole"
_FINANCIAL_YEAR: Final = 3
_USER: Final = "anna"

_HIDDEN: Final = re.compile(r'name="request" value="([^"]+)"')


@contextmanager
def demo() -> Iterator[Demo]:
    """A running simulator with one company: a year of vouchers, invoices and payments."""
    with Simulator(companies=[_COMPANY]).running() as running:
        (company,) = running.world.companies.values()
        user = _user(running)
        yield Demo(
            source="fortnox",
            installation={
                "client_id": running.client.client_id,
                "client_secret": running.client.secret,
                "callback": f"http://127.0.0.1:{_free_port()}/callback",
                "api_address": running.origin,
                "login_address": running.origin,
            },
            company=company.name,
            year=str(company.years[_FINANCIAL_YEAR].end.year),
            log_in=lambda address: _log_in(running, address, company.tenant),
            file=lambda: _file(running),
            control=f"{running.control_url}/_sim",
            notes=f"{user.login} / {user.password}",
        )


def _log_in(running: RunningSimulator, address: str, tenant: int) -> None:
    """Open the address, log in, choose the company, approve, and follow the redirect to the callback."""
    user = _user(running)
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        request = _HIDDEN.search(browser.get(address).raise_for_status().text)
        assert request is not None, "the login page has no request field"
        common = {"request": request[1]}
        login = common | {"username": user.login, "password": user.password}
        browser.post(f"{running.auth_url}/login", data=login).raise_for_status()
        consent = common | {"company": str(tenant), "decision": "approve"}
        browser.post(f"{running.auth_url}/consent", data=consent).raise_for_status()


def _free_port() -> int:
    """A real installation has a fixed one; demos may run beside it, and beside each other."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _user(running: RunningSimulator) -> User:
    return next(each for each in running.world.oauth.users.values() if each.login == _USER)


def _file(running: RunningSimulator) -> bytes:
    with running.world.lock:
        (company,) = running.world.companies.values()
        text = export(company, company.years[_FINANCIAL_YEAR], SieRequest(4, all_accounts=True), running.world.switches)
    return text.encode("cp437", errors="replace")
