"""An attachment for receivables or payables as a document for people (P 7.4.10)."""

from collections.abc import Iterator, Mapping
from typing import Any

from closing_host.closing.attachment import Attachment
from closing_host.closing.attachment_findings import AttachmentFinding
from closing_host.closing.proposals import ProposedEntry
from closing_host.documents.attachment_items import Order, items_table, others_noted
from closing_host.documents.attachment_words import bucket_words, class_words, reason_words, title
from closing_host.documents.imprint import Imprint
from closing_host.documents.report import Column, Line, Points, Report, Section, Table
from closing_host.locale import Words


def attachment_report(
    words: Words,
    made: Attachment,
    imprint: Imprint,
    *,
    notes: Mapping[str, str] | None = None,
    order: Order = "party",
) -> Report:
    """`made` in words and figures. `notes`: document to the user's note; `order`: how the open items are grouped."""
    noted = notes or {}
    sections = (
        _reconciliation(words, made),
        _ageing(words, made),
        _explanation(words, made),
        *_parting(words, made),
        *_findings(words, made),
        items_table(words, made, noted, order, imprint.year_start),
        *_not_counted(words, made),
        *_other_notes(words, made, noted),
    )
    return Report(
        title=title(words, made),
        owner=imprint.company,
        language=words.language,
        facts=(*imprint.facts(words), *_method(words, made)),
        sections=sections,
        foot=imprint.foot(words),
        page=words.text("Page {n} of {m}"),
        part_of=words.text("Part {n} of {m}"),
        continued=words.text("continued"),
        made_at=imprint.made_at,
        warning="" if made.final else words.text("Not final: documents and payments may still come for this day."),
    )


def _method(words: Words, made: Attachment) -> Iterator[tuple[str, str]]:
    if made.cash_method:
        yield words.text("Method"), words.text("Cash method")


def _reconciliation(words: Words, made: Attachment) -> Table:
    sums = made.reconciliation
    accounts = [
        Line("row", (account, name, words.amount(opening), words.amount(closing)))
        for account, name, opening, closing in sums.accounts.select("account", "name", "opening", "closing").rows()
    ]
    settled = [
        (words.text("The ledger"), sums.ledger),
        (words.text("Sum of open items"), sums.open),
        (words.text("Reconciled amount, in the ledger's sign"), sums.reconciled),
    ]
    lines = [
        *accounts,
        *(Line("row", ("", label, "", words.amount(amount))) for label, amount in settled),
        Line("sum", ("", words.text("Reconciliation difference"), "", words.amount(sums.difference))),
    ]
    account, name, opening, closing = words.texts("Account", "Name", "Opening balance", "On the day")
    columns = (Column(account), Column(name, share=1), Column(opening, right=True), Column(closing, right=True))
    return Table(words.text("Reconciliation"), columns, tuple(lines), half=True)


def _ageing(words: Words, made: Attachment) -> Table:
    said = bucket_words(words)
    lines = [
        Line("row", (said[row["bucket"]], str(row["count"]), words.amount(row["amount"])))
        for row in made.ageing.iter_rows(named=True)
    ]
    count = str(made.ageing["count"].sum())
    total = Line("sum", (words.text("Sum of open items"), count, words.amount(made.reconciliation.open)))
    credits = made.items.filter(made.items["open"] < 0).height
    part = Line("row", (words.text("of which credit items"), str(credits), words.amount(made.credits)))
    days, number, amount = words.texts("Days overdue", "Count", "Amount")
    columns = (Column(days, share=1), Column(number, right=True), Column(amount, right=True))
    return Table(words.text("Ageing"), columns, (*lines, total, part), half=True)


def _explanation(words: Words, made: Attachment) -> Table:
    difference = made.reconciliation.difference
    heading = words.text("The difference explained")
    if not made.explanation.rows.height:
        return Table(heading, (), (), lead=words.text("Ledger and open items agree. There is nothing to explain."))
    texts = words.texts("Voucher", "Date", "Text", "Account", "Documents", "Party", "In the ledger")
    shares = (0, 0, 4, 0, 3, 2, 0)
    columns = [Column(text, right=place == 6, share=shares[place]) for place, text in enumerate(texts)]
    columns += [Column(text, right=True) for text in words.texts("In the open items", "Difference")]
    said = class_words(words)
    lines: list[Line] = []
    letter = ""
    for row in made.explanation.rows.iter_rows(named=True):
        if row["class"] != letter:
            letter = row["class"]
            amount = words.amount(made.explanation.amounts[row["class"]])
            lines.append(Line("group", (f"{letter}  {said[letter]}: {amount}",)))
        lines.append(Line("row", _explained(words, row)))
    total = words.text("Reconciliation difference")
    lines.append(Line("sum", (total, *[""] * 7, words.amount(difference))))
    return Table(heading, tuple(columns), tuple(lines))


def _explained(words: Words, row: Mapping[str, Any]) -> tuple[str, ...]:
    amounts = (words.amount(row[name]) for name in ("ledger", "subledger", "amount"))
    voucher = f"{row['series']} {row['number']}".strip()
    documents = ", ".join(row["documents"])
    return (voucher, words.date(row["date"]), row["text"], row["account"], documents, row["party"], *amounts)


def _parting(words: Words, made: Attachment) -> Iterator[Table]:
    parted = made.parting
    if parted is None:
        return
    heading = words.text("When the difference arose")
    if parted.day is None:
        yield Table(heading, (), (), lead=words.text("Ledger and open items differed already when the year opened."))
        return
    lead = words.text("Ledger and open items differ without a break since {day}. That day's vouchers:", day=parted.day)
    voucher, text, documents = words.texts("Voucher", "Text", "Documents")
    columns = [Column(voucher), Column(text, share=4), Column(documents, share=3)]
    columns += [Column(each, right=True) for each in words.texts("In the ledger", "In the open items", "Difference")]
    lines = []
    for row in parted.vouchers.iter_rows(named=True):
        amounts = (words.amount(row[name]) for name in ("ledger", "subledger", "difference"))
        name = f"{row['series']} {row['number']}".strip()
        lines.append(Line("row", (name, row["text"], ", ".join(row["documents"]), *amounts)))
    yield Table(heading, tuple(columns), tuple(lines), lead=lead)


def _findings(words: Words, made: Attachment) -> Iterator[Points]:
    if made.findings:
        yield Points(words.text("Findings"), tuple(finding_text(words, each) for each in made.findings))


def finding_text(words: Words, finding: AttachmentFinding) -> str:
    """A finding with the closing entry that it proposes."""
    said = words.message(finding.code, finding.parameters)
    return f"{said} {_entry(words, finding.proposal)}" if finding.proposal else said


def _entry(words: Words, proposal: ProposedEntry) -> str:
    rows = []
    for row in proposal.rows:
        account = row.account or words.text("account to be chosen")
        amount = words.amount(abs(row.amount))
        debit = row.amount > 0
        rows.append(f"{account} {words.text('debit') if debit else words.text('credit')} {amount}")
    text = words.message(proposal.code, proposal.parameters)
    return words.text("Proposed entry: {text}: {rows}.", text=text, rows="; ".join(rows))


def _not_counted(words: Words, made: Attachment) -> Iterator[Section]:
    if not made.not_counted.height:
        return
    reasons = reason_words(words)
    texts = words.texts("Reason", "Party", "Document", "Dated", "Due", "Booked on", "Amount")
    shares = (0, 4, 2, 0, 0, 0, 0)
    columns = tuple(Column(text, right=text == texts[-1], share=shares[place]) for place, text in enumerate(texts))
    lines = [
        Line(
            "row",
            (
                reasons[row["reason"]],
                f"{row['party']} {row['party_name']}".strip(),
                row["document"],
                *(words.date(row[day]) for day in ("dated", "due", "booked_on")),
                words.amount(row["original"]),
            ),
        )
        for row in made.not_counted.iter_rows(named=True)
    ]
    yield Table(words.text("Not booked: listed, not summed"), columns, tuple(lines))


def _other_notes(words: Words, made: Attachment, notes: Mapping[str, str]) -> Iterator[Points]:
    if others := others_noted(made, notes):
        texts = tuple(f"{document}: {text}" for document, text in others.items())
        yield Points(words.text("Notes on documents that are not open"), texts)
