"""The difference behind an attachment, drilled down: classes, rows, the first day, findings and proposed entries."""

from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing import Attachment, AttachmentFinding, ProposedEntry


def show_explanation(made: "Attachment") -> None:
    """Every class with its rows, since when ledger and sub-ledger differ, what stands out, and what to book."""
    from closing_host.documents.attachment_words import class_words

    words = session().words
    said = class_words(words)
    difference = words.amount(made.reconciliation.difference)
    output.line(words.text("Explain the difference: {difference}", difference=difference), style="bold")
    rows = made.explanation.rows.to_dicts()
    titles = words.texts(
        "Voucher", "Date", "Text", "Account", "Documents", "Payments", "The ledger", "Sub-ledger", "Amount"
    )
    for letter, amount in made.explanation.amounts.items():
        behind = [row for row in rows if row["class"] == letter]
        if behind:
            heading = f"{letter}) {said[letter]}: {words.amount(amount)}"
            output.table(heading, titles, [_row(row) for row in behind])
    if not rows:
        output.line(words.text("Ledger and open items agree."))
    _show_parting(made)
    for each in made.findings:
        output.line(f"• {words.message(each.code, each.parameters)}")
        if each.proposal is not None:
            _show_proposal(each.proposal)


def explanation_data(made: "Attachment") -> dict[str, Any]:
    """The classes, the rows behind them and the first day, for JSON."""
    parting = made.parting
    amounts = ("ledger", "subledger", "amount")
    vouchers = parting.vouchers.iter_rows(named=True) if parting else ()
    return {
        "explanation": {letter: Ore(amount) for letter, amount in made.explanation.amounts.items()},
        "explained": made.explanation.complete,
        "explained_by": [
            {**row, **{name: Ore(row[name]) for name in amounts}} for row in made.explanation.rows.iter_rows(named=True)
        ],
        "differs_since": parting.day if parting else None,
        "differs_from_the_start": parting is not None and parting.day is None,
        "differs_by": [
            {**row, **{name: Ore(row[name]) for name in ("ledger", "subledger", "difference")}} for row in vouchers
        ],
    }


def finding_data(each: "AttachmentFinding") -> dict[str, Any]:
    """A finding for JSON, with the entry that it proposes."""
    words = session().words
    proposal = each.proposal
    return {
        "code": each.code,
        "severity": each.severity,
        "message": words.message(each.code, each.parameters),
        "documents": each.documents,
        "parties": each.parties,
        "proposal": None
        if proposal is None
        else {
            "text": words.message(proposal.code, proposal.parameters),
            "reversed_next": proposal.reversed_next,
            "rows": [{"account": row.account, "amount": Ore(row.amount), "text": row.text} for row in proposal.rows],
        },
    }


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    return (
        f"{row['series']} {row['number']}".strip(),
        row["date"],
        row["text"],
        row["account"],
        ", ".join(row["documents"]),
        ", ".join(row["payments"]),
        Ore(row["ledger"]),
        Ore(row["subledger"]),
        Ore(row["amount"]),
    )


def _show_parting(made: "Attachment") -> None:
    """*Differensen uppstod*."""
    words = session().words
    if made.parting is None:
        return
    if made.parting.day is None:
        output.line(words.text("The difference arose: from the year's start."))
        return
    titles = words.texts(
        "Voucher", "Text", "Documents", "Payments", "The ledger", "Sub-ledger", "Reconciliation difference"
    )
    rows = [
        (
            f"{row['series']} {row['number']}".strip(),
            row["text"],
            ", ".join(row["documents"]),
            ", ".join(row["payments"]),
            *(Ore(row[name]) for name in ("ledger", "subledger", "difference")),
        )
        for row in made.parting.vouchers.iter_rows(named=True)
    ]
    output.table(words.text("The difference arose: {day}", day=made.parting.day), titles, rows)


def _show_proposal(proposal: "ProposedEntry") -> None:
    words = session().words
    rows = [
        (
            row.account or words.text("for you to choose"),
            Ore(row.amount) if row.amount > 0 else None,
            Ore(-row.amount) if row.amount < 0 else None,
            row.text,
        )
        for row in proposal.rows
    ]
    heading = words.text("Proposed entry: {text}", text=words.message(proposal.code, proposal.parameters))
    if proposal.reversed_next:
        heading = words.text("{entry}, reversed in the next period", entry=heading)
    output.table(heading, words.texts("Account", "Debit", "Credit", "Text"), rows)
