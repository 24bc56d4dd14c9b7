"""The closing entries of a period as a document: what was booked besides the import, and where (P 7.5)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from closing_host.closing.entries import ClosingEntry
from closing_host.closing.recognition import listed_places
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.report import Column, Line, Report, Table
from closing_host.locale import Words


def entries_report(
    words: Words, entries: Sequence[ClosingEntry], names: Mapping[str, str], source: str, imprint: PeriodImprint
) -> Report:
    """Each entry with its rows. `names`: account to its name; `source`: what the data source is called."""
    account, name, text, debit, credit = words.texts("Account", "Name", "Text", "Debit", "Credit")
    texts = (Column(account), Column(name, share=3), Column(text, share=3))
    columns = (*texts, Column(debit, right=True), Column(credit, right=True))
    lines = [line for each in entries for line in _entry(words, each, names, source)]
    lead = "" if entries else words.text("There are no closing entries in this period.")
    table = Table(words.text("Closing entries"), columns, tuple(lines), lead=lead)
    return imprint.report(words, entries_kind(words), (table,), wide=False)


def entries_kind(words: Words) -> str:
    """*Bokslutsverifikationer*."""
    return words.text("Closing entries")


def _entry(words: Words, entry: ClosingEntry, names: Mapping[str, str], source: str) -> Iterator[Line]:
    status = words.message(f"entry-status-{entry.status}", {"source": source})
    places = set(listed_places(entry))
    if (place := entry.transferred) is not None:
        places.add((place.series, place.number))
    booked = ", ".join(f"{series} {number}".strip() for series, number in sorted(places))
    reason = entry.reason if entry.status == "not-for-transfer" else ""
    said = (f"{entry.label}  {entry.content.date}  {entry.content.text}", status, booked, reason)
    yield Line("group", (" · ".join(each for each in said if each),))
    for row in entry.content.rows:
        debit, credit = (row.amount, None) if row.amount >= 0 else (None, -row.amount)
        amounts = (words.amount(debit), words.amount(credit))
        yield Line("row", (row.account, names.get(row.account, ""), row.text, *amounts))
    made = f"{entry.created_by}, {entry.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield Line("note", (f"{words.text('Made by')} {made}",))
