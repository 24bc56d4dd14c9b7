"""Customer and supplier ledgers with real balance book-keeping: what F 6 lists, booked into the general ledger.

Every booked document and payment makes a voucher, so that the ledger and the sub-ledger agree until somebody edits
one of them. The state of any day can be asked for (`SubLedger.open_items`), which no Fortnox route can (F 6.5, I).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from datasource_fortnox.simulator import postings
from datasource_fortnox.simulator.company import Company, Party
from datasource_fortnox.simulator.documents import Document, Line, Payment, SetOff, Side, WriteOff
from datasource_fortnox.simulator.money import scaled
from datasource_fortnox.simulator.vouchers import book

__all__ = ["SubLedger", "SubLedgerError"]


class SubLedgerError(ValueError):
    """The step is not possible: unknown number, booked already, cancelled."""


class SubLedger:
    """One side of a company: ``receivables`` (1510) or ``payables`` (2440)."""

    def __init__(self, company: Company, side: Side) -> None:
        self.company = company
        self.side = side
        self.sign = 1 if side == "receivables" else -1
        """What a positive open amount is in the ledger: debit or credit."""
        self.parties: dict[str, Party] = {}
        self.documents: dict[int, Document] = {}
        self.payments: dict[int, Payment] = {}
        self.set_offs: list[SetOff] = []
        self.next_document = 1
        self.next_payment = 1
        self._payments_of: dict[int, list[Payment]] = {}

    @property
    def control_account(self) -> int:
        """CUSTCLAIM or SUPDEBT of the predefined accounts (F 5.5)."""
        return self.company.predefined_accounts["CUSTCLAIM" if self.side == "receivables" else "SUPDEBT"]

    def add_party(self, number: str, name: str, organisation_number: str = "") -> Party:
        """Add a customer or supplier."""
        self.parties[number] = Party(number, name, organisation_number)
        return self.parties[number]

    def add(
        self,
        party: str,
        invoice_date: date,
        lines: Sequence[Line],
        *,
        number: int | None = None,
        due_date: date | None = None,
        terms: int | None = 30,
        control: int | None = None,
        **more: Any,
    ) -> Document:
        """Register an unbooked invoice; ``terms=None`` without ``due_date`` leaves the due date out.

        ``more`` are fields of `Document`: currency, rate, credit_of, own_number, invoice_type, method …
        """
        chosen = self.next_document if number is None else number
        if chosen in self.documents:
            raise SubLedgerError(f"invoice {chosen} exists")
        if due_date is None and terms is not None:
            due_date = invoice_date + timedelta(days=terms)
        known = self.parties.get(party) or self.add_party(party, party)
        year = self.company.year_of(invoice_date)
        document = Document(
            chosen,
            known.number,
            known.name,
            invoice_date,
            due_date,
            tuple(lines),
            self.control_account if control is None else control,
            self.company.clock.now(),
            **{"method": year.method if year else "ACCRUAL", **more},
        )
        self.documents[chosen] = document
        self.next_document = max(self.next_document, chosen + 1)
        if document.credit_of is not None and document.credit_of in self.documents:
            self.documents[document.credit_of].credited_by = chosen
        return document

    def book(self, number: int, *, on: date | None = None) -> Document:
        """Book an invoice on its date or another (`on`): a voucher, unless the company uses the cash method."""
        document = self._document(number)
        if document.booked or document.cancelled:
            raise SubLedgerError(f"invoice {number} is booked or cancelled already")
        rows = postings.document_rows(document, self.sign, self.company)
        document.booked_sek = scaled(document.total, document.rate)
        if document.method != "CASH":
            controls = {document.control, *(account for account, _ in document.other_control)}
            document.booked_sek = self.sign * sum(row.amount for row in rows if row.account in controls)
            draft = postings.document_voucher(self, document, rows, on or document.invoice_date)
            document.voucher = book(self.company, postings.year_for(self.company, draft.date), draft)
        document.booked = True
        self._touch(document)
        if self.company.switches.credit_note_sets_off and document.currency == "SEK":
            self._set_off_now(document, on or document.invoice_date)
        return document

    def _set_off_now(self, credit: Document, day: date) -> None:
        original = self.documents.get(credit.credit_of or 0)
        amount = min(-self.open(credit), self.open(original)) if original else 0
        if original and amount > 0:
            self.set_offs.append(SetOff(credit.number, original.number, day, amount))
            self._finish(credit, day)
            self._finish(original, day)

    def cancel(self, number: int) -> Document:
        """Cancel an unbooked invoice; a booked one can only be credited (F 9.21)."""
        document = self._document(number)
        if document.booked:
            raise SubLedgerError(f"invoice {number} is booked: credit it instead")
        document.cancelled = True
        self._touch(document)
        return document

    def credit(self, credited: int, day: date, lines: Sequence[Line] | None = None, **more: Any) -> Document:
        """Add an unbooked credit note for an invoice: its lines negated, or other negative lines."""
        original = self._document(credited)
        negative = lines or tuple(replace(line, amount=-line.amount) for line in original.lines)
        shared = {"currency": original.currency, "rate": original.rate, "control": original.control}
        return self.add(original.party, day, negative, credit_of=credited, **{**shared, **more})

    def pay(
        self,
        number: int,
        day: date,
        amount: int | None = None,
        *,
        write_offs: Iterable[WriteOff] = (),
        rate: Decimal | None = None,
        booked: bool = True,
        on: date | None = None,
        mode_account: int = 1930,
        control: int | None = None,
        source: str = "manual",
    ) -> Payment:
        """Register a payment of ``amount`` öre in the invoice's currency (default: what is open, less write-offs).

        ``rate`` is the payment's own; ``control`` another account than the invoice's, as for the tax agency's part.
        """
        document = self._document(number)
        parts = tuple(write_offs)
        written = sum(part.amount for part in parts)
        foreign = self.open_foreign(document) - written if amount is None else amount
        payment = Payment(
            self.next_payment,
            number,
            day,
            scaled(foreign, document.rate if rate is None else rate),
            foreign,
            self.company.clock.now(),
            parts,
            mode_account=mode_account,
            control=document.control if control is None else control,
            source=source,
        )
        self.payments[payment.number] = payment
        self._payments_of.setdefault(number, []).append(payment)
        self.next_payment += 1
        return self.book_payment(payment.number, on=on) if booked else payment

    def book_payment(self, number: int, *, on: date | None = None) -> Payment:
        """Book a registered payment: a voucher, and the invoice's balance shrinks."""
        payment = self.payments[number]
        if payment.booked:
            raise SubLedgerError(f"payment {number} is booked already")
        document = self._document(payment.document)
        payment.settled = scaled(payment.foreign + payment.written_off, document.rate)
        if document.currency != "SEK" and self.open_foreign(document) == payment.foreign + payment.written_off:
            payment.settled = self.open(document)
        rows = postings.payment_rows(document, payment, self.sign, self.company)
        draft = postings.payment_voucher(self, document, payment, rows, on or payment.date)
        payment.voucher = book(self.company, postings.year_for(self.company, draft.date), draft)
        payment.booked = True
        payment.modified_at = self.company.clock.now()
        self._finish(document, payment.date)
        return payment

    def remove_payment(self, number: int) -> Payment:
        """Take a payment away; its voucher stays in the ledger (F 6.5: deleted payments vanish, vouchers stay)."""
        payment = self.payments.pop(number)
        self._payments_of[payment.document].remove(payment)
        document = self._document(payment.document)
        document.final_pay_date = None
        self._touch(document)
        return payment

    def set_off(self, credit: int, original: int, day: date, amount: int | None = None) -> tuple[Payment, Payment]:
        """Settle a credit note against an invoice by two payments without money, contra the control account."""
        open_credit = -self.open_foreign(self._document(credit))
        chosen = min(open_credit, self.open_foreign(self._document(original))) if amount is None else amount
        account = self._document(original).control
        return (
            self.pay(credit, day, -chosen, mode_account=account),
            self.pay(original, day, chosen, mode_account=account),
        )

    def settlements(self, document: Document) -> list[Payment]:
        """The document's payments in order of number."""
        return self._payments_of.get(document.number, [])

    def open(self, document: Document, as_of: date | None = None) -> int:
        """Open SEK öre at the booked rate, now or by vouchers dated up to ``as_of``."""
        if not document.booked or document.cancelled or not self._by(document, as_of):
            return 0
        left = document.booked_sek - sum(
            payment.settled for payment in self.settlements(document) if payment.booked and self._by(payment, as_of)
        )
        for part in self.set_offs:
            if as_of is None or part.date <= as_of:
                left += part.amount * ((part.credit == document.number) - (part.original == document.number))
        return left

    def open_foreign(self, document: Document) -> int:
        """What is left in the invoice's own currency; for SEK the same as `open`. An unbooked invoice is open whole."""
        if document.cancelled:
            return 0
        if not document.booked:
            return document.total
        if document.currency == "SEK":
            return self.open(document)
        paid = [payment for payment in self.settlements(document) if payment.booked]
        return document.total - sum(payment.foreign + payment.written_off for payment in paid)

    def open_items(self, as_of: date) -> dict[int, int]:
        """Open SEK öre per document number as at ``as_of``: the oracle for attachments (F 6.5, P 7.4.3)."""
        amounts = {number: self.open(document, as_of) for number, document in sorted(self.documents.items())}
        return {number: amount for number, amount in amounts.items() if amount}

    def _by(self, item: Document | Payment, as_of: date | None) -> bool:
        if as_of is None:
            return True
        if item.voucher is not None:
            voucher = self.company.years[item.voucher[0]].vouchers.get(item.voucher[1:])
            if voucher is not None:
                return voucher.date <= as_of
        return (item.invoice_date if isinstance(item, Document) else item.date) <= as_of

    def _finish(self, document: Document, day: date) -> None:
        self._touch(document)
        document.final_pay_date = day if self.open(document) == 0 else None

    def _touch(self, document: Document) -> None:
        document.modified_at = self.company.clock.now()

    def _document(self, number: int) -> Document:
        if number not in self.documents:
            raise SubLedgerError(f"no invoice {number}")
        return self.documents[number]
