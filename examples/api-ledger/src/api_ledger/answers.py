"""What the API answers. Amounts become öre here; where a record is like the contract's own, pydantic fills that."""

from datetime import date

from pydantic import BaseModel

from closing_host.api.exact_json import Ore
from closing_host.api.subledger import Document, Payment, VoucherRef
from closing_host.api.vouchers import DraftRow, VoucherRecord


class Year(BaseModel):
    """One of `GET /years`."""

    start: date
    end: date
    locked_through: date | None


class OpeningBalance(BaseModel):
    """Of one of `GET /years/{start}/accounts`, with what `AccountTerms` has."""

    account: str
    name: str
    opening: Ore


class Row(BaseModel):
    """A voucher's row."""

    account: str
    amount: Ore
    text: str


class Voucher(BaseModel):
    """One of a page, and the answer to a voucher that was booked. The marker stands in `note`."""

    series: str
    number: int
    dated: date
    text: str
    note: str
    rows: list[Row]

    def record(self, year_start: date) -> VoucherRecord:
        """In the contract's terms."""
        rows = tuple(DraftRow(row.account, row.amount, text=row.text) for row in self.rows)
        return VoucherRecord(self.series, str(self.number), year_start, self.dated, self.text, rows, self.note)


class Page(BaseModel):
    """`GET /years/{start}/vouchers`: `total` vouchers on `pages` pages."""

    total: int
    pages: int
    vouchers: list[Voucher]


class Paid(BaseModel):
    """A payment of the invoice that it stands in."""

    number: str
    dated: date
    amount: Ore
    voucher: VoucherRef


class Invoice(BaseModel):
    """An invoice to a customer or from a supplier; what is owed is positive."""

    number: str
    party: str
    party_name: str
    dated: date
    due: date
    total: Ore
    balance: Ore
    voucher: VoucherRef
    payments: list[Paid]

    def document(self) -> Document:
        """In the contract's terms."""
        who = (self.number, self.party, self.party_name, self.dated, self.due)
        return Document(*who, self.total, self.balance, booked=True, cancelled=False, voucher=self.voucher)

    def paid(self) -> list[Payment]:
        """In the contract's terms."""
        return [Payment(p.number, self.number, p.dated, p.amount, True, voucher=p.voucher) for p in self.payments]


class Invoices(BaseModel):
    """`GET /receivables` and `GET /payables`: the control account, and every invoice open on `since` or later."""

    account: str
    invoices: list[Invoice]
