"""The conformance kit's test of the source, against the fake server."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import httpx

import api_ledger.plugin
from closing_host.api.exact_json import read, write
from closing_host.api.money import ore_from_decimal
from closing_host.api.subledger import Side
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.testing import Books, DataSourceTests, FakeServer
from fake_server import CLIENT_ID, CLIENT_SECRET, Company, FakeApi, voucher


class Server(FakeServer):
    """The fake server with what the kit asks of it: a user, and the truth."""

    companies = 2
    rate_limit = (10, 1.0)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.api = FakeApi(clock)
        self.first: Company = self.api.companies[0]
        self.before = len(self.first.vouchers)

    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(self.api.app)

    async def log_in(self, url: str, company: int = 0) -> Mapping[str, str]:
        chosen = {"company": self.api.companies[company].id, "decision": "approve"}
        async with httpx.AsyncClient(transport=self.transport()) as browser:
            back = (await browser.post(url, data=chosen)).headers["location"]
        return dict(parse_qsl(urlsplit(back).query))

    def books(self, company: int = 0) -> Books:
        return Books(
            start=date(2025, 1, 1),
            end=date(2025, 12, 31),
            vouchers=4,
            sums={"1510": 999_90, "1930": 12_500_00, "2440": -8_250_55, "3001": -13_499_90},
            opening={"1930": 50_000_00, "2081": -50_000_00},
            texts=("Försäljning inom Sverige", "Faktura 2 Åbergs Måleri"),
        )

    def hold(self, vouchers: int) -> None:
        rows = (("5010", "1.25"), ("1930", "-1.25"))
        self.first.vouchers = [voucher(n + 1, "2025-06-01", "Hyra för maj", *rows) for n in range(vouchers)]

    def open_items(self, side: Side, day: date) -> Mapping[str, int]:
        stated = {
            "receivables": [("1", 12_500_00, "2025-01-10", "2025-02-03"), ("2", 999_90, "2025-12-12", "9999-12-31")],
            "payables": [("77", 8_250_55, "2025-03-01", "9999-12-31")],
        }
        return {number: open_ for number, open_, made, paid in stated[side] if made <= day.isoformat() < paid}

    def booked(self) -> Sequence[VoucherRecord]:
        return [_record(read(write(each))) for each in self.first.vouchers[self.before :]]


def _record(stated: Mapping[str, Any]) -> VoucherRecord:
    rows = tuple(DraftRow(r["account"], ore_from_decimal(r["amount"]), text=r["text"]) for r in stated["rows"])
    day = date.fromisoformat(stated["dated"])
    number = str(stated["number"])
    return VoucherRecord(stated["series"], number, date(2025, 1, 1), day, stated["text"], rows, stated["note"])


class TestApiLedger(DataSourceTests):
    source: ClassVar[object] = api_ledger.plugin
    server = Server
    installation: ClassVar = {
        "address": "https://books.example",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
