"""The API as its documentation describes it, on this machine: faithful, and without faults. `app` speaks ASGI."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from closing_host.api import exact_json

CLIENT_ID, CLIENT_SECRET = "api-ledger-id", "api-ledger-secret"
PAGE, LIFETIME = 2, timedelta(hours=1)

CONSENT = """<!doctype html><title>API ledger</title><form method="post"><p>Allow access to {scope}?</p>
<select name="company">{companies}</select>
<button name="decision" value="approve">Approve</button><button name="decision" value="deny">Deny</button></form>"""


def voucher(number: int, dated: str, text: str, *rows: tuple[str, str]) -> dict[str, Any]:
    """As the API states one."""
    stated = [{"account": account, "amount": Decimal(amount), "text": ""} for account, amount in rows]
    return {"series": "A", "number": number, "dated": dated, "text": text, "note": "", "rows": stated}


def invoice(
    number: str, party: str, dated: str, total: str, booked: int, paid: tuple[str, int] | None
) -> dict[str, Any]:
    """As the API states one, with the one payment (date, voucher number) that settles it or none."""
    amount = Decimal(total)
    payments = [{"number": f"P{number}", "dated": paid[0], "amount": amount, "voucher": ref(paid[1])}] if paid else []
    who = {"number": number, "party": party[:2], "party_name": party, "dated": dated, "due": dated}
    open_now = Decimal(0) if paid else amount
    return {**who, "total": amount, "balance": open_now, "voucher": ref(booked), "payments": payments}


def ref(number: int) -> dict[str, str]:
    """A voucher that booked something."""
    return {"year_start": "2025-01-01", "series": "A", "number": str(number)}


def vouchers() -> list[dict[str, Any]]:
    """The year's vouchers."""
    return [
        voucher(1, "2025-01-10", "Faktura 1 Öst & Väst", ("1510", "12500.00"), ("3001", "-12500.00")),
        voucher(2, "2025-02-03", "Inbetalning", ("1930", "12500.00"), ("1510", "-12500.00")),
        voucher(3, "2025-03-01", "Leverantörsfaktura 77", ("5010", "8250.55"), ("2440", "-8250.55")),
        voucher(4, "2025-12-12", "Faktura 2 Åbergs Måleri", ("1510", "999.90"), ("3001", "-999.90")),
    ]


@dataclass
class Company:
    """One company's books."""

    id: str
    name: str
    organisation_number: str
    vouchers: list[dict[str, Any]] = field(default_factory=vouchers)
    accounts: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {
            "1510": ("Kundfordringar", "0"),
            "1930": ("Företagskonto", "50000.00"),
            "2081": ("Aktiekapital", "-50000.00"),
            "2440": ("Leverantörsskulder", "0"),
            "2910": ("Upplupna löner", "0"),
            "3001": ("Försäljning inom Sverige", "0"),
            "5010": ("Lokalhyra", "0"),
            "7010": ("Löner", "0"),
        }
    )

    def book(self, sent: Mapping[str, Any]) -> dict[str, Any] | str:
        """Book a voucher in the next number of its series, or say why not."""
        if unknown := [row["account"] for row in sent["rows"] if row["account"] not in self.accounts]:
            return f"Account {unknown[0]} is not in the chart of accounts."
        if sum(Decimal(row["amount"]) for row in sent["rows"]):
            return "The rows do not sum to zero."
        made = {**sent, "number": self.next_number(sent["series"])}
        self.vouchers.append(made)
        return made

    def next_number(self, series: str) -> int:
        """The number that the series' next voucher gets."""
        return max((each["number"] for each in self.vouchers if each["series"] == series), default=0) + 1


class FakeApi:
    """The server: companies, and the logins to them. `clock` says what time it is there."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.companies = [
            Company("k-1", "Ängs & Åkers Snickeri AB", "559812-3452"),
            Company("k-2", "Östra Måleri AB", "556036-0793"),
        ]
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.renewals: dict[str, dict[str, str]] = {}
        year = "/years/2025-01-01"
        self.app = Starlette(
            routes=[
                Route("/oauth/authorize", self.consent, methods=["GET", "POST"]),
                Route("/oauth/token", self.token, methods=["POST"]),
                Route("/oauth/revoke", self.revoke, methods=["POST"]),
                Route("/company", self.answering("books", self.company)),
                Route("/years", self.answering("books", self.years)),
                Route(f"{year}/accounts", self.answering("books", self.accounts)),
                Route(f"{year}/series", self.answering("write", self.series)),
                Route(f"{year}/vouchers", self.answering("books", self.page), methods=["GET"]),
                Route(f"{year}/vouchers", self.answering("write", self.post), methods=["POST"]),
                Route("/receivables", self.answering("invoices", self.receivables)),
                Route("/payables", self.answering("invoices", self.payables)),
            ]
        )

    # --- login

    async def consent(self, request: Request) -> Response:
        """The page where the user chooses a company and approves, and what becomes of it."""
        asked = dict(request.query_params)
        if request.method == "GET":
            options = "".join(f'<option value="{each.id}">{each.name}</option>' for each in self.companies)
            return HTMLResponse(CONSENT.format(scope=asked["scope"], companies=options))
        form = await request.form()
        back = {"state": asked["state"]}
        if form["decision"] == "approve":
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = {**asked, "company": str(form["company"])}
        else:
            back["error"] = "access_denied"
        query = "&".join(f"{name}={value}" for name, value in back.items())
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    async def token(self, request: Request) -> Response:
        """A code or a renewal token, once each, for a new pair."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self.is_client(request):
            return answer({"error": "invalid_client"}, 401)
        if form["grant_type"] == "authorization_code":
            held = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            fits = held is not None and (held["redirect_uri"], held["code_challenge"]) == (
                form["redirect_uri"],
                challenge,
            )
        else:
            held = self.renewals.pop(form["refresh_token"], None)
            fits = held is not None
        if held is None or not fits:
            return answer({"error": "invalid_grant"}, 400)
        access, renewal = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens[access] = {**held, "until": self.clock() + LIFETIME, "renewal": renewal}
        self.renewals[renewal] = held
        made = {"access_token": access, "refresh_token": renewal, "token_type": "Bearer", "scope": held["scope"]}
        return answer({**made, "expires_in": int(LIFETIME.total_seconds())})

    async def revoke(self, request: Request) -> Response:
        """Neither the renewal token nor the access token that came with it is good for anything any more."""
        form = await request.form()
        if not self.is_client(request):
            return answer({"error": "invalid_client"}, 401)
        self.renewals.pop(str(form["token"]), None)
        self.tokens = {name: each for name, each in self.tokens.items() if each["renewal"] != form["token"]}
        return answer({})

    def is_client(self, request: Request) -> bool:
        """Whether id and secret are right."""
        sent = request.headers.get("authorization", "").removeprefix("Basic ")
        return sent == base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()

    def answering(self, scope: str, to: Callable[[Request, Company], Any]) -> Callable[[Request], Any]:
        """`to`, for whoever's token is alive (401) and has the scope (403)."""

        async def endpoint(request: Request) -> Response:
            held = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if held is None or held["until"] <= self.clock():
                return answer({"error": "invalid_token"}, 401)
            if scope not in held["scope"].split():
                return answer({"error": "insufficient_scope"}, 403)
            request.state.body = exact_json.read(await request.body()) if request.method == "POST" else None
            said = to(request, next(each for each in self.companies if each.id == held["company"]))
            return said if isinstance(said, Response) else answer(said)

        return endpoint

    # --- books

    def company(self, request: Request, of: Company) -> object:
        """`GET /company`."""
        return {"id": of.id, "name": of.name, "organisation_number": of.organisation_number}

    def years(self, request: Request, of: Company) -> object:
        """`GET /years`."""
        return [{"start": date(2025, 1, 1), "end": date(2025, 12, 31), "locked_through": None}]

    def accounts(self, request: Request, of: Company) -> object:
        """`GET /years/{start}/accounts`."""
        return [
            {"account": number, "name": name, "active": True, "opening": Decimal(opening)}
            for number, (name, opening) in of.accounts.items()
        ]

    def series(self, request: Request, of: Company) -> object:
        """`GET /years/{start}/series`."""
        stated = {"A": "Redovisning", "B": "Bokslut"}
        return [
            {"code": code, "description": name, "manual": True, "next_number": of.next_number(code)}
            for code, name in stated.items()
        ]

    def page(self, request: Request, of: Company) -> object:
        """`GET /years/{start}/vouchers`."""
        series, number = request.query_params.get("series"), int(request.query_params.get("page", "1"))
        found = [each for each in of.vouchers if series in (None, each["series"])]
        size = PAGE if len(found) < 100 else 1000
        shown = found[(number - 1) * size : number * size]
        return {"total": len(found), "pages": -(-len(found) // size), "vouchers": shown}

    def post(self, request: Request, of: Company) -> object:
        """`POST /years/{start}/vouchers`."""
        made = of.book(request.state.body)
        return PlainTextResponse(made, 422) if isinstance(made, str) else answer(made, 201)

    def receivables(self, request: Request, of: Company) -> object:
        """`GET /receivables`."""
        settled = invoice("1", "Öst & Väst", "2025-01-10", "12500.00", 1, ("2025-02-03", 2))
        return {
            "account": "1510",
            "invoices": [settled, invoice("2", "Åbergs Måleri", "2025-12-12", "999.90", 4, None)],
        }

    def payables(self, request: Request, of: Company) -> object:
        """`GET /payables`."""
        return {"account": "2440", "invoices": [invoice("77", "Fastighets AB Ö", "2025-03-01", "8250.55", 3, None)]}


def answer(value: object, status: int = 200) -> Response:
    """JSON with every amount as it is."""
    return Response(exact_json.write(value), status, media_type="application/json")
