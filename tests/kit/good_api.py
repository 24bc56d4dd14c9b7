"""A good source for `good_server`: what the broken ones are made of by changing one method each."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
from pydantic import BaseModel, Field, SecretStr

from closing_host.api.authorization import Account, AuthorizeRequest, Step
from closing_host.api.context import (
    AttachmentsRequest,
    Connection,
    Context,
    ExportRequest,
    FindRequest,
    ImportRequest,
    TermsRequest,
)
from closing_host.api.errors import ClosingError, DataError, Denied, SourceUnavailable
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.oauth2 import OAuth2CodeFlow
from closing_host.api.source import Origin, RateLimit, SourceInfo
from closing_host.api.subledger import Attachments, Document, Payment, SubLedger, VoucherRef
from closing_host.api.vouchers import (
    AccountTerms,
    Booked,
    ExportTerms,
    FoundVouchers,
    NotApplied,
    ObjectTerms,
    Outcome,
    Rejected,
    SeriesTerms,
    VoucherDraft,
)
from kit.good_server import API, LOGIN, record


class Installation(BaseModel):
    client_id: str = Field(title="Client id")
    client_secret: SecretStr = Field(title="Client secret")


class GoodApi:
    """The hooks, each over small methods."""

    installation: type[BaseModel] = Installation
    hosts = (Origin(API), Origin(LOGIN, authorization=True))
    rate_limit: RateLimit | None = RateLimit(50, 5.0, application=("client_id",))

    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo(
            name=self.name(), installation=self.installation, hosts=self.hosts, rate_limit=self.rate_limit
        )

    def name(self) -> str:
        return "Good books"

    @hookimpl
    async def authorize(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        return await self.step(request, connection, context)

    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        return await self.flow(connection).step(request, connection, context)

    def flow(self, connection: Connection) -> OAuth2CodeFlow:
        settings: Any = connection.installation
        secret = settings.client_secret
        return OAuth2CodeFlow(
            authorize_url=f"{LOGIN}/authorize",
            token_url=f"{LOGIN}/token",
            revoke_url=f"{LOGIN}/revoke",
            client_id=settings.client_id,
            client_secret=secret if isinstance(secret, str) else secret.get_secret_value(),
            scopes={"import": ("books",), "attachments": ("invoices",), "export": ("write",)},
            identify=self.identify,
            rotates=True,
            explain=self.explain,
        )

    def explain(self, error: str, description: str, request: AuthorizeRequest) -> ClosingError | None:
        return Denied("oauth-denied") if error == "access_denied" else None

    async def identify(self, http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
        found = self.read(await http.get(f"{API}/company"), "id")
        return Account(found["id"], found["name"])

    @hookimpl
    async def list_years(self, context: Context) -> tuple[Company, list[FinancialYear]]:
        found = (await self.get(context, "/years", "years"))["years"]
        spans = sorted(((each["start"], each["end"]) for each in found), reverse=True)
        return Company("Ett AB"), self.listed([(date.fromisoformat(a), date.fromisoformat(b)) for a, b in spans])

    def listed(self, spans: list[tuple[date, date]]) -> list[FinancialYear]:
        return [FinancialYear(-n, start, end) for n, (start, end) in enumerate(spans)]

    @hookimpl
    async def import_ledger(self, request: ImportRequest, connection: Connection, context: Context) -> LedgerBuilder:
        assert request.year is not None
        books = LedgerBuilder(Company("Ett AB"), [self.year(request.year)])
        for account in (await self.get(context, "/accounts", "accounts"))["accounts"]:
            books.add_account(account["account"], account["name"])
            if account["opening"]:
                books.add_balance("IB", account["account"], self.opening(account["opening"]))
        count = 0
        async for stated in self.vouchers(context):
            count += 1
            self.progress(context, count)
            self.add(books, stated)
        self.check(books, count)
        return books

    def year(self, asked: FinancialYear) -> FinancialYear:
        return FinancialYear(0, asked.start, asked.end)

    def opening(self, ore: int) -> int:
        return ore

    def progress(self, context: Context, count: int) -> None:
        context.progress("", count, None)

    def add(self, books: LedgerBuilder, stated: dict[str, Any]) -> None:
        books.add_voucher(
            stated["series"], self.number(stated), date.fromisoformat(stated["date"]), self.text(stated["text"])
        )
        for row in stated["rows"]:
            books.add_row(row["account"], self.amount(stated, row))

    def number(self, stated: dict[str, Any]) -> str:
        return str(stated["number"])

    def text(self, text: str) -> str:
        return text

    def amount(self, stated: dict[str, Any], row: dict[str, Any]) -> int:
        return int(row["ore"])

    def check(self, books: LedgerBuilder, count: int) -> None:
        """Nothing more to do."""

    async def vouchers(self, context: Context) -> AsyncIterator[dict[str, Any]]:
        page = pages = 1
        while page <= pages:
            answer = await self.get(context, f"/vouchers?page={page}", "vouchers")
            self.keep(context, page, answer)
            pages = answer["pages"]
            for each in answer["vouchers"]:
                yield each
            page += 1

    def keep(self, context: Context, page: int, answer: dict[str, Any]) -> None:
        context.keep(f"page-{page}.json", repr(answer).encode())

    async def get(self, context: Context, path: str, field: str) -> dict[str, Any]:
        return self.read(await context.http.get(f"{API}{path}"), field)

    def read(self, response: httpx.Response, field: str) -> dict[str, Any]:
        """The answer's object, which has `field`."""
        if not response.is_success:
            raise SourceUnavailable("books-failing", status=response.status_code)
        try:
            answer: dict[str, Any] = response.json()
            answer[field]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError("books-unreadable") from error
        return answer

    @hookimpl
    async def attachments(self, request: AttachmentsRequest, context: Context) -> Attachments:
        invoices = (await self.get(context, "/invoices", "invoices"))["invoices"]
        start = request.year.start
        documents = tuple(
            Document(
                each["number"],
                "k1",
                "Kund",
                date.fromisoformat(each["date"]),
                None,
                each["ore"],
                None,
                True,
                False,
                VoucherRef(start, "A", str(each["voucher"])),
            )
            for each in invoices
        )
        payments = tuple(self.payment(each, start) for each in invoices if each["paid"])
        part = SubLedger("receivables", ("1510",), documents, payments, start, request.through)
        return {"receivables": self.side(part, request)}

    def payment(self, invoice: dict[str, Any], start: date) -> Payment:
        paid = invoice["paid"]
        ref = VoucherRef(start, "A", str(paid["voucher"]))
        return Payment(
            f"p{invoice['number']}",
            invoice["number"],
            date.fromisoformat(paid["date"]),
            invoice["ore"],
            True,
            voucher=ref,
        )

    def side(self, part: SubLedger, request: AttachmentsRequest) -> SubLedger:
        return part

    @hookimpl
    async def export_terms(self, request: TermsRequest, context: Context) -> ExportTerms:
        company = await self.get(context, "/company", "id")
        accounts = (await self.get(context, "/accounts", "accounts"))["accounts"]
        return await self.terms(
            context,
            ExportTerms(
                account_id=company["id"],
                organisation_number="",
                year_start=request.year.start,
                year_end=request.year.end,
                series=(SeriesTerms("A", "Alla", manual=True),),
                accounts=tuple(AccountTerms(each["account"], each["name"], active=True) for each in accounts),
                objects=(ObjectTerms(1, "10", "Butik", active=True),),
            ),
        )

    async def terms(self, context: Context, terms: ExportTerms) -> ExportTerms:
        return terms

    @hookimpl
    async def export_voucher(self, request: ExportRequest, context: Context) -> Outcome:
        return self.outcome(await self.post(context, self.body(request.voucher)))

    def body(self, draft: VoucherDraft) -> dict[str, Any]:
        rows = [
            {"account": row.account, "ore": row.amount, "objects": self.objects(row.objects), "text": row.text}
            for row in draft.rows
        ]
        return {"date": draft.date.isoformat(), "text": draft.text, "note": draft.marker, "rows": rows}

    def objects(self, objects: tuple[tuple[int, str], ...]) -> list[list[Any]]:
        return [list(each) for each in objects]

    async def post(self, context: Context, body: dict[str, Any]) -> httpx.Response:
        return await context.http.post(f"{API}/vouchers", json=body)

    def outcome(self, response: httpx.Response) -> Outcome:
        if response.status_code == 422:
            return Rejected("books-refused", detail=response.json()["message"])
        if response.status_code in (401, 429):
            return NotApplied("books-not-now")
        return Booked(record(self.read(response, "number")))

    @hookimpl
    async def find_vouchers(self, request: FindRequest, context: Context) -> FoundVouchers:
        found = [record(each) async for each in self.looked_through(context) if self.matches(request, each)]
        return FoundVouchers(tuple(found), None, complete=True)

    async def looked_through(self, context: Context) -> AsyncIterator[dict[str, Any]]:
        page = pages = 1
        while page <= pages:
            answer = await self.get(context, f"/vouchers?page={page}", "vouchers")
            pages = answer["pages"]
            for each in answer["vouchers"]:
                yield each
            page += 1

    def matches(self, request: FindRequest, stated: dict[str, Any]) -> bool:
        above = request.above is not None and stated["number"] > request.above
        return above or stated["note"] in request.markers or str(stated["number"]) in request.numbers
