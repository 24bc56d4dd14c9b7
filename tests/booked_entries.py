"""Books with closing entries' vouchers in them, as a ledger and as the source's answer to a search by marker."""

from collections.abc import Iterable
from datetime import date

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.closing.entries import ClosingEntry
from made_entries import END, START

OPENING = (("1930", 10_000_000), ("2910", -5_000_000), ("2081", -5_000_000))


def voucher(
    entry: ClosingEntry,
    number: str,
    series: str = "I",
    *,
    text: str | None = None,
    rows: tuple[DraftRow, ...] | None = None,
    day: date | None = None,
    marked: bool = True,
) -> VoucherRecord:
    """The entry's voucher as the source holds it; what is given differs from what was sent."""
    draft = entry.draft
    return VoucherRecord(
        series,
        number,
        entry.year_start,
        day or draft.date,
        draft.text if text is None else text,
        draft.rows if rows is None else rows,
        draft.marker if marked else "",
    )


def ledger(vouchers: Iterable[VoucherRecord], *, year: tuple[date, date] = (START, END)) -> Ledger:
    """The year's books with these vouchers; opening balances are 100 000 kr in the bank against 2910 and 2081."""
    builder = LedgerBuilder(Company("Exempel AB", "556677-8899"), [FinancialYear(0, *year)])
    for account, amount in OPENING:
        builder.add_account(account, f"Konto {account}")
        builder.add_balance("IB", account, amount)
    for each in vouchers:
        builder.add_voucher(each.series, each.number, each.date, each.text)
        for row in reversed(each.rows):
            builder.add_row(row.account, row.amount, objects=row.objects, text=row.text)
    return builder.build()
