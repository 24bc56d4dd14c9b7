"""The plugin against the simulator over real HTTP: a frozen clock, and a browser that clicks through the consent."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Operation, Redirect, Token
from closing_host.api.context import Connection
from datasource_fortnox import plugin
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.settings import FortnoxEngagement, FortnoxInstallation
from datasource_fortnox.simulator import RunningSimulator, World
from datasource_fortnox.simulator.edits import apply
from hook_context import HookContext

WHOLE, NO_INVOICING, BROKEN_YEAR = 29302, 51877, 70013
CALLBACK = "http://127.0.0.1:8710/callback"


@dataclass
class Fortnox:
    """A running simulator and the ways that a host and a user go through it."""

    simulator: RunningSimulator
    installation: FortnoxInstallation
    context: HookContext

    @property
    def world(self) -> World:
        return self.simulator.world

    def connection(self, account: Account | None = None, **engagement: Any) -> Connection:
        return Connection(FortnoxEngagement(**engagement), self.installation, account)

    async def start(self, operations: frozenset[Operation], connection: Connection) -> Redirect:
        request = AuthorizeRequest("connect", operations, callback=CALLBACK, state="state-1")
        step = await plugin.authorize(request, connection, self.context)
        assert isinstance(step, Redirect)
        return step

    async def click(self, url: str, tenant: int, *, user: str = "anna", decision: str = "approve") -> dict[str, str]:
        """What the user's browser does: log in, choose the company, decide. The query of the way back."""
        async with httpx.AsyncClient() as browser:
            page = await browser.get(url)
            if page.status_code != 302:
                pending = page.text.split('name="request" value="')[1].split('"')[0]
                oauth = self.simulator.auth_url
                login = {"request": pending, "username": user, "password": "sommar"}
                assert (await browser.post(f"{oauth}/login", data=login)).status_code == 200
                chosen = {"request": pending, "company": str(tenant), "decision": decision}
                page = await browser.post(f"{oauth}/consent", data=chosen)
            assert page.status_code == 302, page.text
            assert page.headers["location"].startswith(CALLBACK)
            return dict(parse_qsl(urlsplit(page.headers["location"]).query))

    async def finish(
        self,
        redirect: Redirect,
        answer: Mapping[str, str],
        operations: frozenset[Operation],
        connection: Connection,
    ) -> Authorized:
        request = AuthorizeRequest(
            "connect", operations, callback=CALLBACK, state="state-1", flow=redirect.flow, answer=answer
        )
        step = await plugin.authorize(request, connection, self.context)
        assert isinstance(step, Authorized)
        return step

    async def connect(
        self,
        tenant: int = WHOLE,
        *operations: Operation,
        user: str = "anna",
        decision: str = "approve",
        **engagement: Any,
    ) -> Authorized:
        """The whole dialogue."""
        wanted = frozenset(operations or ("import",))
        connection = self.connection(**engagement)
        redirect = await self.start(wanted, connection)
        answer = await self.click(redirect.url, tenant, user=user, decision=decision)
        return await self.finish(redirect, answer, wanted, connection)

    async def renew(self, account: Account | None, token: Token | None) -> Authorized:
        step = await plugin.authorize(AuthorizeRequest("renew", token=token), self.connection(account), self.context)
        assert isinstance(step, Authorized)
        return step

    @asynccontextmanager
    async def connected(
        self, tenant: int = WHOLE, *operations: Operation
    ) -> AsyncIterator[tuple[Connection, HookContext]]:
        """A connection and the context of its hooks, whose client carries the token. The request log begins anew."""
        step = await self.connect(tenant, *operations)
        assert step.token is not None
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {step.token.access}"}) as http:
            self.world.log.clear()
            yield self.connection(step.account), HookContext(http, clock=self.world.clock.now)

    @asynccontextmanager
    async def client(
        self, tenant: int = WHOLE, *operations: Operation, per_page: int = 500, through_proxy: bool = False
    ) -> AsyncIterator[FortnoxClient]:
        async with self.connected(tenant, *operations) as (_, context):
            origin = self.simulator.proxy_url if through_proxy else self.simulator.origin
            yield FortnoxClient(context.http, origin, per_page=per_page)

    def calls(self) -> list[str]:
        """Method and path of each call since the log began."""
        return [f"{each.method} {each.path}" for each in self.world.log.entries]

    def edit(self, op: str, **arguments: Any) -> None:
        """Do what somebody does in Fortnox meanwhile."""
        apply(self.world, {"op": op, **arguments})

    def fail(self, fault: str | Mapping[str, Any], **match: Any) -> None:
        """Have the simulator make a fault of each matching request."""
        self.world.faults.add(fault, **match)


def installation(simulator: RunningSimulator, **fields: Any) -> FortnoxInstallation:
    addresses = {"api_address": simulator.origin, "login_address": simulator.origin}
    client = {"client_id": simulator.client.client_id, "client_secret": simulator.client.secret}
    return FortnoxInstallation.model_validate({**addresses, **client, **fields})
