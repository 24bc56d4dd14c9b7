"""The hooks, in the order in which a user meets them: describe, log in, import, attachments, export."""

from dataclasses import replace

import httpx
from pydantic import BaseModel, Field, SecretStr

from api_ledger.answers import Invoices, OpeningBalance, Voucher, Year
from api_ledger.api import Api, parsed
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
from closing_host.api.errors import ClosingError, SourceUnavailable, WrongCompany
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import FINANCIAL_DATA, Company, FinancialYear, LedgerBuilder
from closing_host.api.money import decimal_from_ore
from closing_host.api.oauth2 import OAuth2CodeFlow
from closing_host.api.source import RateLimit, SourceInfo, from_setting
from closing_host.api.subledger import Side, SubLedger
from closing_host.api.vouchers import (
    AccountTerms,
    Booked,
    ExportTerms,
    FoundVouchers,
    NotApplied,
    Outcome,
    Rejected,
    SeriesTerms,
)


class Installation(BaseModel):
    """Filled in once, by whoever runs the host."""

    address: str = Field(title="Address")
    client_id: str = Field(title="Client id")
    client_secret: SecretStr = Field(title="Client secret")
    callback: str = Field("http://127.0.0.1:8710/callback", title="Callback address")


@hookimpl
def describe_source() -> SourceInfo:
    """One address for login and calls, ten calls in a second."""
    return SourceInfo(
        "API ledger",
        contract=((1, 0), (2, 0)),
        installation=Installation,
        hosts=(from_setting("address", authorization=True),),
        rate_limit=RateLimit(10, 1.0, application=("client_id",)),
        cannot_hold=FINANCIAL_DATA - {"rows.text"},
        package="api_ledger",
    )


@hookimpl
async def authorize(request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
    """All four intents are OAuth2's own; ours is to say who answered."""
    installed = connection.installation_as(Installation)

    async def identify(http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
        return await Api(http, installed.address).read("/company", Account)

    flow = OAuth2CodeFlow(
        authorize_url=f"{installed.address}/oauth/authorize",
        token_url=f"{installed.address}/oauth/token",
        revoke_url=f"{installed.address}/oauth/revoke",
        client_id=installed.client_id,
        client_secret=installed.client_secret.get_secret_value(),
        scopes={"import": ["books"], "attachments": ["invoices"], "export": ["write"]},
        identify=identify,
        rotates=True,
    )
    return await flow.step(request, connection, context)


async def connected(connection: Connection, context: Context) -> tuple[Api, Company]:
    """The API, and the company that it answers for. Raises `WrongCompany` when that is not the connected one."""
    api = Api(context.http, connection.installation_as(Installation).address)
    company = await api.read("/company", Account)
    if connection.account is not None and connection.account.id != company.id:
        raise WrongCompany()
    return api, Company(company.name, company.organisation_number, source_id=company.id)


@hookimpl
async def list_years(connection: Connection, context: Context) -> tuple[Company, list[FinancialYear]]:
    """The company and its years, newest first."""
    api, company = await connected(connection, context)
    years = sorted(await api.read("/years", list[Year]), key=lambda each: each.start, reverse=True)
    return company, [FinancialYear(-n, each.start, each.end) for n, each in enumerate(years)]


@hookimpl
async def import_ledger(request: ImportRequest, connection: Connection, context: Context) -> LedgerBuilder:
    """One year. Raises `SourceUnavailable` when it changed while its pages were read."""
    year = request.year
    assert year is not None  # the host states one to a source that lists years
    api, company = await connected(connection, context)
    books = LedgerBuilder(company, [replace(year, index=0)])
    for account in await api.read(f"/years/{year.start}/accounts", list[OpeningBalance]):
        books.add_account(account.account, account.name)
        books.add_balance("IB", account.account, account.opening)
    vouchers, total = await api.vouchers(year)
    if len(vouchers) != total:
        raise SourceUnavailable("api-ledger-changed")
    for done, voucher in enumerate(vouchers, 1):
        context.progress("read", done, total)
        books.add_voucher(voucher.series, str(voucher.number), voucher.dated, voucher.text)
        for row in voucher.rows:
            books.add_row(row.account, row.amount, text=row.text)
    for name, content in api.received.items():
        context.keep(name, content)
    return books


@hookimpl
async def attachments(request: AttachmentsRequest, connection: Connection, context: Context) -> dict[Side, SubLedger]:
    """Invoices with their payments; the host computes what was open on which day."""
    api, _ = await connected(connection, context)
    found: dict[Side, SubLedger] = {}
    sides: tuple[Side, ...] = ("receivables", "payables")
    for side in sides:
        answer = await api.read(f"/{side}", Invoices, "attachments", since=request.year.start)
        accounts = request.control_accounts.get(side) or (answer.account,)
        documents = tuple(each.document() for each in answer.invoices)
        payments = tuple(payment for each in answer.invoices for payment in each.paid())
        found[side] = SubLedger(side, accounts, documents, payments, request.year.start, request.through)
    return found


@hookimpl
async def export_terms(request: TermsRequest, connection: Connection, context: Context) -> ExportTerms:
    """Facts; the host decides by them whether a voucher may be sent."""
    api, company = await connected(connection, context)
    year, path = request.year, f"/years/{request.year.start}"
    locks = {each.start: each.locked_through for each in await api.read("/years", list[Year], "export")}
    accounts = await api.read(f"{path}/accounts", list[AccountTerms], "export")
    series = await api.read(f"{path}/series", list[SeriesTerms], "export")
    return ExportTerms(
        company.source_id,
        company.organisation_number,
        year.start,
        year.end,
        tuple(series),
        tuple(accounts),
        locked_through=locks.get(year.start),
        text_limit=100,
        read_at=context.clock(),
    )


@hookimpl
async def export_voucher(request: ExportRequest, connection: Connection, context: Context) -> Outcome:
    """Book one voucher, once. What is raised here, by us or by the client, means: nobody knows."""
    draft = request.voucher
    rows = [{"account": r.account, "amount": decimal_from_ore(r.amount), "text": r.text} for r in draft.rows]
    voucher = {"series": request.series, "dated": draft.date, "text": draft.text, "note": draft.marker, "rows": rows}
    try:
        answer = await Api(context.http, connection.installation_as(Installation).address).book(request.year, voucher)
    except ClosingError as error:  # the host's client could not even send it
        return NotApplied.because(error)
    match answer.status_code:
        case 201:
            return Booked(parsed(answer, Voucher).record(request.year.start))
        case 401 | 429:
            return NotApplied("api-ledger-not-now", f"HTTP {answer.status_code}")
        case 422:
            return Rejected("api-ledger-refused", answer.text[:200])
    raise SourceUnavailable("source-failing", host=answer.url.host, status=answer.status_code)


@hookimpl
async def find_vouchers(request: FindRequest, connection: Connection, context: Context) -> FoundVouchers:
    """Look through the whole series: by marker, by number, and for anything newer than the high-water mark."""
    api, _ = await connected(connection, context)
    listed, total = await api.vouchers(request.year, series=request.series)
    asked = request.numbers | {
        str(each.number)
        for each in listed
        if each.note in request.markers or (request.above is not None and each.number > request.above)
    }
    found = tuple(each.record(request.year.start) for each in listed if str(each.number) in asked)
    return FoundVouchers(found, total, complete=len(listed) == total)
