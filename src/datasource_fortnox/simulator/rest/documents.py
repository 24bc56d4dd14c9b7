"""What customer and supplier invoices share: filters by state, dates, and amounts in the asked unit (F 6.1, F 6.2)."""

from __future__ import annotations

from collections.abc import Callable

from datasource_fortnox.simulator.documents import Document
from datasource_fortnox.simulator.errors import invalid, missing
from datasource_fortnox.simulator.money import scaled
from datasource_fortnox.simulator.rest.call import Call
from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["amounts", "find", "selected", "voucher_fields"]


def selected(call: Call, ledger: SubLedger, states: tuple[str, ...]) -> list[Document]:
    """The documents that pass ``filter``, date ranges and ``lastmodified``; an unknown filter is 2000587 (R)."""
    name = call.query.get("filter")
    if name is not None and name not in states:
        raise invalid(2000587, "Ett ogiltigt filter har använts.")
    passes = _STATES[name] if name else (lambda call, ledger, document: True)
    first, last = call.day("fromdate"), call.day("todate")
    paid_first, paid_last = call.day("fromfinalpaydate"), call.day("tofinalpaydate")
    return [
        document
        for document in ledger.documents.values()
        if passes(call, ledger, document)
        and (first is None or document.invoice_date >= first)
        and (last is None or document.invoice_date <= last)
        and (paid_first is None or (document.final_pay_date is not None and document.final_pay_date >= paid_first))
        and (paid_last is None or (document.final_pay_date is not None and document.final_pay_date <= paid_last))
        and call.is_modified(document.modified_at)
    ]


def _unpaid(call: Call, ledger: SubLedger, document: Document) -> bool:
    return document.booked and ledger.open(document) != 0


def _overdue(call: Call, ledger: SubLedger, document: Document) -> bool:
    overdue = document.due_date is not None and document.due_date < call.world.clock.today()
    return overdue and _unpaid(call, ledger, document)


def _supplier_unpaid(call: Call, ledger: SubLedger, document: Document) -> bool:
    """Seen live to give only overdue ones for suppliers (F 6.2, C): a switch."""
    if ledger.side == "payables" and call.switches.supplier_unpaid == "overdue":
        return _overdue(call, ledger, document)
    return _unpaid(call, ledger, document)


_STATES: dict[str, Callable[[Call, SubLedger, Document], bool]] = {
    "cancelled": lambda call, ledger, document: document.cancelled,
    "fullypaid": lambda call, ledger, document: document.booked and ledger.open(document) == 0,
    "unpaid": _supplier_unpaid,
    "unpaidoverdue": _overdue,
    "unbooked": lambda call, ledger, document: not document.booked and not document.cancelled,
    "pendingpayment": lambda call, ledger, document: False,
    "authorizepending": lambda call, ledger, document: False,
}


def find(call: Call, ledger: SubLedger) -> Document:
    """The document that the path names; unknown is 2000434 (R)."""
    number = call.params["number"]
    found = ledger.documents.get(int(number)) if number.isdigit() else None
    if found is None:
        raise missing("invoice")
    return found


def amounts(call: Call, ledger: SubLedger, document: Document) -> tuple[int, int]:
    """Total and balance as of now in öre, in the unit of the switch ``foreign_amounts`` (U)."""
    if document.currency == "SEK" or call.switches.foreign_amounts == "invoice_currency":
        return document.total, ledger.open_foreign(document)
    if not document.booked:
        total = scaled(document.total, document.rate)
        return total, 0 if document.cancelled else total
    return document.booked_sek, ledger.open(document)


def voucher_fields(document: Document) -> dict[str, str | int | None]:
    """VoucherNumber, VoucherSeries and VoucherYear (a year id), null when unbooked (R)."""
    year, series, number = document.voucher or (None, None, None)
    return {"VoucherNumber": number, "VoucherSeries": series, "VoucherYear": year}
