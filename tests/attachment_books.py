"""A company's sub-ledger and ledger written together: each document and payment with the voucher that books it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.subledger import Document, Foreign, Payment, PaymentKind, Side, SubLedger, VoucherRef
from closing_host.closing import Attachment, attachment_of

START, END = date(2025, 1, 1), date(2025, 12, 31)
NAMES = ("1510", "1511", "1513", "1519", "1930", "2440", "2611", "2618", "2641", "3001", "4010")

Row = tuple[str, int]


@dataclass
class Books:
    """Amounts in öre. A document's voucher debits (payables: credits) `control`, a payment's does the opposite."""

    side: Side = "receivables"
    control: tuple[str, ...] = ()
    complete_from: date = START
    complete_to: date = date(2026, 2, 14)
    cash_method: bool = False
    openings: dict[str, int] = field(default_factory=dict)
    vouchers: list[tuple[str, str, date, str, list[Row]]] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    balances: bool = True
    """Whether the source states what is open now."""

    @property
    def sign(self) -> int:
        return 1 if self.side == "receivables" else -1

    @property
    def account(self) -> str:
        return "1510" if self.side == "receivables" else "2440"

    def voucher(self, series: str, day: date, *rows: Row, number: str = "", text: str = "") -> VoucherRef:
        """A voucher of the year that `day` lies in: one of another year is named, but not in this year's ledger.

        Series X is this year's whatever the date, as when a voucher has slipped into the wrong year.
        """
        chosen = number or str(1 + sum(each[0] == series for each in self.vouchers))
        self.vouchers.append((series, chosen, day, text, list(rows)))
        return VoucherRef(START if series == "X" else date(day.year, 1, 1), series, chosen)

    def document(
        self,
        number: str,
        day: date,
        total: int,
        *,
        party: str = "1",
        due: date | None = None,
        terms: int | None = 30,
        on: date | None = None,
        rows: Sequence[Row] | None = None,
        voucher: VoucherRef | None = None,
        book: bool = True,
        **more: Any,
    ) -> Document:
        """A booked document with its voucher (`rows` instead of the ordinary ones), or without when `book` is False."""
        if due is None and terms is not None:
            due = day + timedelta(days=terms)
        counter = "3001" if self.side == "receivables" else "4010"
        if book and voucher is None:
            plain = [(self.account, self.sign * total), (counter, -self.sign * total)]
            voucher = self.voucher("B", on or day, *(plain if rows is None else rows), text=f"Faktura {number}")
        options = {"balance": None, "booked": True, "cancelled": False, **more}
        made = Document(number, party, f"Part {party}", day, due, total, voucher=voucher, **options)
        self.documents[number] = made
        return made

    def pay(
        self,
        document: str,
        day: date,
        amount: int,
        *,
        on: date | None = None,
        rows: Sequence[Row] | None = None,
        voucher: VoucherRef | None = None,
        book: bool = True,
        booked: bool = True,
        kind: PaymentKind = "payment",
        foreign: Foreign | None = None,
    ) -> Payment:
        if book and voucher is None and booked:
            plain = [("1930", self.sign * amount), (self.account, -self.sign * amount)]
            voucher = self.voucher("C", on or day, *(plain if rows is None else rows), text=f"Betalning {document}")
        number = str(len(self.payments) + 1)
        made = Payment(number, document, day, amount, booked, kind, voucher, foreign)
        self.payments.append(made)
        return made

    def ledger(self) -> Ledger:
        builder = LedgerBuilder(Company("Exempel AB"), [FinancialYear(0, START, END)])
        for name in NAMES:
            builder.add_account(name, f"Konto {name}")
        for account, amount in self.openings.items():
            builder.add_balance("IB", account, amount)
        for series, number, day, text, rows in self.vouchers:
            if day.year != START.year and series != "X":
                continue
            builder.add_voucher(series, number, day, text)
            for account, amount in rows:
                builder.add_row(account, amount)
        return builder.build()

    def facts(self) -> SubLedger:
        settled: dict[str, int] = {}
        for payment in self.payments:
            if payment.booked:
                settled[payment.document] = settled.get(payment.document, 0) + payment.amount
        documents = [
            replace(each, balance=each.total - settled.get(each.number, 0))
            if self.balances and each.balance is None and each.booked
            else each
            for each in self.documents.values()
        ]
        return SubLedger(
            self.side,
            self.control or (self.account,),
            tuple(documents),
            tuple(self.payments),
            self.complete_from,
            self.complete_to,
            self.cash_method,
        )

    def attachment(self, as_at: date = END, **options: Any) -> Attachment:
        return attachment_of(self.ledger(), self.facts(), as_at, **options)


def acceptance() -> Books:
    """P 7.4's acceptance example."""
    books = Books()
    books.document("101", date(2025, 10, 15), 1_250_000, party="1", due=date(2025, 11, 14))
    books.pay("101", date(2025, 12, 1), 500_000)
    books.document("102", date(2025, 12, 10), 2_500_000, party="2", due=date(2026, 1, 9))
    books.pay("102", date(2026, 1, 8), 2_500_000)
    books.document("103", date(2025, 6, 1), 312_550, party="3", due=date(2025, 7, 1))
    books.document("104", date(2025, 12, 12), -100_000, party="4", due=date(2025, 12, 20))
    books.document("105", date(2026, 1, 2), 937_500, party="1")
    books.document("106", date(2025, 12, 15), 800_000, party="4", book=False, booked=False)
    books.document("107", date(2025, 12, 16), 600_000, party="4", book=False, booked=False, cancelled=True)
    books.voucher("A", END, ("1930", 50_000), ("1510", -50_000), number="77", text="Rättelse kundinbetalning")
    return books


def euro(amount: int, rate: str) -> Foreign:
    return Foreign("EUR", amount, Decimal(rate))
