"""Supplier invoices, read only: amounts as texts, Cancel in the list and Cancelled in the detail (F 6.2)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.documents import Document
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.money import json_amount, plain
from datasource_fortnox.simulator.postings import document_rows
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import Call, Fields
from datasource_fortnox.simulator.rest.documents import amounts, find, selected
from datasource_fortnox.simulator.rest.paging import listing

__all__ = ["supplier_invoice", "supplier_invoices"]

_SEARCH: Fields[Document] = {
    "suppliername": lambda document: document.party_name,
    "suppliernumber": lambda document: document.party,
    "invoicenumber": lambda document: document.own_number,
    "costcenter": lambda document: document.cost_center,
    "project": lambda document: document.project,
    "currency": lambda document: document.currency,
}
_STATES = ("cancelled", "fullypaid", "unpaid", "unpaidoverdue", "unbooked", "pendingpayment", "authorizepending")


def supplier_invoices(call: Call) -> Reply:
    """``GET /supplierinvoices``; fromdate and todate by a switch (U), FinalPayDate filters do not exist here."""
    dates = ("fromdate", "todate") if call.switches.supplier_dates_accepted else ()
    call.allow_list("filter", *dates, *_SEARCH)
    found = call.search(selected(call, call.company.payables, _STATES), _SEARCH)
    sort = {"givennumber": lambda d: d.number, "invoicedate": lambda d: (d.invoice_date, d.number)}
    return listing(call, "SupplierInvoices", found, lambda document: _item(call, document), sort)


def supplier_invoice(call: Call) -> Reply:
    """``GET /supplierinvoices/{GivenNumber}``."""
    call.allow()
    document = find(call, call.company.payables)
    item = _item(call, document, detail=True)
    detail = {
        "AccountingMethod": document.method,
        "AdministrationFee": "0",
        "Cancelled": document.cancelled,
        "CreditReference": document.credit_of or document.credited_by or 0,
        "DisablePaymentFile": False,
        "Freight": "0",
        "OCR": "",
        "PaymentPending": False,
        "RoundOffValue": "0",
        "SalesType": "STOCK",
        "SupplierInvoiceRows": _rows(call, document),
        "VAT": plain(document.vat),
        "VATType": "NORMAL",
        "VoucherNumber": None,
        "VoucherSeries": None,
        "VoucherYear": None,
    }
    return Reply.json({"SupplierInvoice": item | detail})


def _item(call: Call, document: Document, *, detail: bool = False) -> dict[str, Any]:
    total, balance = amounts(call, call.company.payables, document)
    item: dict[str, Any] = {
        "@url": f"{API}/supplierinvoices/{document.number}",
        "AuthorizerName": "",
        "Balance": plain(balance),
        "Booked": document.booked,
        "Cancel": document.cancelled,
        "CostCenter": document.cost_center,
        "Credit": document.credit,
        "Currency": document.currency,
        "CurrencyRate": f"{document.rate:f}",
        "CurrencyUnit": 1,
        "DueDate": document.due_date.isoformat() if document.due_date else "",
        "ExternalInvoiceNumber": "",
        "ExternalInvoiceSeries": "",
        "FinalPayDate": document.final_pay_date.isoformat() if document.final_pay_date else None,
        "GivenNumber": str(document.number),
        "InvoiceDate": document.invoice_date.isoformat(),
        "InvoiceNumber": document.own_number,
        "Project": document.project,
        "SupplierName": document.party_name,
        "SupplierNumber": document.party,
        "Total": plain(total),
        "Vouchers": _vouchers(document),
    }
    if detail:
        del item["Cancel"]
    elif not call.switches.supplier_balance_in_list:
        del item["Balance"]
    return item


def _vouchers(document: Document) -> list[dict[str, Any]]:
    """Where the voucher is named; the header's own fields stay null (F 6.2, C live)."""
    if document.voucher is None:
        return []
    year, series, number = document.voucher
    return [{"Number": number, "ReferenceType": "SUPPLIERINVOICE", "Series": series, "Year": year}]


def _rows(call: Call, document: Document) -> list[dict[str, Any]]:
    codes = ["TOT", *("",) * len(document.other_control), *("VAT" if line.vat else "" for line in document.lines)]
    rows = document_rows(document, -1, call.company)
    return [
        {
            "Account": row.account,
            "Code": code,
            "CostCenter": row.cost_center,
            "Credit": json_amount(max(-row.amount, 0)),
            "Debit": json_amount(max(row.amount, 0)),
            "Project": row.project,
            "Total": json_amount(abs(row.amount)),
            "TransactionInformation": row.text,
        }
        for code, row in zip(codes, rows, strict=True)
    ]
