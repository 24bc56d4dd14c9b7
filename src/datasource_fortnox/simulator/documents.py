"""Invoices and payments of both sub-ledgers as Fortnox keeps them (F 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from datasource_fortnox.simulator.ledger import VoucherKey

__all__ = ["Document", "Line", "Payment", "SetOff", "Side", "WriteOff"]

Side = Literal["receivables", "payables"]


@dataclass(frozen=True)
class Line:
    """One counter row of an invoice: öre in the invoice's currency, positive as on the paper (revenue, cost, VAT)."""

    account: int
    amount: int
    vat: bool = False
    cost_center: str = ""
    project: str = ""
    text: str = ""


@dataclass(frozen=True)
class WriteOff:
    """A write-off within a payment: öre in the invoice's currency, settled besides the money (F 6.3)."""

    account: int
    amount: int
    text: str = ""


@dataclass
class Document:
    """A customer or supplier invoice; credit notes have a negative ``total`` (F 6.5 step 4).

    ``total`` and ``booked_sek`` are öre in the invoice's currency and in SEK at the booked rate. ``number`` is
    DocumentNumber or GivenNumber; ``own_number`` the supplier's own (F 6.2). ``other_control`` holds SEK öre that
    another account than ``control`` carries, as ROT/RUT does with 1513 (P 7.4.9).
    """

    number: int
    party: str
    party_name: str
    invoice_date: date
    due_date: date | None
    lines: tuple[Line, ...]
    control: int
    modified_at: datetime
    currency: str = "SEK"
    rate: Decimal = Decimal(1)
    own_number: str = ""
    invoice_type: str = "INVOICE"
    method: str = "ACCRUAL"
    credit_of: int | None = None
    credited_by: int | None = None
    other_control: tuple[tuple[int, int], ...] = ()
    cost_center: str = ""
    project: str = ""
    sent: bool = False
    nox_finans: bool = False
    booked: bool = False
    cancelled: bool = False
    voucher: VoucherKey | None = None
    booked_sek: int = 0
    final_pay_date: date | None = None

    @property
    def total(self) -> int:
        """The invoice's total including VAT, in its own currency."""
        return sum(line.amount for line in self.lines)

    @property
    def vat(self) -> int:
        """The VAT part of `total`."""
        return sum(line.amount for line in self.lines if line.vat)

    @property
    def credit(self) -> bool:
        """Whether this is a credit note."""
        return self.credit_of is not None or self.total < 0


@dataclass
class Payment:
    """A payment of one invoice. ``amount`` is the money in SEK öre, ``foreign`` the same in the invoice's currency.

    ``settled`` is what the open amount in SEK at the booked rate shrank by, write-offs included. An unbooked payment
    has no effect on anything (F 6.3).
    """

    number: int
    document: int
    date: date
    amount: int
    foreign: int
    modified_at: datetime
    write_offs: tuple[WriteOff, ...] = ()
    mode: str = "BG"
    mode_account: int = 1930
    control: int = 1510
    source: str = "manual"
    booked: bool = False
    voucher: VoucherKey | None = None
    settled: int = 0

    @property
    def written_off(self) -> int:
        """The sum of the write-offs, in the invoice's currency."""
        return sum(part.amount for part in self.write_offs)


@dataclass(frozen=True)
class SetOff:
    """A credit note that reduced its original when it was booked (switch ``credit_note_sets_off``)."""

    credit: int
    original: int
    date: date
    amount: int
