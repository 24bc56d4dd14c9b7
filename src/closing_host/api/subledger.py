"""Receivables and payables as a source states them: facts only; the host computes what was open on which day.

A source delivers a `SubLedger` (documents and payments complete for every day from the financial year's first day
to the day of import), or, if that is all it has, `OpenItems` as at one date. Amounts are integer öre in the
ledger's currency. **Sign**: positive is what the party owes (receivables) or is owed (payables); credit notes and
payments back are negative. Only names are carried, no contact data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Side = Literal["receivables", "payables"]

PaymentKind = Literal["payment", "write_off", "currency_difference", "set_off"]
"""`set_off`: a credit note and its invoice settled against each other without a voucher of their own: two records of
the same day that cancel, one for each document."""


@dataclass(frozen=True, slots=True)
class VoucherRef:
    """The voucher that booked a document or payment: first day of its financial year, series and number."""

    year_start: date
    series: str
    number: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """An amount in foreign currency: ISO 4217 code, amount in its hundredths, kronor per unit as booked."""

    currency: str
    amount: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note. `total` öre including VAT; `balance` what the source says is open now, or None
    when it does not say (never 0 for unknown). `external_number`: the supplier's own invoice number.

    `foreign` holds the total in the document's currency, at the rate as booked. `accounts`: the accounts that the
    source says the total is booked on; empty when it does not say. `vat`: the part of `total` that is VAT, with its
    sign, or None when not known; needed for documents that are open with the cash method."""

    number: str
    party: str
    party_name: str
    dated: date
    due: date | None
    total: int
    balance: int | None
    booked: bool
    cancelled: bool
    voucher: VoucherRef | None = None
    external_number: str = ""
    foreign: Foreign | None = None
    accounts: tuple[str, ...] = ()
    vat: int | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """What reduces a document: `amount` öre on the control account. `document` is `Document.number`.

    A write-off or currency difference is a record of its own, with the `number` and the `voucher` of the payment that
    it was booked with. `foreign` holds the amount in the document's currency, when that is another than the ledger's.
    """

    number: str
    document: str
    dated: date
    amount: int
    booked: bool
    kind: PaymentKind = "payment"
    voucher: VoucherRef | None = None
    foreign: Foreign | None = None


@dataclass(frozen=True, slots=True)
class SubLedger:
    """One side's documents and payments, complete for every day `complete_from` to `complete_to`.

    Complete means: every document that was open on one of those days or dated on one of them, and all payments of these
    documents, whenever they were made. Unbooked and cancelled ones are stated, not left out. Document numbers do not
    repeat."""

    side: Side
    control_accounts: tuple[str, ...]
    documents: tuple[Document, ...]
    payments: tuple[Payment, ...]
    complete_from: date
    complete_to: date
    cash_method: bool = False


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open document with its open `amount` in öre as at the date of its `OpenItems`."""

    number: str
    party: str
    party_name: str
    dated: date
    due: date | None
    amount: int
    external_number: str = ""


@dataclass(frozen=True, slots=True)
class OpenItems:
    """One side's open items as at a date: less than a `SubLedger`, so differences can only partly be explained."""

    side: Side
    control_accounts: tuple[str, ...]
    as_at: date
    items: tuple[OpenItem, ...]


Attachments = Mapping[Side, SubLedger | OpenItems]
"""What the `attachments` hook returns: per side that the source has."""
