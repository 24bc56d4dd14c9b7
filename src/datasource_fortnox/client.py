"""A client for Fortnox's bookkeeping, for any `httpx.AsyncClient` that carries an access token.

    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:
        fortnox = FortnoxClient(http)
        for year in (await fortnox.financial_years()).items:
            sie = await fortnox.sie(year.id)

It neither retries nor paces nor renews tokens: that is the given client's business. Errors are those of
`datasource_fortnox.errors`. Years are Fortnox's year ids, and always stated: without one Fortnox takes the year that
some user looked at last (F 4.1, F 5.1).
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field

from closing_host.api import exact_json
from datasource_fortnox.errors import AnswerWrong, unreadable
from datasource_fortnox.models import (
    Account,
    CompanyInformation,
    CostCenter,
    FinancialYear,
    LockedPeriod,
    NewVoucher,
    PredefinedAccount,
    Project,
    Voucher,
    VoucherSeries,
    VoucherSummary,
)
from datasource_fortnox.paging import Listing, Page, read_all
from datasource_fortnox.rest import FORTNOX, Query, Rest, parsed, unwrap
from datasource_fortnox.subledger_models import (
    CustomerInvoice,
    InvoicePayment,
    SupplierInvoice,
    SupplierInvoicePayment,
)
from datasource_fortnox.values import OptionalNumber

R = TypeVar("R", bound=BaseModel)
N = TypeVar("N", CustomerInvoice, SupplierInvoice, InvoicePayment, SupplierInvoicePayment)

MOST_PER_PAGE: Final = 500
"""Fortnox's limit (F 2)."""


class _Meta(BaseModel):
    total: OptionalNumber = Field(None, alias="@TotalResources")
    pages: OptionalNumber = Field(None, alias="@TotalPages")


Told = Callable[[int, int | None], None]
"""`told(records so far, records in the list)` after each page of a list; the latter None when Fortnox does not say."""


class FortnoxClient:
    """Calls on one company. `address` is the API's origin. One call a method; lists one per `per_page` records.

    What `told` raises passes through, so a long list can be left in the middle.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        address: str = FORTNOX,
        *,
        per_page: int = MOST_PER_PAGE,
        told: Told | None = None,
    ) -> None:
        self._rest = Rest(http, address)
        self._per_page = per_page
        self._told = told

    async def company_information(self) -> CompanyInformation:
        """Which company the token is for. Scope `companyinformation`."""
        return unwrap(await self._rest.read("companyinformation"), "CompanyInformation", CompanyInformation)

    async def financial_years(self) -> Listing[FinancialYear]:
        """All financial years by id, which is no order in time. Scope `bookkeeping`."""
        return await self._all(
            "financialyears", "FinancialYears", FinancialYear, lambda year: year.id, {"sortby": "id"}
        )

    async def sie(
        self,
        year: int,
        type: int = 4,
        *,
        all_accounts: bool = True,
        received: Callable[[int], None] | None = None,
    ) -> bytes:
        """The year as a SIE file of `type` 1-4, its bytes untouched: their encoding is to be found out (F 4.2).

        `all_accounts`: also those without use (F 4.1). `received(bytes so far)` is called as they come. Raises
        `SourceUnavailable` for an answer that is no SIE file.
        """
        query: Query = {"financialyear": year, "exportall": str(all_accounts).lower()}
        response = await self._rest.download(f"sie/{type}", query, received)
        if not response.content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"#"):
            raise unreadable(response, "not a SIE file")
        return response.content

    async def accounts(self, year: int) -> Listing[Account]:
        """The year's chart of accounts. Scope `bookkeeping`."""
        return await self._all("accounts", "Accounts", Account, lambda each: each.number, {"financialyear": year})

    async def voucher_series(self, year: int) -> Listing[VoucherSeries]:
        """The year's voucher series. Scope `bookkeeping`."""
        query = {"financialyear": year}
        return await self._all("voucherseries", "VoucherSeriesCollection", VoucherSeries, lambda each: each.code, query)

    async def series_with_next_number(self, year: int, code: str) -> VoucherSeries:
        """One series, with its next number where Fortnox states it. Raises `NotFound`."""
        path = f"voucherseries/{quote(code, safe='')}"
        return unwrap(await self._rest.read(path, {"financialyear": year}), "VoucherSeries", VoucherSeries)

    async def vouchers(
        self, year: int, *, series: str | None = None, modified_since: datetime | None = None
    ) -> Listing[VoucherSummary]:
        """The year's vouchers without rows, or those of one series or changed since a moment.

        `modified_since` is Swedish wall time (F 3.4); widen it by some minutes.
        """
        query: dict[str, str | int] = {"financialyear": year}
        if series is not None:
            query["voucherseries"] = series
        query |= _since(modified_since)
        return await self._all("vouchers", "Vouchers", VoucherSummary, lambda each: each.key, query, len(query) > 1)

    async def voucher_count(self, year: int, *, modified_since: datetime | None = None) -> int | None:
        """How many vouchers the year has, or how many changed since a Swedish wall time, in one call.

        None when Fortnox does not say. Filtered totals have been seen too high (F 3.3), never above an empty list.
        """
        query: Query = {"financialyear": year, "limit": 1, **_since(modified_since)}
        page = await self._page("vouchers", "Vouchers", VoucherSummary, query)
        return page.total if page.items else 0

    async def voucher(self, year: int, series: str, number: int) -> Voucher:
        """One whole voucher, its struck rows included. Raises `NotFound`."""
        path = f"vouchers/{quote(series, safe='')}/{number}"
        return unwrap(await self._rest.read(path, {"financialyear": year}), "Voucher", Voucher)

    async def send_voucher(self, year: int, voucher: NewVoucher) -> httpx.Response:
        """Send a voucher to book, once: the answer as it came.

        What it means for the books hangs on how it failed, so neither answers nor `httpx` errors are turned into
        anything here; `posting_outcomes` judges them.
        """
        content = exact_json.write({"Voucher": voucher.model_dump(by_alias=True, exclude_none=True)})
        return await self._rest.submit("vouchers", {"financialyear": year}, content)

    async def cost_centers(self) -> Listing[CostCenter]:
        """All cost centres. Scope `costcenter`."""
        return await self._all("costcenters", "CostCenters", CostCenter, lambda each: each.code)

    async def projects(self) -> Listing[Project]:
        """All projects. Scope `project`."""
        return await self._all("projects", "Projects", Project, lambda each: each.project_number)

    async def predefined_accounts(self) -> Listing[PredefinedAccount]:
        """Which accounts Fortnox books on by itself. Scope `settings`."""
        return await self._all("predefinedaccounts", "PreDefinedAccounts", PredefinedAccount, lambda each: each.name)

    async def invoices(self, *, modified_since: datetime | None = None) -> Listing[CustomerInvoice]:
        """All customer invoices, of every year and state, or those changed since. Scope `invoice`."""
        query = {"sortby": "documentnumber", **_since(modified_since)}
        return await self._numbered("invoices", "Invoices", CustomerInvoice, query)

    async def invoice(self, number: str) -> CustomerInvoice:
        """One customer invoice. Raises `NotFound`."""
        return await self._single("invoices", number, "Invoice", CustomerInvoice)

    async def supplier_invoices(self, *, modified_since: datetime | None = None) -> Listing[SupplierInvoice]:
        """All supplier invoices, or those changed since. Scope `supplierinvoice`.

        Never filtered: `filter=unpaid` has been seen to leave out what is not overdue (F 6.2).
        """
        return await self._numbered("supplierinvoices", "SupplierInvoices", SupplierInvoice, _since(modified_since))

    async def supplier_invoice(self, given_number: str) -> SupplierInvoice:
        """One supplier invoice. Raises `NotFound`."""
        return await self._single("supplierinvoices", given_number, "SupplierInvoice", SupplierInvoice)

    async def invoice_payments(self, *, modified_since: datetime | None = None) -> Listing[InvoicePayment]:
        """All payments of customer invoices, or those changed since. Scope `payment`."""
        return await self._numbered("invoicepayments", "InvoicePayments", InvoicePayment, _since(modified_since))

    async def invoice_payment(self, number: str) -> InvoicePayment:
        """One payment with its voucher and write-offs. Raises `NotFound`."""
        return await self._single("invoicepayments", number, "InvoicePayment", InvoicePayment)

    async def supplier_invoice_payments(
        self, *, modified_since: datetime | None = None
    ) -> Listing[SupplierInvoicePayment]:
        """All payments of supplier invoices, or those changed since. Scope `payment`."""
        return await self._numbered(
            "supplierinvoicepayments", "SupplierInvoicePayments", SupplierInvoicePayment, _since(modified_since)
        )

    async def supplier_invoice_payment(self, number: str) -> SupplierInvoicePayment:
        """One payment with its voucher and write-offs. Raises `NotFound`."""
        return await self._single("supplierinvoicepayments", number, "SupplierInvoicePayment", SupplierInvoicePayment)

    async def locked_period(self) -> LockedPeriod:
        """Up to when the books are locked. Scope `settings`."""
        return unwrap(await self._rest.read("settings/lockedperiod"), "LockedPeriod", LockedPeriod)

    async def reaches(self, resource: str) -> None:
        """Read one record to learn whether `resource` may be read. Raises `NotPermitted` when not."""
        await self._rest.read(resource, {} if resource.startswith("settings/") else {"limit": 1})

    async def _single(self, path: str, number: str, envelope: str, model: type[R]) -> R:
        return unwrap(await self._rest.read(f"{path}/{quote(number, safe='')}"), envelope, model)

    async def _numbered(self, path: str, envelope: str, model: type[N], query: Query) -> Listing[N]:
        return await self._all(path, envelope, model, lambda each: each.number, query, "lastmodified" in query)

    async def _all(
        self,
        path: str,
        envelope: str,
        model: type[R],
        key: Callable[[R], Hashable],
        query: Query | None = None,
        filtered: bool = False,
    ) -> Listing[R]:
        async def fetch(number: int) -> Page[R]:
            query_of_page = {**(query or {}), "limit": self._per_page, "page": number}
            page = await self._page(path, envelope, model, query_of_page)
            if self._told:
                self._told((number - 1) * self._per_page + len(page.items), page.total)
            return page

        return await read_all(fetch, key, filtered=filtered)

    async def _page(self, path: str, envelope: str, model: type[R], query: Query) -> Page[R]:
        answer = await self._rest.read(path, query)
        records = answer.get(envelope)
        if not isinstance(records, list):
            raise AnswerWrong(resource=path, record="", field=envelope, reason="not a list")
        items = tuple(parsed(record, path, model) for record in records)
        meta = parsed(answer.get("MetaInformation") or {}, path, _Meta)
        return Page(items, meta.total, meta.pages)


def _since(moment: datetime | None) -> Query:
    return {} if moment is None else {"lastmodified": f"{moment:%Y-%m-%d %H:%M}"}
