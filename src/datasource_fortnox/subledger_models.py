"""Invoices and payments of both sub-ledgers (F 6) under common names, so that one set of rules reads them.

Customers and suppliers spell the same facts differently, and lists and single records too (F 3.5, F 6.2). Only what
the attachments need is kept: no addresses, no contacts, and half a kilobyte less for each of many records.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from datasource_fortnox.values import Amount, Day, Flag, OptionalNumber, Reference, Text

SEK: Final = "SEK"

VoucherKey = tuple[int, str, int]
"""Financial-year id, series, number."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_pascal)


class _Booked(_Record):
    """The voucher as a header states it: all three, or nothing."""

    voucher_year: OptionalNumber = None
    voucher_series: Text = ""
    voucher_number: OptionalNumber = None

    @property
    def header(self) -> VoucherKey | None:
        """The header's voucher."""
        if self.voucher_year is None or not self.voucher_series or self.voucher_number is None:
            return None
        return self.voucher_year, self.voucher_series, self.voucher_number


class Invoice(_Booked):
    """An invoice or credit note of either side.

    `total` and `balance` are kronor or `currency`: nobody says which (F 12), see `subledger_currency`. `balance` is as
    of now, None when the list leaves it out (F 9.27). `vat` and `other` (the number of the invoice that this credit
    note credits, or the reverse) come with the single record only.
    """

    resource: ClassVar[str] = ""

    number: Text = Field(min_length=1)
    party: Reference = ""
    party_name: Text = ""
    own_number: Text = ""
    invoice_date: date
    due_date: Day = None
    final_pay_date: Day = None
    booked: Flag = Field()
    cancelled: Flag = False
    invoice_type: Text = ""
    currency: Text = ""
    currency_rate: Amount = None
    currency_unit: Amount = None
    total: Amount = None
    balance: Amount = None
    vat: Amount = None
    other: Reference = ""

    @property
    def voucher(self) -> VoucherKey | None:
        """The voucher that booked it, None when none is stated."""
        return self.header

    @property
    def foreign(self) -> bool:
        """Whether it is in another currency than kronor."""
        return self.currency not in ("", SEK)

    @property
    def cash(self) -> bool:
        """Whether it was paid when it was made out, by its own voucher (F 6.1)."""
        return self.invoice_type == "CASHINVOICE"


class CustomerInvoice(Invoice):
    """From `/invoices` (F 6.1)."""

    resource: ClassVar[str] = "invoices"

    number: Text = Field(min_length=1, alias="DocumentNumber")
    party: Reference = Field("", alias="CustomerNumber")
    party_name: Text = Field("", alias="CustomerName")
    vat: Amount = Field(None, alias="TotalVAT")
    other: Reference = Field("", alias="CreditInvoiceReference")


class StatedVoucher(_Record):
    """One of a supplier invoice's vouchers."""

    year: OptionalNumber = None
    series: Text = ""
    number: OptionalNumber = None
    reference_type: Text = ""


class SupplierInvoice(Invoice):
    """From `/supplierinvoices` (F 6.2). `number` is the given number, `own_number` the supplier's."""

    resource: ClassVar[str] = "supplierinvoices"

    number: Text = Field(min_length=1, alias="GivenNumber")
    party: Reference = Field("", alias="SupplierNumber")
    party_name: Text = Field("", alias="SupplierName")
    own_number: Text = Field("", alias="InvoiceNumber")
    cancelled: Flag = Field(False, validation_alias=AliasChoices("Cancel", "Cancelled"))
    vat: Amount = Field(None, alias="VAT")
    other: Reference = Field("", alias="CreditReference")
    vouchers: Annotated[tuple[StatedVoucher, ...], BeforeValidator(lambda stated: stated or ())] = ()

    @property
    def voucher(self) -> VoucherKey | None:
        """The list's own; the header may stay empty after booking (F 6.2)."""
        for each in self.vouchers:
            if each.reference_type == "SUPPLIERINVOICE" and each.year is not None and each.number is not None:
                return each.year, each.series, each.number
        return self.header


class WriteOff(_Record):
    """What was written off together with a payment."""

    amount: Amount = None
    currency: Text = ""


class InvoicePayment(_Booked):
    """A payment of a customer invoice (F 6.3). `document` is the invoice's number.

    `amount` is kronor. `amount_currency`, `write_offs` and the voucher come with the single record only.
    """

    resource: ClassVar[str] = "invoicepayments"

    number: Text = Field(min_length=1)
    document: Reference = Field("", alias="InvoiceNumber")
    booked: Flag = Field()
    payment_date: Day = None
    amount: Amount = None
    currency_rate: Amount = None
    currency_unit: Amount = None
    write_off_exist: Flag = False
    amount_currency: Amount = None
    write_offs: Annotated[tuple[WriteOff, ...], BeforeValidator(lambda stated: stated or ())] = ()


class SupplierInvoicePayment(InvoicePayment):
    """A payment of a supplier invoice. `document` is its given number (F 6.3)."""

    resource: ClassVar[str] = "supplierinvoicepayments"


def rate_of(record: Invoice | InvoicePayment) -> Decimal | None:
    """Kronor for one unit of the record's currency, None when not stated."""
    if record.currency_rate is None or record.currency_rate <= 0:
        return None
    return record.currency_rate / (record.currency_unit or Decimal(1))
