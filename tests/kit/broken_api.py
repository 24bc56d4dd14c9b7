"""Sources of an API that are wrong in one way each: `GoodApi` with one method changed."""

import contextlib
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.request import urlopen

import httpx
from pydantic import BaseModel, Field

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Redirect, Step, Token
from closing_host.api.context import AttachmentsRequest, Connection, Context, FindRequest
from closing_host.api.errors import AuthorizationError, ClosingError, DataError, Expired, RateLimited, SourceUnavailable
from closing_host.api.ledger import FinancialYear, LedgerBuilder
from closing_host.api.source import Origin, RateLimit
from closing_host.api.subledger import Payment, SubLedger
from closing_host.api.vouchers import ExportTerms, NotApplied, Outcome, Rejected
from kit.good_api import GoodApi
from kit.good_server import API, LOGIN


class NamedAnew(GoodApi):
    def name(self) -> str:
        return f"Books {secrets.token_hex(2)}"


class OpenSettings(BaseModel):
    client_id: str = Field(title="Client id")
    client_secret: str = Field(title="Client secret")


class SecretInTheOpen(GoodApi):
    installation = OpenSettings


class AccountPerLogin(GoodApi):
    async def identify(self, http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
        return Account(secrets.token_hex(4))


class UndeclaredLogin(GoodApi):
    hosts = (Origin(API), Origin(LOGIN))


class AnyState(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        if request.answer:
            request = replace(request, flow={**request.flow, "state": request.answer.get("state", "")})
        return await super().step(request, connection, context)


class NoIsAnError(GoodApi):
    def explain(self, error: str, description: str, request: AuthorizeRequest) -> ClosingError | None:
        return AuthorizationError("books-login-failed")


class EveryCompanyIsMe(GoodApi):
    async def identify(self, http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
        return Account("me")


class RenewsForNobody(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        step = await super().step(request, connection, context)
        return replace(step, account=None) if request.intent == "renew" and isinstance(step, Authorized) else step


class RefusedIsUnavailable(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        try:
            return await super().step(request, connection, context)
        except Expired as error:
            raise SourceUnavailable("books-login-away") from error


class RenewsAgain(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        try:
            return await super().step(request, connection, context)
        except SourceUnavailable:
            return await super().step(request, connection, context)


class TrustsTokenAnswers(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        if request.intent != "renew" or request.token is None:
            return await super().step(request, connection, context)
        form = {"grant_type": "refresh_token", "refresh_token": request.token.renewal}
        settings: Any = connection.installation
        client = (settings.client_id, settings.client_secret.get_secret_value())
        try:
            response = await context.http.post(f"{LOGIN}/token", data=form, auth=client)
        except httpx.HTTPError as error:
            raise SourceUnavailable("books-login-away") from error
        if response.status_code == 400:
            raise Expired("books-login-over")
        if not response.is_success:
            raise SourceUnavailable("books-login-away")
        try:
            return Authorized(connection.account, Token(response.json()["access_token"], rotates=True))
        except ValueError as error:
            raise SourceUnavailable("books-login-away") from error


class ChecksNothing(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        if request.intent == "check":
            return Authorized(None)
        return await super().step(request, connection, context)


class DisconnectsByBrowser(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        if request.intent == "disconnect":
            return Redirect(f"{LOGIN}/logout")
        return await super().step(request, connection, context)


class MovesAnOre(GoodApi):
    """One voucher has an öre too much and another one too little, on the same account."""

    def amount(self, stated: dict[str, Any], row: dict[str, Any]) -> int:
        off = {1: 1, 2: -1}.get(stated["number"], 0) if row["account"] == "1510" else 0
        return super().amount(stated, row) + off


class SkipsAVoucher(GoodApi):
    def add(self, books: LedgerBuilder, stated: dict[str, Any]) -> None:
        if stated["text"] != "Rättelse":
            super().add(books, stated)


class WholeKronor(GoodApi):
    def amount(self, stated: dict[str, Any], row: dict[str, Any]) -> int:
        return int(row["ore"] / 100) * 100


class OpensInKronor(GoodApi):
    def opening(self, ore: int) -> int:
        return round(ore / 100) * 100


class CalendarYears(GoodApi):
    def year(self, asked: FinancialYear) -> FinancialYear:
        return FinancialYear(0, date(asked.start.year, 1, 1), date(asked.start.year + 1, 12, 31))


class NumbersPerPage(GoodApi):
    def number(self, stated: dict[str, Any]) -> str:
        return str(stated["number"] % 2)


class PlainLetters(GoodApi):
    def text(self, text: str) -> str:
        return text.encode("ascii", "replace").decode()


class StampsTexts(GoodApi):
    def add(self, books: LedgerBuilder, stated: dict[str, Any]) -> None:
        books.add_account(secrets.token_hex(3), "Imported")
        super().add(books, stated)


class OldestFirst(GoodApi):
    def listed(self, spans: list[tuple[date, date]]) -> list[FinancialYear]:
        return super().listed(sorted(spans))


class Silent(GoodApi):
    def progress(self, context: Context, count: int) -> None:
        """Nobody hears."""


class GoesOnWhenCancelled(GoodApi):
    async def get(self, context: Context, path: str, field: str) -> dict[str, Any]:
        try:
            return await super().get(context, path, field)
        except BaseException:
            return await super().get(context, path, field)


class _StopsQuietly(GoodApi):
    """Takes what it has when a page fails in one way."""

    quietly: type[ClosingError]

    async def vouchers(self, context: Context) -> AsyncIterator[dict[str, Any]]:
        with contextlib.suppress(self.quietly):
            async for each in super().vouchers(context):
                yield each


class StopsWhenRefused(_StopsQuietly):
    quietly = AuthorizationError


class StopsWhenTooFast(_StopsQuietly):
    quietly = RateLimited


class _Failing(SourceUnavailable):
    """The server answered 500."""


class StopsWhenFailing(_StopsQuietly):
    quietly = _Failing

    async def get(self, context: Context, path: str, field: str) -> dict[str, Any]:
        response = await context.http.get(f"{API}{path}")
        if response.status_code == 500:
            raise _Failing("books-failing")
        return self.read(response, field)


class StopsWhenHalf(_StopsQuietly):
    quietly = DataError


class WantsVouchers(GoodApi):
    def check(self, books: LedgerBuilder, count: int) -> None:
        raise_for = [1 / count]
        del raise_for


class Hoards(GoodApi):
    def check(self, books: LedgerBuilder, count: int) -> None:
        hoard = [bytes([number % 256]) * 1024 for number in range(300 * 1024 if count > 1000 else 1)]
        del hoard


class KeepsNothing(GoodApi):
    def keep(self, context: Context, page: int, answer: dict[str, Any]) -> None:
        """Nothing to prove it by."""


class ForgetsPayments(GoodApi):
    def side(self, part: SubLedger, request: AttachmentsRequest) -> SubLedger:
        return replace(part, payments=())


class EndsWithTheYear(GoodApi):
    def side(self, part: SubLedger, request: AttachmentsRequest) -> SubLedger:
        return replace(part, complete_to=request.year.end)


class StrayPayments(GoodApi):
    def side(self, part: SubLedger, request: AttachmentsRequest) -> SubLedger:
        stray: Payment = replace(part.payments[0], document="none")
        return replace(part, payments=(*part.payments, stray))


class TermsOfNobody(GoodApi):
    async def terms(self, context: Context, terms: ExportTerms) -> ExportTerms:
        return replace(terms, account_id="")


class TriesABooking(GoodApi):
    async def terms(self, context: Context, terms: ExportTerms) -> ExportTerms:
        body = {"date": terms.year_end.isoformat(), "text": "Test", "note": "", "rows": []}
        await self.post(context, body)
        return terms


class LosesObjects(GoodApi):
    def objects(self, objects: tuple[tuple[int, str], ...]) -> list[list[Any]]:
        return []


class FindsByMarkerOnly(GoodApi):
    def matches(self, request: FindRequest, stated: dict[str, Any]) -> bool:
        return stated["note"] in request.markers


class SilenceIsNo(GoodApi):
    async def post(self, context: Context, body: dict[str, Any]) -> httpx.Response:
        try:
            return await super().post(context, body)
        except httpx.ReadTimeout:
            return httpx.Response(429)


class SendsTwice(GoodApi):
    async def post(self, context: Context, body: dict[str, Any]) -> httpx.Response:
        response = await super().post(context, body)
        return await super().post(context, body) if response.status_code == 503 else response


class FailureIsNo(GoodApi):
    def outcome(self, response: httpx.Response) -> Outcome:
        if response.status_code == 500:
            return Rejected("books-refused")
        return super().outcome(response)


class NoIsFailure(GoodApi):
    def outcome(self, response: httpx.Response) -> Outcome:
        if response.status_code == 422:
            raise DataError("books-refused")
        return super().outcome(response)


class TooFastIsNo(GoodApi):
    def outcome(self, response: httpx.Response) -> Outcome:
        found = super().outcome(response)
        return Rejected("books-refused") if isinstance(found, NotApplied) else found


class LooksAway(GoodApi):
    async def looked_through(self, context: Context) -> AsyncIterator[dict[str, Any]]:
        with contextlib.suppress(ClosingError):
            async for each in super().looked_through(context):
                yield each


class LogsHeaders(GoodApi):
    async def get(self, context: Context, path: str, field: str) -> dict[str, Any]:
        response = await context.http.get(f"{API}{path}")
        context.log.info("asked with %s", response.request.headers.get("authorization"))
        return self.read(response, field)


class KeepsHeaders(GoodApi):
    async def get(self, context: Context, path: str, field: str) -> dict[str, Any]:
        response = await context.http.get(f"{API}{path}")
        context.keep(f"request-{secrets.token_hex(4)}", repr(response.request.headers.raw).encode())
        return self.read(response, field)


class TellsTheSecret(GoodApi):
    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        settings: Any = connection.installation
        try:
            return await super().step(request, connection, context)
        except SourceUnavailable as error:
            told = settings.client_secret.get_secret_value()
            raise SourceUnavailable("books-login-away", detail=f"logged in with {told}") from error


class TellsTheToken(GoodApi):
    async def post(self, context: Context, body: dict[str, Any]) -> httpx.Response:
        response = await super().post(context, body)
        if response.status_code == 500:
            raise SourceUnavailable("books-failing", detail=str(response.request.headers.raw))
        return response


class CallsAround(GoodApi):
    def check(self, books: LedgerBuilder, count: int) -> None:
        with contextlib.suppress(OSError):
            urlopen("https://statistics.example/imported")


class SleepsInBetween(GoodApi):
    def progress(self, context: Context, count: int) -> None:
        super().progress(context, count)
        time.sleep(0.2)


class TurnsUpTheLog(GoodApi):
    def check(self, books: LedgerBuilder, count: int) -> None:
        os.environ["BOOKS_IMPORTED"] = f"{count} {secrets.token_hex(4)}"
        logging.getLogger("books").debug("imported")


class OneClientForAll(GoodApi):
    """Holds the client of the import that began last."""

    latest: Context

    async def vouchers(self, context: Context) -> AsyncIterator[dict[str, Any]]:
        type(self).latest = context
        page = pages = 1
        while page <= pages:
            answer = await self.get(self.latest, f"/vouchers?page={page}", "vouchers")
            self.keep(context, page, answer)
            pages = answer["pages"]
            for each in answer["vouchers"]:
                yield each
            page += 1


class DeclaresTooMuch(GoodApi):
    rate_limit = RateLimit(1000, 1.0)
