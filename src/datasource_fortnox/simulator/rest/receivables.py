"""Customer invoices, read only, with the recorded mixture of numbers and texts (F 6.1)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.documents import Document
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.money import json_amount
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import Call, Fields
from datasource_fortnox.simulator.rest.documents import amounts, find, selected, voucher_fields
from datasource_fortnox.simulator.rest.paging import listing

__all__ = ["invoice", "invoices"]


def _ocr(document: Document) -> str:
    """The document number, its length and a Luhn digit: the shape of the recorded references."""
    digits = f"{document.number}{(len(str(document.number)) + 2) % 10}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return f"{digits}{-sum(value // 10 + value % 10 for value in doubled) % 10}"


_SEARCH: Fields[Document] = {
    "customername": lambda document: document.party_name,
    "customernumber": lambda document: document.party,
    "documentnumber": lambda document: document.number,
    "ocr": _ocr,
    "currency": lambda document: document.currency,
    "invoicetype": lambda document: document.invoice_type,
    "project": lambda document: document.project,
    "costcenter": lambda document: document.cost_center,
    "credit": lambda document: str(document.credit).lower(),
}
"""Of F 6.1's searches those that the model has something for; the others are refused, never ignored."""
_STATES = ("cancelled", "fullypaid", "unpaid", "unpaidoverdue", "unbooked")


def invoices(call: Call) -> Reply:
    """``GET /invoices``: no credit flag, no rows in the list (F 6.1)."""
    call.allow_list("filter", "fromdate", "todate", "fromfinalpaydate", "tofinalpaydate", *_SEARCH)
    found = call.search(selected(call, call.company.receivables, _STATES), _SEARCH)
    sort = {
        "documentnumber": lambda d: d.number,
        "customername": lambda d: (d.party_name, d.number),
        "customernumber": lambda d: (d.party, d.number),
        "invoicedate": lambda d: (d.invoice_date, d.number),
        "ocr": _ocr,
        "total": lambda d: (d.total, d.number),
    }
    return listing(call, "Invoices", found, lambda document: _item(call, document), sort)


def invoice(call: Call) -> Reply:
    """``GET /invoices/{DocumentNumber}``: CurrencyRate a number here, Credit the text "true" or "false" (R)."""
    call.allow()
    document = find(call, call.company.receivables)
    item = _item(call, document)
    detail = {
        "AccountingMethod": document.method,
        "Credit": "true" if document.credit else "false",
        "CreditInvoiceReference": str(document.credit_of or document.credited_by or 0),
        "CurrencyRate": float(document.rate) if document.rate % 1 else int(document.rate),
        "ContractReference": 0,
        "Gross": item["Total"],
        "InvoiceRows": [_row(document, position) for position in range(len(document.lines))],
        "Net": json_amount(document.total - document.vat),
        "OrderReference": "0",
        "OutboundDate": document.invoice_date.isoformat() if document.sent else None,
        "Reminders": 0,
        "RoundOff": 0,
        "TaxReduction": json_amount(sum(amount for _, amount in document.other_control)) or None,
        "TaxReductionType": "rot" if document.other_control else "none",
        "TotalToPay": json_amount(document.total - sum(amount for _, amount in document.other_control)),
        "TotalVAT": json_amount(document.vat),
    }
    return Reply.json({"Invoice": item | detail})


def _item(call: Call, document: Document) -> dict[str, Any]:
    total, balance = amounts(call, call.company.receivables, document)
    voucher = voucher_fields(document)
    return {
        "@url": f"{API}/invoices/{document.number}",
        "Balance": json_amount(balance),
        "Booked": document.booked,
        "Cancelled": document.cancelled,
        "CostCenter": document.cost_center,
        "Currency": document.currency,
        "CurrencyRate": f"{document.rate:f}",
        "CurrencyUnit": 1,
        "CustomerName": document.party_name,
        "CustomerNumber": document.party,
        "DocumentNumber": str(document.number),
        "DueDate": document.due_date.isoformat() if document.due_date else None,
        "ExternalInvoiceReference1": "",
        "ExternalInvoiceReference2": "",
        "InvoiceDate": document.invoice_date.isoformat(),
        "InvoiceType": document.invoice_type,
        "NoxFinans": document.nox_finans,
        "OCR": _ocr(document),
        **voucher,
        "WayOfDelivery": "",
        "TermsOfPayment": _terms(document),
        "Project": document.project,
        "Sent": document.sent,
        "Total": json_amount(total),
        "FinalPayDate": document.final_pay_date.isoformat() if document.final_pay_date else None,
    }


def _row(document: Document, position: int) -> dict[str, Any]:
    line = document.lines[position]
    return {
        "AccountNumber": line.account,
        "CostCenter": line.cost_center or document.cost_center,
        "Description": line.text,
        "Project": line.project or document.project,
        "RowId": position + 1,
        "Total": json_amount(line.amount),
        "VAT": 25 if not line.vat and document.vat else 0,
    }


def _terms(document: Document) -> str:
    return "" if document.due_date is None else str((document.due_date - document.invoice_date).days)
