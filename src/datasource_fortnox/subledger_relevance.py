"""Which of all invoices ever made belong to a financial year's attachments.

All that were open on one of its days or are dated in it or later (the contract's `SubLedger`). What was settled before
is left out, so that a company's history is neither delivered nor looked up one by one.
"""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from datasource_fortnox.subledger_models import Invoice, InvoicePayment


def concerns(
    invoice: Invoice,
    payments: Sequence[InvoicePayment],
    *,
    start: date,
    years: Collection[int],
    referred_to: bool,
) -> bool:
    """Whether `invoice` may have been open on `start` or later.

    `years`: ids of the financial years from `start` on. `referred_to`: a payment voucher of these years names it or
    one of its payments; so does a payment that is dated before `start` but booked after it.
    """
    if invoice.invoice_date >= start:
        return True
    if invoice.cancelled:
        return False
    if not invoice.booked or referred_to or (invoice.voucher is not None and invoice.voucher[0] in years):
        return True
    days = [invoice.final_pay_date, *(payment.payment_date for payment in payments)]
    if any(day is not None and day >= start for day in days):
        return True
    if invoice.balance is not None:
        return invoice.balance != 0
    return invoice.final_pay_date is None and not paid_off(invoice, payments)


def paid_off(invoice: Invoice, payments: Sequence[InvoicePayment]) -> bool:
    """Whether the payments alone, as listed, add up to the invoice: a missing balance is then known to be none."""
    paid = sum((payment.amount or Decimal(0) for payment in payments if payment.booked), Decimal(0))
    return not invoice.foreign and invoice.total is not None and paid == invoice.total
