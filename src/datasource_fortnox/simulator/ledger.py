"""What a financial year holds: accounts, series and vouchers, with Fortnox's year-scoped keys (F 5.1-5.5)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = ["Account", "FinancialYear", "Row", "Series", "Voucher", "VoucherKey"]

VoucherKey = tuple[int, str, int]
"""Financial-year id, series, number: a voucher's identity (F 5.1, D)."""


@dataclass
class Account:
    """One account of one year (F 5.5). ``opening`` is the balance brought forward in öre."""

    number: int
    name: str
    active: bool = True
    sru: str = ""
    opening: int = 0
    opening_quantity: Decimal = Decimal(0)
    cost_center_setting: str = "ALLOWED"
    project_setting: str = "ALLOWED"
    vat_code: str | None = None
    modified_at: datetime.datetime | None = None
    balance_sheet: bool = field(init=False)

    def __post_init__(self) -> None:
        """Fortnox has no account type (F 5.5): below 3000 is the balance sheet, a loaded file may say otherwise."""
        self.balance_sheet = self.number < 3000


@dataclass
class Row:
    """A voucher row; ``amount`` in öre, debit positive.

    ``removed`` rows were struck in the user interface and stay visible (R, F 5.1); ``added`` rows came in by a
    correction. A row may be both (sie.md 1.1, 4C).
    """

    account: int
    amount: int
    text: str = ""
    cost_center: str = ""
    project: str = ""
    quantity: Decimal = Decimal(0)
    removed: bool = False
    added: bool = False


@dataclass
class Voucher:
    """A booked voucher. ``registered_on`` is the #VER registration date of F 4.3."""

    series: str
    number: int
    date: datetime.date
    text: str
    rows: list[Row]
    registered_on: datetime.date | None
    modified_at: datetime.datetime
    created_at: datetime.datetime
    comments: str = ""
    cost_center: str = ""
    project: str = ""
    reference_type: str = "MANUAL"
    reference_number: str = ""

    def booked(self) -> Iterator[Row]:
        """The rows that count: all but the struck ones."""
        return (row for row in self.rows if not row.removed)


@dataclass
class Series:
    """A voucher series of one year; only a manual one takes vouchers by API (F 5.2)."""

    code: str
    description: str
    manual: bool = True
    next_number: int = 1


@dataclass
class FinancialYear:
    """A financial year with an arbitrary id (F 5.3, R: 1 = 2014, 2 = 2011-2012).

    ``stated`` holds closing amounts of a year that is known by its balances only (loaded from a SIE file).
    """

    id: int
    start: datetime.date
    end: datetime.date
    method: str = "ACCRUAL"
    chart: str = "Bas 2025"
    accounts: dict[int, Account] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    vouchers: dict[tuple[str, int], Voucher] = field(default_factory=dict)
    stated: dict[int, int] | None = None

    def __contains__(self, day: datetime.date) -> bool:
        """Whether the year covers ``day``."""
        return self.start <= day <= self.end

    def opened(self, code: str) -> Series:
        """The series; made when there is none, and then it goes on after the vouchers that have its letter."""
        if code not in self.series:
            taken = (number for series, number in self.vouchers if series == code)
            self.series[code] = Series(code, "", next_number=1 + max(taken, default=0))
        return self.series[code]

    def in_order(self) -> list[Voucher]:
        """The vouchers by series and number (F 5.1, D/R)."""
        return [self.vouchers[key] for key in sorted(self.vouchers)]

    def turnover(self, accounts: Iterable[int] | None = None, *, until: datetime.date | None = None) -> dict[int, int]:
        """Booked öre per account, up to and including ``until``."""
        wanted = None if accounts is None else set(accounts)
        sums: dict[int, int] = {}
        for voucher in self.vouchers.values():
            if until is not None and voucher.date > until:
                continue
            for row in voucher.booked():
                if wanted is None or row.account in wanted:
                    sums[row.account] = sums.get(row.account, 0) + row.amount
        return sums

    def closing(self, number: int, *, until: datetime.date | None = None) -> int:
        """The account's closing balance in öre as of ``until`` (default: all of the year's vouchers)."""
        if self.stated is not None and until is None:
            return self.stated.get(number, 0)
        account = self.accounts.get(number)
        return (account.opening if account else 0) + self.turnover([number], until=until).get(number, 0)
