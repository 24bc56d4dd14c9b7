"""A small bookkeeping API as its owner runs it: OAuth 2 with refresh tokens that rotate, paged vouchers, invoices."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from closing_host.api.subledger import Side
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.testing import Books, FakeServer

LOGIN, API = "https://login.books.example", "https://api.books.example"
CLIENT_ID, CLIENT_SECRET = "kit-client", "canary-client-secret"
START, END = date(2024, 9, 1), date(2025, 8, 31)
EARLIER = {"start": "2023-09-01", "end": "2024-08-31"}
ACCOUNTS = {
    "1510": "Kundfordringar",
    "1930": "Företagskonto",
    "2081": "Aktiekapital",
    "2910": "Upplupna löner",
    "3001": "Försäljning",
    "7010": "Löner",
}
OPENING = {"1930": 50_050, "2081": -50_050}


def voucher(number: int, day: str, text: str, *rows: tuple[str, int], **more: Any) -> dict[str, Any]:
    stated = [{"account": account, "ore": ore, "objects": [], "text": ""} for account, ore in rows]
    return {"series": "A", "number": number, "date": day, "text": text, "note": "", "rows": stated} | more


def everyday() -> list[dict[str, Any]]:
    return [
        voucher(1, "2024-09-15", "Faktura 1", ("1510", 125_099), ("3001", -125_099)),
        voucher(2, "2024-10-20", "Inbetalning faktura 1", ("1930", 125_099), ("1510", -125_099)),
        voucher(3, "2025-01-07", "Rättelse", ("1930", 777), ("1930", -777)),
        voucher(4, "2025-03-31", "Lön för mars", ("7010", 40_055), ("1930", -40_055)),
        voucher(5, "2025-08-31", "Faktura 2 Åbergs Måleri", ("1510", 999), ("3001", -999)),
    ]


INVOICES = [
    {"number": "1", "date": "2024-09-15", "ore": 125_099, "voucher": 1, "paid": {"date": "2024-10-20", "voucher": 2}},
    {"number": "2", "date": "2025-08-31", "ore": 999, "voucher": 5, "paid": None},
]


@dataclass
class Company:
    id: str
    name: str
    vouchers: list[dict[str, Any]] = field(default_factory=everyday)
    booked: list[dict[str, Any]] = field(default_factory=list)


class GoodServer(FakeServer):
    companies = 2
    rate_limit: ClassVar[tuple[int, float] | None] = (50, 5.0)

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        other = [voucher(n, "2024-12-01", "Öppnat konto", ("1930", n), ("2081", -n)) for n in range(1, 4)]
        self.firms = [Company("c-1", "Ett AB"), Company("c-2", "Två AB", other)]
        self.page = 2
        self._codes: dict[str, int] = {}
        self._access: dict[str, tuple[int, datetime]] = {}
        self._renewals: dict[str, int] = {}

    async def log_in(self, url: str, company: int = 0) -> Mapping[str, str]:
        code = f"code-{secrets.token_hex(8)}"
        self._codes[code] = company
        return {"code": code, "state": dict(parse_qsl(urlsplit(url).query))["state"]}

    def books(self, company: int = 0) -> Books:
        vouchers = self.firms[company].vouchers
        sums: dict[str, int] = {}
        for each in vouchers:
            for row in each["rows"]:
                sums[row["account"]] = sums.get(row["account"], 0) + row["ore"]
        texts = ("Försäljning", vouchers[-1]["text"]) if vouchers else ("Försäljning",)
        return Books(start=START, end=END, vouchers=len(vouchers), sums=sums, opening=OPENING, texts=texts)

    def hold(self, vouchers: int) -> None:
        self.page = 1000
        self.firms[0].vouchers = [
            voucher(number, "2025-02-01", f"Verifikation {number}", ("1930", 100), ("3001", -100))
            for number in range(1, vouchers + 1)
        ]

    def open_items(self, side: Side, day: date) -> Mapping[str, int]:
        if side == "payables":
            return {}
        return {
            str(each["number"]): int(str(each["ore"]))
            for each in INVOICES
            if str(each["date"]) <= day.isoformat()
            and not (isinstance(each["paid"], dict) and each["paid"]["date"] <= day.isoformat())
        }

    def booked(self) -> list[VoucherRecord]:
        return [record(each) for each in self.firms[0].booked]

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/token":
            return self._token(request)
        if path == "/revoke":
            return httpx.Response(200, json={})
        number = self._company(request)
        if number is None:
            return httpx.Response(401, json={"error": "token"})
        firm = self.firms[number]
        if path == "/company":
            return httpx.Response(200, json={"id": firm.id, "name": firm.name})
        if path == "/years":
            return httpx.Response(200, json={"years": [EARLIER, {"start": START.isoformat(), "end": END.isoformat()}]})
        if path == "/accounts":
            listed = [{"account": a, "name": n, "opening": OPENING.get(a, 0)} for a, n in ACCOUNTS.items()]
            return httpx.Response(200, json={"accounts": listed})
        if path == "/invoices":
            return httpx.Response(200, json={"invoices": INVOICES})
        if request.method == "POST":
            return self._book(firm, json.loads(request.content))
        page = int(request.url.params.get("page", "1"))
        part = firm.vouchers[(page - 1) * self.page : page * self.page]
        pages = max(1, -(-len(firm.vouchers) // self.page))
        return httpx.Response(200, json={"pages": pages, "total": len(firm.vouchers), "vouchers": part})

    def _company(self, request: httpx.Request) -> int | None:
        company, until = self._access.get(request.headers.get("Authorization", "")[7:], (None, self.clock()))
        return company if until > self.clock() else None

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode()))
        basic = base64.b64decode(request.headers.get("Authorization", "")[6:]).decode()
        if basic != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return httpx.Response(401, json={"error": "invalid_client"})
        if form["grant_type"] == "authorization_code":
            company = self._codes.pop(form["code"], None)
        else:
            company = self._renewals.pop(form.get("refresh_token", ""), None)
        if company is None:
            return httpx.Response(400, json={"error": "invalid_grant"})
        access, renewal = f"access-{secrets.token_hex(12)}", f"renewal-{secrets.token_hex(12)}"
        self._access[access] = (company, self.clock() + timedelta(hours=1))
        self._renewals[renewal] = company
        scope = "books invoices write"
        answer = {"access_token": access, "refresh_token": renewal, "expires_in": 3600, "scope": scope}
        return httpx.Response(200, json=answer | {"token_type": "Bearer"})

    def _book(self, firm: Company, sent: dict[str, Any]) -> httpx.Response:
        if unknown := [row["account"] for row in sent["rows"] if row["account"] not in ACCOUNTS]:
            return httpx.Response(422, json={"code": "account", "message": f"Account {unknown[0]} is not there"})
        made = sent | {"series": "A", "number": len(firm.vouchers) + 1}
        firm.vouchers.append(made)
        firm.booked.append(made)
        return httpx.Response(201, json=made)


def record(stated: Mapping[str, Any]) -> VoucherRecord:
    rows = tuple(
        DraftRow(row["account"], row["ore"], tuple((d, c) for d, c in row["objects"]), row["text"])
        for row in stated["rows"]
    )
    day = date.fromisoformat(stated["date"])
    return VoucherRecord(stated["series"], str(stated["number"]), START, day, stated["text"], rows, stated["note"])
