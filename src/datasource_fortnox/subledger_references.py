"""Which voucher booked a payment, from the list of vouchers instead of a call for each payment.

A payment's voucher carries the type of what it books and a number. Whether that number is the payment's own or its
invoice's is not documented (F 5.1), so it is learned from payments whose voucher is known. A match is believed only
where it leaves no choice and the dates agree; everything else is for the single payment to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from closing_host.api.subledger import Side
from datasource_fortnox.models import VoucherSummary
from datasource_fortnox.subledger_models import InvoicePayment, VoucherKey

Naming = Literal["payment", "invoice"]
"""What the vouchers of a side's payments name."""

_TYPES: Final[Mapping[Side, str]] = {"receivables": "INVOICEPAYMENT", "payables": "SUPPLIERPAYMENT"}


class References:
    """The vouchers of one side's payments, by the number that they carry."""

    def __init__(self, side: Side, vouchers: Iterable[VoucherSummary]) -> None:
        self._by_number: defaultdict[str, list[VoucherSummary]] = defaultdict(list)
        self._by_key: dict[VoucherKey, VoucherSummary] = {}
        for voucher in vouchers:
            if voucher.reference_type == _TYPES[side]:
                self._by_number[voucher.reference_number].append(voucher)
                self._by_key[voucher.key] = voucher

    @property
    def numbers(self) -> frozenset[str]:
        """Every number that is referred to."""
        return frozenset(self._by_number) - {""}

    def naming_shown_by(self, payment: InvoicePayment) -> Naming | None:
        """What the voucher of a payment that states its voucher names; None when it settles nothing."""
        voucher = self._by_key.get(payment.header) if payment.header else None
        if voucher is None or payment.number == payment.document:
            return None
        if voucher.reference_number == payment.number:
            return "payment"
        return "invoice" if voucher.reference_number == payment.document else None

    def telling(self, payment: InvoicePayment) -> bool:
        """Whether the single payment could settle the naming: the two readings lead to different vouchers."""
        own, invoices = self._by_number.get(payment.number), self._by_number.get(payment.document)
        return payment.booked and own != invoices

    def matched(self, payments: Iterable[InvoicePayment], naming: Naming | None) -> dict[str, VoucherKey]:
        """The vouchers of booked payments of one invoice, by payment number, where there is no choice.

        With `naming` "invoice" the payments and vouchers of an invoice must be equally many and on different days.
        Without naming both readings must lead to the same voucher.
        """
        booked = [payment for payment in payments if payment.booked]
        if naming == "payment":
            return self._by_own_number(booked)
        by_invoice = self._by_invoice(booked)
        if naming == "invoice":
            return by_invoice
        own = self._by_own_number(booked)
        return {number: key for number, key in own.items() if by_invoice.get(number) == key}

    def _by_own_number(self, booked: list[InvoicePayment]) -> dict[str, VoucherKey]:
        found = {}
        for payment in booked:
            named = self._by_number.get(payment.number, [])
            if len(named) == 1 and named[0].transaction_date == payment.payment_date:
                found[payment.number] = named[0].key
        return found

    def _by_invoice(self, booked: list[InvoicePayment]) -> dict[str, VoucherKey]:
        named = self._by_number.get(booked[0].document, []) if booked else []
        by_day = {voucher.transaction_date: voucher.key for voucher in named}
        days = {payment.payment_date for payment in booked}
        if not len(by_day) == len(named) == len(days) == len(booked) or by_day.keys() != days:
            return {}
        return {payment.number: by_day[payment.payment_date] for payment in booked}
