"""Small books in a line per voucher, and what the checks are told beside them."""

import dataclasses
from datetime import date
from typing import Any

import polars as pl

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.subledger import Document, Payment, SubLedger, VoucherRef
from closing_host.closing.analysis import AnalysisFacts
from closing_host.closing.facts import documents_frame, payments_frame

START, END = date(2025, 1, 1), date(2025, 12, 31)
MARCH = (date(2025, 3, 1), date(2025, 3, 31))
YEAR_END = (date(2025, 12, 1), END)


def books(
    *lines: str,
    opening: dict[str, int] | None = None,
    stated: dict[str, int] | None = None,
    names: dict[str, str] | None = None,
    year: int = 2025,
    form: str = "AB",
) -> Ledger:
    """Each line: `2025-03-01 A 1 [registered=2025-03-02] Text | 1930 100 | 3010 -100`, amounts in kronor.

    A row that begins with + or - (`-1930 100`) was added or struck later. `opening` and `stated` (#UB 0) in kronor.
    """
    builder = LedgerBuilder(
        Company("Exempel AB", "556677-8899", form=form), [FinancialYear(0, date(year, 1, 1), date(year, 12, 31))]
    )
    for account, name in (names or {}).items():
        builder.add_account(account, name)
    for account, amount in (opening or {}).items():
        builder.add_balance("IB", account, amount * 100)
    for account, amount in (stated or {}).items():
        builder.add_balance("UB", account, amount * 100)
    for line in lines:
        head, *rows = (each.strip() for each in line.split("|"))
        day, series, number, *text = head.split(" ")
        registered = next((each.removeprefix("registered=") for each in text if each.startswith("registered=")), None)
        words = " ".join(each for each in text if not each.startswith("registered="))
        builder.add_voucher(
            series.strip("-"),
            number.strip("-"),
            date.fromisoformat(day),
            words,
            registered_on=date.fromisoformat(registered) if registered else None,
        )
        for row in rows:
            posted, kronor = row.split(" ")
            kinds: Any = {"+": "added", "-": "removed"}
            builder.add_row(posted.lstrip("+-"), round(float(kronor) * 100), kind=kinds.get(posted[0], "booked"))
    return builder.build()


def sale(
    day: str, number: int, amount: float = 100, text: str = "Sale", series: str = "A", account: str = "3010"
) -> str:
    """One line: paid to the bank account."""
    return f"{day} {series} {number} {text} | 1930 {amount} | {account} {-amount}"


def facts(ledger: Ledger, period: tuple[date, date] = MARCH, **more: Any) -> AnalysisFacts:
    """The facts of one period, by default March."""
    return AnalysisFacts(ledger, *period, **more)


def without_year(ledger: Ledger) -> Ledger:
    """The same ledger, stating no year."""
    return dataclasses.replace(ledger, years=())


FIGURES = books(opening={"1930": 100, "2081": -100})
"""Balances and no vouchers."""


def supplier(*documents: tuple[str, str, str, int, str], payments: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    """Facts of a supplier's ledger on 2440. Documents: number, party, own number, kronor, voucher ("B 1" or "");
    each payment: document, voucher."""
    facts = SubLedger(
        "payables",
        ("2440",),
        tuple(
            Document(
                number,
                party,
                f"Supplier {party}",
                date(2025, 3, 10),
                None,
                total * 100,
                None,
                True,
                False,
                _voucher(at),
                own,
            )
            for number, party, own, total, at in documents
        ),
        tuple(
            Payment(str(at), document, date(2025, 3, 11), 100, True, voucher=_voucher(voucher))
            for at, (document, voucher) in enumerate(payments)
        ),
        START,
        END,
    )
    return {
        "documents": {"payables": documents_frame(facts)},
        "payments": {"payables": payments_frame(facts)},
        "control_accounts": {"payables": ("2440",)},
    }


def _voucher(at: str) -> VoucherRef | None:
    return VoucherRef(START, *at.split(" ")) if at else None


def vouchers_then(*numbers: str) -> pl.DataFrame:
    """The vouchers that a signed-off period had, of series A."""
    return pl.DataFrame(
        {"series": ["A"] * len(numbers), "number": list(numbers)}, schema={"series": pl.String, "number": pl.String}
    )
