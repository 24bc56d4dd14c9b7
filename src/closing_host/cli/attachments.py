"""`closing attachments`: what was open at the closing date, reconciled with the books and explained."""

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing import Attachment


def attachments(
    books: str,
    /,
    *,
    as_at: Annotated[date | None, Parameter(help="As at the end of this day; by default the year's last.")] = None,
) -> None:
    """Show receivables and payables as at the closing date: open items, ageing, and every öre of difference.

    The facts are asked of the engagement's source now; nothing is stored.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    """
    from closing_host.engagements.attachments import read_attachments

    with house() as host, output.progress(books) as report:
        found = asyncio.run(read_attachments(host, books, as_at, watch=report))

    def human() -> None:
        for each in found:
            show_attachment(each)

    output.result([_data(each) for each in found], human)


def show_attachment(made: "Attachment") -> None:
    """Open items, ageing, reconciliation, the difference explained, and what stands out."""
    words = session().words
    accounts = "+".join(made.control_accounts)
    side = dict(zip(("receivables", "payables"), words.texts("Receivables", "Payables"), strict=True))[made.side]
    title = words.text("{side} ({accounts}) as at {day}", side=side, accounts=accounts, day=made.as_at)
    output.line(title, style="bold")
    items = [
        (
            row["document"],
            row["party_name"],
            row["dated"],
            row["due"],
            Ore(row["open"]),
            row["days"],
            Ore(row["paid_after"]) if row["paid_after"] else None,
        )
        for row in made.items.iter_rows(named=True)
    ]
    titles = words.texts("Document", "Party", "Date", "Due", "Open", "Days overdue", "Paid after")
    output.table(words.text("Open items"), titles, items)
    buckets = [words.text("Not due"), "1-30", "31-60", "61-90", "> 90"]
    ages = [
        (bucket, row["count"], Ore(row["amount"]))
        for bucket, row in zip(buckets, made.ageing.iter_rows(named=True), strict=True)
    ]
    output.table(words.text("Ageing"), words.texts("Days", "Count", "Amount"), ages)
    sums = made.reconciliation
    output.fields(
        {
            words.text("Sum of open items"): Ore(sums.open),
            words.text("Reconciled amount"): Ore(sums.reconciled),
            words.text("The ledger"): Ore(sums.ledger),
            words.text("Difference"): Ore(sums.difference),
        }
    )
    classes = [(letter, _class(letter), Ore(amount)) for letter, amount in made.explanation.amounts.items() if amount]
    if classes:
        output.table(words.text("The difference explained"), words.texts("Class", "What", "Amount"), classes)
        behind = [
            (row["class"], f"{row['series']} {row['number']}".strip(), row["date"], row["text"], Ore(row["amount"]))
            for row in made.explanation.rows.iter_rows(named=True)
        ]
        output.table("", words.texts("Class", "Voucher", "Date", "Text", "Amount"), behind)
    findings = [(words.message(each.code, each.parameters),) for each in made.findings]
    if findings:
        output.table(words.text("Findings"), words.texts("Finding"), findings)


def _class(letter: str) -> str:
    """A class of P 7.4.6 in words."""
    said = session().words.texts(
        "Vouchers that no document or payment refers to",
        "Documents whose voucher differs from their total",
        "Documents booked on another account",
        "Dated on one side of the day, booked on the other",
        "Documents without voucher",
        "Opening difference",
        "Unexplained difference",
    )
    return dict(zip("abcdefg", said, strict=True))[letter]


def _data(made: "Attachment") -> dict[str, Any]:
    money = {"original", "paid", "open", "paid_after", "written_off_after", "by_balance"}

    def plain(row: dict[str, Any]) -> dict[str, Any]:
        return {name: Ore(value) if name in money and value is not None else value for name, value in row.items()}

    sums = made.reconciliation
    return {
        "side": made.side,
        "as_at": made.as_at,
        "control_accounts": made.control_accounts,
        "final": made.final,
        "items": [plain(row) for row in made.items.iter_rows(named=True)],
        "ageing": [{**row, "amount": Ore(row["amount"])} for row in made.ageing.iter_rows(named=True)],
        "open": Ore(sums.open),
        "reconciled": Ore(sums.reconciled),
        "ledger": Ore(sums.ledger),
        "difference": Ore(sums.difference),
        "explanation": {letter: Ore(amount) for letter, amount in made.explanation.amounts.items()},
        "explained_by": [
            {
                "class": row["class"],
                "series": row["series"],
                "number": row["number"],
                "date": row["date"],
                "text": row["text"],
                "amount": Ore(row["amount"]),
            }
            for row in made.explanation.rows.iter_rows(named=True)
        ],
        "differs_since": made.parting.day if made.parting else None,
        "findings": [
            {
                "code": each.code,
                "severity": each.severity,
                "message": session().words.message(each.code, each.parameters),
            }
            for each in made.findings
        ],
    }
