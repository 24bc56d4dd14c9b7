"""A person who connects the company to its books, through the simulator's own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
from pydantic import BaseModel

from closing_host.api.authorization import Account
from datasource_fortnox.simulator import SimulatorTransport, World
from export_world.company import TENANT


@dataclass
class Person:
    """Logs in as `user`, picks `tenant`, and confirms what is asked."""

    simulator: World
    tenant: int = TENANT
    user: str = "anna"

    async def log_in(self, address: str) -> Mapping[str, str]:
        async with httpx.AsyncClient(transport=SimulatorTransport(self.simulator)) as browser:
            page = await browser.get(address)
            if page.status_code != 302:
                place = address.split("/auth?", maxsplit=1)[0]
                pending = page.text.split('name="request" value="')[1].split('"')[0]
                login = {"request": pending, "username": self.user, "password": "sommar"}
                await browser.post(f"{place}/login", data=login)
                chosen = {"request": pending, "company": str(self.tenant), "decision": "approve"}
                page = await browser.post(f"{place}/consent", data=chosen)
        return dict(parse_qsl(urlsplit(page.headers["location"]).query))

    def fill_in(self, model: type[BaseModel]) -> Mapping[str, str]:
        raise AssertionError("Fortnox asks for no form")

    def confirms(self, account: Account) -> bool:
        return account.id == str(TENANT)
