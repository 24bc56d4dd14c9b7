"""The local Fortnox as the kit knows a fake server: two companies, in this process, on the test's clock."""

import functools
import io
import pickle
from collections.abc import Callable, Mapping
from datetime import date, datetime
from urllib.parse import parse_qsl, urlsplit

import httpx

from closing_host.api.subledger import Side
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.testing import Books, FakeServer
from datasource_fortnox.simulator import Clock, Company, SimulatorTransport, Switches, World
from datasource_fortnox.simulator.ledger import FinancialYear, Row, Voucher
from datasource_fortnox.simulator.oauth.registry import Client
from datasource_fortnox.simulator.seeds import SEEDS
from datasource_fortnox.simulator.vouchers import Draft, book

CLIENT = Client("SimKlient001", "canary-hemlig-1")
ORIGIN = "http://127.0.0.1:8711"
CALLBACK = "http://127.0.0.1:8710/callback"


@functools.cache
def _seeds() -> bytes:
    """The two companies, built once: each world gets copies, and copying by pickle is quick."""
    world = World([SEEDS["whole"], SEEDS["broken_year"]], clock=Clock.frozen("2026-02-14T09:00:00+00:00"))
    held = io.BytesIO()
    _WithoutClock(held).dump(tuple(world.companies.values()))
    return held.getvalue()


class _WithoutClock(pickle.Pickler):
    def persistent_id(self, obj: object) -> str | None:
        return "clock" if isinstance(obj, Clock) else None


class _WithClock(pickle.Unpickler):
    def __init__(self, held: bytes, clock: Clock) -> None:
        super().__init__(io.BytesIO(held))
        self._clock = clock

    def persistent_load(self, pid: object) -> Clock:
        return self._clock


class FortnoxServer(FakeServer):
    companies = 2
    rate_limit = (25, 5.0)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        own = Clock.frozen(clock().isoformat())
        switches = Switches(limiter_time="clock")
        self.world = World(clock=own, clients=[CLIENT], switches=switches)
        for company in _WithClock(_seeds(), own).load():
            self.world.add(company)
        self._held = {key for company in self.world.companies.values() for key in _keys(company)}

    def transport(self) -> httpx.AsyncBaseTransport:
        return _OnTime(self)

    async def log_in(self, url: str, company: int = 0) -> Mapping[str, str]:
        return await self._click(url, company, "approve")

    async def deny(self, url: str) -> Mapping[str, str]:
        return await self._click(url, 0, "deny")

    def books(self, company: int = 0) -> Books:
        year = self._year(company)
        accounts = year.accounts.values()
        texts = [each.name for each in accounts] + [each.text for each in year.vouchers.values()]
        return Books(
            start=year.start,
            end=year.end,
            vouchers=len(year.vouchers),
            sums={str(account): amount for account, amount in year.turnover().items()},
            opening={str(each.number): each.opening for each in accounts if each.opening},
            texts=tuple(text for text in texts if set(text) & set("åäö"))[:3],
        )

    def hold(self, vouchers: int) -> None:
        company, year = self._company(0), self._year(0)
        year.vouchers.clear()
        for series in year.series.values():
            series.next_number = 1
        day = year.start
        for number in range(vouchers):
            book(company, year, Draft("A", day, f"Verifikation {number}", [Row(1930, 100), Row(3001, -100)]))

    def open_items(self, side: Side, day: date) -> Mapping[str, int]:
        company = self._company(0)
        held = company.receivables if side == "receivables" else company.payables
        return {str(number): amount for number, amount in held.open_items(day).items()}

    def booked(self) -> list[VoucherRecord]:
        company = self._company(0)
        return [
            _record(year.start, voucher)
            for year in company.years.values()
            for key, voucher in sorted(year.vouchers.items())
            if (company.tenant, year.id, *key) not in self._held
        ]

    def _company(self, number: int) -> Company:
        return list(self.world.companies.values())[number]

    def _year(self, company: int) -> FinancialYear:
        """The last whole one."""
        years = self._company(company).years.values()
        return max((each for each in years if each.end < self.clock().date()), key=lambda each: each.start)

    async def _click(self, url: str, company: int, decision: str) -> dict[str, str]:
        async with httpx.AsyncClient(transport=self.transport()) as browser:
            page = await browser.get(url)
            pending = page.text.split('name="request" value="')[1].split('"')[0]
            login = {"request": pending, "username": "anna", "password": "sommar"}
            await browser.post(f"{ORIGIN}/oauth-v1/login", data=login)
            chosen = {"request": pending, "company": str(self._company(company).tenant), "decision": decision}
            back = await browser.post(f"{ORIGIN}/oauth-v1/consent", data=chosen)
            return dict(parse_qsl(urlsplit(back.headers["location"]).query))


class _OnTime(SimulatorTransport):
    """The simulator's clock follows the test's."""

    def __init__(self, server: FortnoxServer) -> None:
        super().__init__(server.world)
        self._server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.world.clock.set(self._server.clock())
        return await super().handle_async_request(request)


def _keys(company: Company) -> list[tuple[int, int, str, int]]:
    return [(company.tenant, year.id, *key) for year in company.years.values() for key in year.vouchers]


def _record(year_start: date, voucher: Voucher) -> VoucherRecord:
    rows = tuple(
        DraftRow(
            str(row.account),
            row.amount,
            tuple((dimension, code) for dimension, code in ((1, row.cost_center), (6, row.project)) if code),
            row.text,
        )
        for row in voucher.booked()
    )
    return VoucherRecord(
        voucher.series, str(voucher.number), year_start, voucher.date, voucher.text, rows, voucher.comments
    )
