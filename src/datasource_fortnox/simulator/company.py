"""A Fortnox company (tenant): its information, registers, licences, years and sub-ledgers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.ledger import FinancialYear, Voucher, VoucherKey
from datasource_fortnox.simulator.switches import Switches

if TYPE_CHECKING:
    from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["ALL_SCOPES", "Company", "CostCenter", "Currency", "Party", "Project"]

# fmt: off
ALL_SCOPES = frozenset({
    "archive", "article", "assets", "bookkeeping", "companyinformation", "connectfile", "costcenter",
    "currency", "customer", "deletevoucher", "inbox", "invoice", "noxfinansinvoice", "offer", "order",
    "payment", "price", "print", "profile", "project", "salary", "settings", "supplier", "supplierinvoice",
    "timereporting",
})
# fmt: on
"""Scopes that exist (F 1.9, D; assets and deletevoucher O)."""

PREDEFINED_ACCOUNTS = {
    "CUSTCLAIM": 1510,
    "SUPDEBT": 2440,
    "BG": 1930,
    "PG": 1920,
    "CASH": 1910,
    "OUTVAT_MP1": 2611,
    "INVAT": 2641,
    "SALES_25_SE": 3001,
    "ROUNDOFF": 3740,
    "CURRENCYWIN": 3960,
    "CURRENCYLOSS": 7960,
    "PURCASE": 4010,
}
"""A selection of F 5.5's names (D/O)."""

PREDEFINED_SERIES = {
    "INVOICE": "B",
    "INVOICEPAYMENT": "C",
    "SUPPLIERINVOICE": "D",
    "SUPPLIERPAYMENT": "E",
}
"""Which series each kind of document posts to (F 4.3, C; names F 5.2, O)."""


@dataclass
class CostCenter:
    """A cost centre, dimension 1 (F 5.7)."""

    code: str
    description: str
    active: bool = True


@dataclass
class Project:
    """A project, dimension 6 (F 5.7). ``status`` NOTSTARTED, ONGOING or COMPLETED."""

    number: str
    description: str
    status: str = "ONGOING"
    start: date | None = None
    end: date | None = None


@dataclass
class Party:
    """A customer or supplier, as little as the routes need."""

    number: str
    name: str
    organisation_number: str = ""
    active: bool = True


@dataclass
class Currency:
    """Today's rate only; there is no history (F 5.7, I)."""

    code: str
    description: str
    rate: Decimal = Decimal(1)


@dataclass
class Company:
    """One tenant. ``tenant`` is the DatabaseNumber, the only identity (F 5.6: organisation numbers repeat)."""

    tenant: int
    name: str
    organisation_number: str
    clock: Clock
    switches: Switches = field(default_factory=Switches)
    address: str = "Storgatan 1"
    zip_code: str = "111 22"
    city: str = "Stockholm"
    integration_licence: bool = True
    modules: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    missing_rights: set[str] = field(default_factory=set)
    """Scopes whose registers the connected user may not see, whatever the token says (F 1.9)."""
    suspended: bool = False
    """Unpaid Fortnox invoices: the callback comes without code and state (F 1.1, C)."""
    years: dict[int, FinancialYear] = field(default_factory=dict)
    preselected_year: int | None = None
    locked_through: date | None = None
    personally_locked_through: date | None = None
    """A lock for the connected user alone, which settings/lockedperiod does not show (F 5.1 rule 5, C)."""
    cost_centers: dict[str, CostCenter] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    currencies: dict[str, Currency] = field(default_factory=dict)
    predefined_accounts: dict[str, int] = field(default_factory=lambda: dict(PREDEFINED_ACCOUNTS))
    predefined_series: dict[str, str] = field(default_factory=lambda: dict(PREDEFINED_SERIES))
    receivables: SubLedger = field(init=False)
    payables: SubLedger = field(init=False)
    not_held: list[str] = field(default_factory=list)
    """What a loaded SIE file had that Fortnox could not hold."""

    def __post_init__(self) -> None:
        """Open the two sub-ledgers."""
        from datasource_fortnox.simulator.subledger import SubLedger  # noqa: PLC0415

        self.receivables = SubLedger(self, "receivables")
        self.payables = SubLedger(self, "payables")

    def year_of(self, day: date) -> FinancialYear | None:
        """The financial year that covers ``day``."""
        return next((year for year in self.years.values() if day in year), None)

    def selected_year(self) -> FinancialYear | None:
        """The user's preselected year: the set one, else today's, else the latest (F 4.1: never rely on it)."""
        if self.preselected_year in self.years:
            return self.years[self.preselected_year]
        latest = max(self.years.values(), key=lambda year: year.start, default=None)
        return self.year_of(self.clock.today()) or latest

    def year_before(self, year: FinancialYear) -> FinancialYear | None:
        """The year that ends before ``year`` begins, nearest first."""
        earlier = [other for other in self.years.values() if other.end < year.start]
        return max(earlier, key=lambda other: other.end, default=None)

    def voucher(self, key: VoucherKey) -> Voucher:
        """The voucher with this key; KeyError if there is none."""
        year, series, number = key
        return self.years[year].vouchers[series, number]

    def account_name(self, year: FinancialYear, number: int) -> str:
        """The account's name in that year, empty if it is not in the chart."""
        account = year.accounts.get(number)
        return account.name if account else ""
