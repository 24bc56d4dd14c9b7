"""Schedules of the user's own behind one account, as a document and as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from closing_host.closing.schedule import Schedule, difference, reconciled_amount
from closing_host.documents.imprint import Imprint
from closing_host.documents.report import Column, Line, Points, Report, Section, Table
from closing_host.locale import Words


@dataclass(frozen=True, slots=True)
class ReconciledAccount:
    """An account at the end of `as_at`: `closing` is its balance in öre, debit positive.

    `schedules`: those that reconcile it, by number; `files`: the names of what is attached.
    """

    account: str
    name: str
    as_at: date
    closing: int
    schedules: tuple[tuple[int, Schedule], ...]
    files: tuple[str, ...] = ()

    @property
    def reconciled(self) -> int | None:
        """The reconciled amount (RA) in the ledger's sign; None when no schedule says anything."""
        return reconciled_amount(schedule for _, schedule in self.schedules)


def schedule_title(words: Words, each: ReconciledAccount) -> str:
    """*Bilaga 2990 Upplupna kostnader per 2025-12-31*."""
    return words.text("Attachment {account} {name} as at {day}", account=each.account, name=each.name, day=each.as_at)


def schedule_report(words: Words, each: ReconciledAccount, imprint: Imprint) -> Report:
    """The schedules with their rows, reconciled with the account."""
    sections: list[Section] = [_reconciliation(words, each)]
    for number, schedule in each.schedules:
        sections += _schedule(words, number, schedule)
    if each.files:
        sections.append(Points(words.text("Attached files"), each.files))
    return Report(
        title=schedule_title(words, each),
        owner=imprint.company,
        language=words.language,
        facts=imprint.facts(words),
        sections=tuple(sections),
        foot=imprint.foot(words),
        page=words.text("Page {n} of {m}"),
        part_of=words.text("Part {n} of {m}"),
        continued=words.text("continued"),
        made_at=imprint.made_at,
        wide=False,
    )


def schedule_tables(words: Words, each: ReconciledAccount, imprint: Imprint) -> dict[str, pl.DataFrame]:
    """A table for each sheet, by its name: rows, reconciliation, files, and what the document says of itself."""
    what, amount, name, value = words.texts("What", "Amount", "Attached file", "Value")
    about = [(words.text("Attachment"), schedule_title(words, each)), (words.text("Company"), imprint.company)]
    return {
        words.text("Rows"): schedule_rows_frame(words, each),
        words.text("Reconciliation"): pl.DataFrame(
            list(_sums(words, each)), schema={what: pl.String, amount: pl.Int64}, orient="row"
        ),
        words.text("Attached files"): pl.DataFrame({name: list(each.files)}, schema={name: pl.String}),
        words.text("About"): pl.DataFrame(
            [*about, *imprint.facts(words)], schema={what: pl.String, value: pl.String}, orient="row"
        ),
    }


def schedule_rows_frame(words: Words, each: ReconciledAccount) -> pl.DataFrame:
    """A line per row: the schedule's number and title, text, the amount as listed and in the ledger's sign."""
    number, title, text, listed, signed = words.texts("No.", "Title", "Text", "Amount", "In the ledger's sign")
    rows = [
        (key, schedule.title, row.text, row.amount, row.amount if schedule.standing == "debit" else -row.amount)
        for key, schedule in each.schedules
        for row in schedule.rows
    ]
    schema = {number: pl.UInt32, title: pl.String, text: pl.String, listed: pl.Int64, signed: pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _reconciliation(words: Words, each: ReconciledAccount) -> Table:
    *rows, last = [(text, words.amount(amount)) for text, amount in _sums(words, each)]
    columns = (Column(words.text("What"), share=1), Column(words.text("Amount"), right=True))
    lines = (*(Line("row", row) for row in rows), Line("sum", last))
    return Table(words.text("Reconciliation"), columns, lines)


def _sums(words: Words, each: ReconciledAccount) -> Iterator[tuple[str, int | None]]:
    yield words.text("The ledger"), each.closing
    yield words.text("Reconciled amount"), each.reconciled
    yield words.text("Reconciliation difference"), difference(each.closing, each.reconciled)


def _schedule(words: Words, number: int, schedule: Schedule) -> Iterator[Section]:
    title = words.text("Own attachment {number}", number=number)
    columns = (Column(words.text("Text"), share=1), Column(words.text("Amount"), right=True))
    lines = [Line("row", (row.text, words.amount(row.amount))) for row in schedule.rows]
    lines.append(Line("sum", (words.text("Sum"), words.amount(schedule.total))))
    if schedule.standing == "credit":
        signed = words.amount(schedule.reconciled)
        lines.append(Line("row", (words.text("In the ledger's sign"), signed)))
    heading = f"{title}: {schedule.title}" if schedule.title else title
    yield Table(heading, columns, tuple(lines), lead=" ".join(schedule.comment.split()))
