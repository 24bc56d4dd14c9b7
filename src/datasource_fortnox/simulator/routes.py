"""The table of routes: method, path, handler and the scope that opens it (F 1.9, F 3.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.oauth import consent, grants
from datasource_fortnox.simulator.rest import (
    accounts,
    payables,
    payments,
    receivables,
    registers,
    series,
    sie,
    voucher_post,
    vouchers,
    years,
)
from datasource_fortnox.simulator.rest.call import Call
from datasource_fortnox.simulator.world import World

__all__ = ["ApiRoute", "OpenHandler", "api_route", "open_handler"]

ApiHandler = Callable[[Call], Reply]
OpenHandler = Callable[[World, Incoming], Reply]


@dataclass(frozen=True)
class ApiRoute:
    """One route under ``/3``; ``scope`` None means any valid token."""

    method: str
    pattern: str
    handler: ApiHandler
    scope: str | None

    def match(self, method: str, segments: list[str]) -> dict[str, str] | None:
        """The path parameters, or None if the route is another."""
        parts = self.pattern.split("/")
        if method != self.method or len(parts) != len(segments):
            return None
        found: dict[str, str] = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{"):
                found[part[1:-1]] = segment
            elif part != segment:
                return None
        return found


_GET = [
    ("companyinformation", years.company_information, "companyinformation"),
    ("settings/company", years.company_settings, "settings"),
    ("settings/lockedperiod", years.locked_period, "lockedperiod"),
    ("me", years.me, "profile"),
    ("financialyears", years.years, "bookkeeping"),
    ("financialyears/{id}", years.year, "bookkeeping"),
    ("accounts", accounts.accounts, "bookkeeping"),
    ("accounts/{number}", accounts.account, "bookkeeping"),
    ("predefinedaccounts", accounts.predefined_accounts, "settings"),
    ("predefinedaccounts/{name}", accounts.predefined_account, "settings"),
    ("predefinedvoucherseries", registers.predefined_series, "settings"),
    ("costcenters", registers.cost_centers, "costcenter"),
    ("costcenters/{code}", registers.cost_center, "costcenter"),
    ("projects", registers.projects, "project"),
    ("projects/{number}", registers.project, "project"),
    ("currencies", registers.currencies, "currency"),
    ("customers", registers.customers, "customer"),
    ("customers/{number}", registers.customer, "customer"),
    ("suppliers", registers.suppliers, "supplier"),
    ("suppliers/{number}", registers.supplier, "supplier"),
    ("vouchers", vouchers.vouchers, "bookkeeping"),
    ("vouchers/sublist", vouchers.sublist, "bookkeeping"),
    ("vouchers/sublist/{series}", vouchers.sublist, "bookkeeping"),
    ("vouchers/{series}/{number}", vouchers.voucher, "bookkeeping"),
    ("voucherseries", series.series_list, "bookkeeping"),
    ("voucherseries/{code}", series.series, "bookkeeping"),
    ("invoices", receivables.invoices, "invoice"),
    ("invoices/{number}", receivables.invoice, "invoice"),
    ("supplierinvoices", payables.supplier_invoices, "supplierinvoice"),
    ("supplierinvoices/{number}", payables.supplier_invoice, "supplierinvoice"),
    ("invoicepayments", payments.invoice_payments, "payment"),
    ("invoicepayments/{number}", payments.invoice_payment, "payment"),
    ("supplierinvoicepayments", payments.supplier_payments, "payment"),
    ("supplierinvoicepayments/{number}", payments.supplier_payment, "payment"),
    ("sie/{type}", sie.sie, "bookkeeping"),
]

API_ROUTES = [
    *(ApiRoute("GET", pattern, handler, scope) for pattern, handler, scope in _GET),
    ApiRoute("POST", "vouchers", voucher_post.create, "bookkeeping"),
    ApiRoute("DELETE", "vouchers/{series}/{number}", vouchers.delete, "bookkeeping"),
]

OPEN: dict[tuple[str, str], OpenHandler] = {
    ("GET", "/oauth-v1/auth"): consent.authorize,
    ("POST", "/oauth-v1/auth"): grants.wrong_address,
    ("POST", "/oauth-v1/login"): consent.log_in,
    ("POST", "/oauth-v1/consent"): consent.decide,
    ("POST", "/oauth-v1/token"): grants.token,
    ("POST", "/oauth-v1/revoke"): grants.revoke,
}


def open_handler(incoming: Incoming) -> OpenHandler | None:
    """The handler of the authorization server's routes."""
    return OPEN.get((incoming.method, incoming.path))


def api_route(incoming: Incoming) -> tuple[ApiRoute, dict[str, str]] | None:
    """The API route and its path parameters; fixed segments win over parameters by order of the table."""
    segments = incoming.path.removeprefix("/3/").split("/")
    for route in API_ROUTES:
        params = route.match(incoming.method, segments)
        if params is not None:
            return route, params
    return None
