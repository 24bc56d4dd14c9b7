"""Edits of invoices and payments: what a user does in the invoicing and supplier modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["SUBLEDGER_OPERATIONS"]


def _ledger(company: Company, edit: Mapping[str, Any]) -> SubLedger:
    """``ledger`` is receivables (default) or payables."""
    name = edit.get("ledger", "receivables")
    if name not in {"receivables", "payables"}:
        raise ValueError(f"no ledger {name!r}")
    return company.receivables if name == "receivables" else company.payables


def _day(edit: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(edit[name]) if edit.get(name) else None


def _add_invoice(company: Company, edit: Mapping[str, Any]) -> int:
    ledger = _ledger(company, edit)
    plain = (
        "number",
        "terms",
        "control",
        "currency",
        "own_number",
        "invoice_type",
        "credit_of",
        "method",
        "nox_finans",
    )
    more = {name: edit[name] for name in plain if name in edit}
    if "rate" in edit:
        more["rate"] = Decimal(str(edit["rate"]))
    if "other_control" in edit:
        more["other_control"] = tuple((account, amount) for account, amount in edit["other_control"])
    lines = [Line(**line) for line in edit["lines"]]
    day = date.fromisoformat(edit["date"])
    document = ledger.add(str(edit["party"]), day, lines, due_date=_day(edit, "due_date"), **more)
    if edit.get("book", True):
        ledger.book(document.number, on=_day(edit, "on"))
    return document.number


def _book_invoice(company: Company, edit: Mapping[str, Any]) -> None:
    _ledger(company, edit).book(edit["number"], on=_day(edit, "on"))


def _cancel_invoice(company: Company, edit: Mapping[str, Any]) -> None:
    _ledger(company, edit).cancel(edit["number"])


def _credit_invoice(company: Company, edit: Mapping[str, Any]) -> int:
    ledger = _ledger(company, edit)
    lines = [Line(**line) for line in edit["lines"]] if "lines" in edit else None
    document = ledger.credit(edit["number"], date.fromisoformat(edit["date"]), lines)
    if edit.get("book", True):
        ledger.book(document.number)
    return document.number


def _pay_invoice(company: Company, edit: Mapping[str, Any]) -> int:
    payment = _ledger(company, edit).pay(
        edit["number"],
        date.fromisoformat(edit["date"]),
        edit.get("amount"),
        write_offs=[WriteOff(**part) for part in edit.get("write_offs", ())],
        rate=Decimal(str(edit["rate"])) if "rate" in edit else None,
        booked=edit.get("book", True),
        on=_day(edit, "on"),
        control=edit.get("control"),
    )
    return payment.number


def _book_payment(company: Company, edit: Mapping[str, Any]) -> None:
    _ledger(company, edit).book_payment(edit["number"], on=_day(edit, "on"))


def _remove_payment(company: Company, edit: Mapping[str, Any]) -> None:
    _ledger(company, edit).remove_payment(edit["number"])


def _set_off(company: Company, edit: Mapping[str, Any]) -> list[int]:
    day = date.fromisoformat(edit["date"])
    payments = _ledger(company, edit).set_off(edit["credit"], edit["original"], day, edit.get("amount"))
    return [payment.number for payment in payments]


SUBLEDGER_OPERATIONS: dict[str, Callable[[Company, Mapping[str, Any]], Any]] = {
    "add_invoice": _add_invoice,
    "book_invoice": _book_invoice,
    "cancel_invoice": _cancel_invoice,
    "credit_invoice": _credit_invoice,
    "pay_invoice": _pay_invoice,
    "book_payment": _book_payment,
    "remove_payment": _remove_payment,
    "set_off": _set_off,
}
