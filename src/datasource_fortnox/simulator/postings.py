"""How documents and payments reach the general ledger: their voucher rows, texts and series (F 4.3, F 6.3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.documents import Document, Payment
from datasource_fortnox.simulator.ledger import FinancialYear, Row
from datasource_fortnox.simulator.money import scaled
from datasource_fortnox.simulator.vouchers import Draft

if TYPE_CHECKING:
    from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["document_rows", "document_voucher", "payment_rows", "payment_voucher", "year_for"]


def year_for(company: Company, day: date) -> FinancialYear:
    """The financial year of a booking date; ValueError where the company has none."""
    year = company.year_of(day)
    if year is None:
        raise ValueError(f"no financial year covers {day}")
    return year


def document_rows(document: Document, sign: int, company: Company) -> list[Row]:
    """Control account(s) against the lines, in SEK at the booked rate; the control row takes the rounding."""
    counter = [
        Row(
            line.account,
            -sign * scaled(line.amount, document.rate),
            text=line.text,
            cost_center=line.cost_center or document.cost_center,
            project=line.project or document.project,
        )
        for line in document.lines
    ]
    others = [Row(account, sign * amount) for account, amount in document.other_control]
    control = -sum(row.amount for row in (*counter, *others))
    return [Row(document.control, control), *others, *counter]


def payment_rows(document: Document, payment: Payment, sign: int, company: Company) -> list[Row]:
    """Money and write-offs against the control account; a rate difference goes to 3960 or 7960 (predefined accounts).

    With the cash method nothing was booked before, so the payment books the invoice's lines in proportion.
    """
    money = [Row(payment.mode_account, sign * payment.amount)]
    money += [
        Row(part.account, sign * scaled(part.amount, document.rate), text=part.text) for part in payment.write_offs
    ]
    if document.method == "CASH":
        return money + _cash_rows(document, payment, sign)
    settled = Row(payment.control, -sign * payment.settled)
    difference = -sum(row.amount for row in (*money, settled))
    if difference:
        name = "CURRENCYLOSS" if difference > 0 else "CURRENCYWIN"
        money.append(Row(company.predefined_accounts[name], difference))
    return [*money, settled]


def _cash_rows(document: Document, payment: Payment, sign: int) -> list[Row]:
    left = -sign * (payment.amount + payment.written_off)
    rows: list[Row] = []
    for line in document.lines[1:]:
        share = -sign * round(line.amount * (payment.amount + payment.written_off) / document.total)
        rows.append(Row(line.account, share))
        left -= share
    return [Row(document.lines[0].account, left), *rows]


def document_voucher(ledger: SubLedger, document: Document, rows: list[Row], day: date) -> Draft:
    """The voucher of an invoice; suppliers' texts carry name and given number (F 4.3, C)."""
    receivable = ledger.side == "receivables"
    name = "INVOICE" if receivable else "SUPPLIERINVOICE"
    label = "Kundfaktura" if receivable else "Levfakt"
    return Draft(
        ledger.company.predefined_series[name],
        day,
        f"{label} {document.party_name} ({document.number})",
        rows,
        reference_type=name,
        reference_number=str(document.number),
    )


def payment_voucher(ledger: SubLedger, document: Document, payment: Payment, rows: list[Row], day: date) -> Draft:
    """The voucher of a payment; what its ReferenceNumber names is a switch."""
    receivable = ledger.side == "receivables"
    name = "INVOICEPAYMENT" if receivable else "SUPPLIERPAYMENT"
    label = "Kundbet" if receivable else "Levbet"
    names_payment = ledger.company.switches.payment_voucher_reference == "payment"
    return Draft(
        ledger.company.predefined_series[name],
        day,
        f"{label} {document.party_name} ({document.number})",
        rows,
        reference_type=name,
        reference_number=str(payment.number if names_payment else document.number),
    )
