"""Customer and supplier payments, read only; there is no range filter on the payment date (F 6.3, D)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.documents import Document, Payment
from datasource_fortnox.simulator.errors import missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.money import json_amount, plain
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import Call, Fields
from datasource_fortnox.simulator.rest.paging import listing
from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["invoice_payment", "invoice_payments", "supplier_payment", "supplier_payments"]


def invoice_payments(call: Call) -> Reply:
    """``GET /invoicepayments``: Number a text, InvoiceNumber a number."""
    return _list(call, call.company.receivables, "InvoicePayments")


def invoice_payment(call: Call) -> Reply:
    """``GET /invoicepayments/{Number}``."""
    return _single(call, call.company.receivables, "InvoicePayment")


def supplier_payments(call: Call) -> Reply:
    """``GET /supplierinvoicepayments``: Number a number, InvoiceNumber the GivenNumber as text (O)."""
    return _list(call, call.company.payables, "SupplierInvoicePayments")


def supplier_payment(call: Call) -> Reply:
    """``GET /supplierinvoicepayments/{Number}``."""
    return _single(call, call.company.payables, "SupplierInvoicePayment")


def _list(call: Call, ledger: SubLedger, key: str) -> Reply:
    search: Fields[Payment] = {"invoicenumber": lambda payment: payment.document}
    call.allow_list(*search)
    found = [item for item in call.search(ledger.payments.values(), search) if call.is_modified(item.modified_at)]
    sort = {"number": lambda p: p.number, "paymentdate": lambda p: (p.date, p.number)}
    return listing(call, key, found, lambda payment: _item(ledger, payment), sort)


def _single(call: Call, ledger: SubLedger, key: str) -> Reply:
    call.allow()
    number = call.params["number"]
    payment = ledger.payments.get(int(number)) if number.isdigit() else None
    if payment is None:
        raise missing("payment", "betalningen")
    return Reply.json({key: _item(ledger, payment) | _detail(ledger, payment)})


def _item(ledger: SubLedger, payment: Payment) -> dict[str, Any]:
    document = ledger.documents[payment.document]
    receivable = ledger.side == "receivables"
    path = "invoicepayments" if receivable else "supplierinvoicepayments"
    return {
        "@url": f"{API}/{path}/{payment.number}",
        "Amount": json_amount(payment.amount),
        "Booked": payment.booked,
        "Currency": document.currency,
        "CurrencyRate": _rate(document, payment),
        "CurrencyUnit": 1,
        "InvoiceNumber": document.number if receivable else str(document.number),
        "Number": str(payment.number) if receivable else payment.number,
        "PaymentDate": payment.date.isoformat(),
        "Source": payment.source,
        "WriteOffExist": bool(payment.write_offs),
    }


def _detail(ledger: SubLedger, payment: Payment) -> dict[str, Any]:
    document = ledger.documents[payment.document]
    party = "InvoiceCustomer" if ledger.side == "receivables" else "InvoiceSupplier"
    year, series, number = payment.voucher or (None, None, None)
    return {
        "AmountCurrency": json_amount(payment.foreign),
        f"{party}Name": document.party_name,
        f"{party}Number": document.party,
        "InvoiceDueDate": document.due_date.isoformat() if document.due_date else None,
        "InvoiceOCR": "",
        "InvoiceTotal": plain(document.total),
        "ModeOfPayment": payment.mode,
        "ModeOfPaymentAccount": str(payment.mode_account),
        "VoucherNumber": number,
        "VoucherSeries": series,
        "VoucherYear": year,
        "WriteOffs": [
            {
                "AccountNumber": part.account,
                "Amount": json_amount(part.amount),
                "CostCenter": "",
                "Currency": document.currency,
                "Description": part.text,
                "Project": "",
                "TransactionInformation": "",
            }
            for part in payment.write_offs
        ],
    }


def _rate(document: Document, payment: Payment) -> float:
    """The payment's own rate, a number."""
    return float(document.rate) if not payment.foreign else round(payment.amount / payment.foreign, 6)
