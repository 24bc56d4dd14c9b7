"""An attachment's open items as lines: grouped by party with subtotals, or by age."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from closing_host.closing.ageing import BUCKETS
from closing_host.closing.attachment import Attachment
from closing_host.documents.attachment_words import bucket_words
from closing_host.documents.report import Column, Line, Table
from closing_host.locale import Words

Order = Literal["party", "age"]

_Row = dict[str, Any]

_AGE: Final = {bucket: place for place, bucket in enumerate(BUCKETS)}


def items_table(words: Words, made: Attachment, notes: Mapping[str, str], order: Order, year_start: date) -> Table:
    """*Öppna poster*. `notes`: document to the user's note; `year_start`: the first day of the books' year."""
    rows = list(made.items.iter_rows(named=True))
    if order == "age":
        rows.sort(key=lambda row: (_AGE[row["bucket"]], -row["days"]))
    before = _before(words, made, order)
    lines = tuple(_lines(words, made, rows, notes, order, len(before), year_start))
    return Table(words.text("Open items"), (*before, *_columns(words)), lines)


def _before(words: Words, made: Attachment, order: Order) -> tuple[Column, ...]:
    """The columns before the dates."""
    party = (Column(words.text("Party"), share=4),) if order == "age" else ()
    own = (Column(words.text("Supplier's number"), share=2),) if made.side == "payables" else ()
    return (*party, Column(words.text("Document"), share=2), *own)


def _columns(words: Words) -> tuple[Column, ...]:
    texts = words.texts("Dated", "Due", "Days", "Original", "Paid", "Open", "Voucher", "Paid later on", "Amount")
    right = (False, False, True, True, True, True, False, False, True)
    shares = (0, 0, 0, 0, 0, 0, 1, 0, 0)
    return tuple(Column(text, *kind) for text, kind in zip(texts, zip(right, shares, strict=True), strict=True))


def _lines(
    words: Words,
    made: Attachment,
    rows: list[_Row],
    notes: Mapping[str, str],
    order: Order,
    before: int,
    year_start: date,
) -> Iterator[Line]:
    buckets = bucket_words(words)
    group: list[_Row] = []
    for place, row in enumerate(rows):
        key = "party" if order == "party" else "bucket"
        if not group:
            head = f"{row['party']} {row['party_name']}".strip() if order == "party" else _days(words, buckets, row)
            yield Line("group", (head,))
        group.append(row)
        yield Line("row", tuple(_cells(words, made, row, order, year_start)))
        if said := note(words, row, notes):
            yield Line("note", (said,))
        if place + 1 == len(rows) or rows[place + 1][key] != row[key]:
            if len(group) > 1:
                yield _sum(words, words.text("Subtotal"), group, before)
            group = []
    if rows:
        yield _sum(words, words.text("Sum of open items"), rows, before)


def _days(words: Words, buckets: Mapping[str, str], row: _Row) -> str:
    said = buckets[row["bucket"]]
    return said if row["bucket"] == BUCKETS[0] else words.text("{days} days overdue", days=said)


def _cells(words: Words, made: Attachment, row: _Row, order: Order, year_start: date) -> Iterator[str]:
    if order == "age":
        yield f"{row['party']} {row['party_name']}".strip()
    yield row["document"]
    if made.side == "payables":
        yield row["external_number"] or ""
    yield words.date(row["dated"])
    yield words.date(row["due"])
    yield str(row["days"])
    for amount in ("original", "paid", "open"):
        yield words.amount(row[amount])
    yield voucher(row, year_start)
    yield words.date(row["paid_after_on"]) if row["paid_after"] else ""
    yield words.amount(row["paid_after"]) if row["paid_after"] else ""


def _sum(words: Words, label: str, rows: list[_Row], before: int) -> Line:
    def total(column: str) -> str:
        return words.amount(sum(row[column] or 0 for row in rows))

    detailed = any(row["original"] is not None for row in rows)
    settled = (total("original"), total("paid")) if detailed else ("", "")
    later = total("paid_after") if any(row["paid_after"] for row in rows) else ""
    return Line("sum", (label, *[""] * (before - 1), "", "", "", *settled, total("open"), "", "", later))


def voucher(row: Mapping[str, Any], year_start: date) -> str:
    """Series and number, with the year when it is another than the books': `A 77`, `A 77 (2024)`."""
    name = f"{row['series'] or ''} {row['number'] or ''}".strip()
    stated = row["year_start"]
    return f"{name} ({stated:%Y})" if name and stated not in (None, year_start) else name


def note(words: Words, row: _Row, notes: Mapping[str, str]) -> str:
    """What is to be said of an item besides its figures; "" when nothing is."""
    said = [notes.get(row["document"], "")]
    if row["check"]:
        said.append(words.text("To check: {amount} by the source's balance", amount=words.amount(row["by_balance"])))
    if row["due_missing"]:
        said.append(words.text("no due date, aged from the document's date"))
    if row["written_off_after"]:
        amount = words.amount(row["written_off_after"])
        said.append(words.text("written off after the day: {amount}", amount=amount))
    if row["currency"]:
        said.append(_foreign(words, row))
    return " · ".join(each for each in said if each)


def _foreign(words: Words, row: _Row) -> str:
    original = f"{row['currency']} {words.amount(row['foreign_original'])}"
    left = words.amount(row["foreign_open"]) or words.text("not known")
    rate = str(row["rate"].normalize()) if row["rate"] is not None else ""
    point = "," if words.language == "sv" else "."
    return words.text(
        "{original}, of which open {left}, rate {rate}", original=original, left=left, rate=rate.replace(".", point)
    )


def others_noted(made: Attachment, notes: Mapping[str, str]) -> dict[str, str]:
    """The notes on documents that are not among the open items, in order of document."""
    open_ = set(made.items.select(pl.col("document")).to_series())
    return {document: text for document, text in sorted(notes.items()) if text and document not in open_}
