"""Sending vouchers to the simulator the way the host does: over its wire, on a socket or in process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from closing_host.api.context import Connection, ExportRequest, FindRequest
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import DraftRow, FoundVouchers, Outcome, VoucherDraft
from closing_host.sources.bearer import LiveToken
from closing_host.sources.wire import Limits, Wire
from datasource_fortnox import plugin
from datasource_fortnox.simulator import SimulatorTransport
from datasource_fortnox.simulator.ledger import Voucher
from datasource_fortnox.simulator.oauth.tokens import AccessToken, encode
from fortnox_harness import WHOLE, Fortnox, installation
from hook_context import HookContext

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "3")
MARKER = "BKABCDEFGHIJKLMNOP"
EXPORT_SCOPES = frozenset({"companyinformation", "bookkeeping", "settings", "costcenter", "project"})

SALARIES = VoucherDraft(
    MARKER,
    date(2025, 12, 31),
    "V1 Upplupna löner",
    (DraftRow("7010", 1_200_010, ((1, "10"), (6, "P1")), "december"), DraftRow("2910", -1_200_010)),
)


@dataclass
class OneToken:
    """A credential that is never refused for good; `renewals` counts how often a newer token was asked for."""

    access: str
    renewals: int = field(default=0)

    async def live(self) -> LiveToken:
        return LiveToken(self.access, 1)

    async def renewed(self, generation: int) -> LiveToken:
        self.renewals += 1
        return LiveToken(self.access, generation + 1)


@dataclass
class Office:
    """One company's export: connection and context of its hooks, and what really stands in Fortnox."""

    fortnox: Fortnox
    connection: Connection
    context: HookContext
    credential: OneToken

    async def send(self, draft: VoucherDraft = SALARIES, series: str = "A", year: FinancialYear = YEAR) -> Outcome:
        return await plugin.export_voucher(ExportRequest(year, series, draft), self.connection, self.context)

    async def find(self, series: str = "A", year: FinancialYear = YEAR, **asked: Any) -> FoundVouchers:
        return await plugin.find_vouchers(FindRequest(year, series, **asked), self.connection, self.context)

    def marked(self, marker: str = MARKER) -> list[Voucher]:
        """The vouchers that carry the marker in Fortnox itself."""
        years = self.fortnox.world.companies[WHOLE].years.values()
        return [voucher for year in years for voucher in year.vouchers.values() if marker in voucher.comments]


@asynccontextmanager
async def office(
    fortnox: Fortnox,
    *,
    in_process: bool = False,
    scopes: frozenset[str] = EXPORT_SCOPES,
    address: str | None = None,
    **engagement: Any,
) -> AsyncIterator[Office]:
    """The company `whole`, its calls through the fault proxy or in this process; `address` instead of the proxy's."""
    world = fortnox.world
    expires = int(world.clock.timestamp()) + 2 * 365 * 86_400
    access = encode(AccessToken("j", fortnox.simulator.client.client_id, WHOLE, 1, scopes, expires), world.oauth.key)
    credential = OneToken(access)
    origin = address or fortnox.simulator.proxy_url
    made = replace(fortnox.connection(**engagement), installation=installation(fortnox.simulator, api_address=origin))
    network = (lambda: (SimulatorTransport(world), SimulatorTransport(world))) if in_process else None
    limits = Limits(connect=2.0, silence=0.4, first_wait=0.0, longest_wait=0.0)
    async with Wire(
        frozenset({origin}), clock=world.clock.now, credential=credential, limits=limits, network=network
    ) as wire:
        world.log.clear()
        yield Office(fortnox, made, HookContext(wire, clock=world.clock.now), credential)
