"""Checks of the entry itself: E01, E02, E10, E13, E15, E16. They need nothing of the source but its text limits."""

from collections.abc import Iterator
from typing import Final

from closing_host.api.money import decimal_from_ore
from closing_host.api.vouchers import ExportTerms
from closing_host.closing.entries import BOOKED, EXPORTABLE, UNSETTLED, ClosingEntry
from closing_host.closing.preflight.result import PreflightFacts, PreflightFinding

TEXT_LIMIT: Final = 200
"""Characters of the whole text, number included, where the source states no limit (P 7.6.4)."""

ROW_TEXT_LIMIT: Final = 100
"""Characters of a row's text; the terms have no place for it, and the narrowest known source takes so many."""

MOST_ACCOUNTS: Final = 5
"""Accounts that a finding names."""

_REFUSED: Final = "·"


def unbalanced(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E01: debit and credit differ."""
    if total := sum(row.amount for row in entry.content.rows):
        yield _error("e01-unbalanced", entry, amount=decimal_from_ore(total))


def too_few_rows(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E02: fewer than two rows, or a row of zero."""
    rows = entry.content.rows
    if len(rows) < 2:
        yield _error("e02-too-few-rows", entry, count=len(rows))
    for number, row in enumerate(rows, 1):
        if row.amount == 0:
            yield _error("e02-zero-row", entry, number, account=row.account)


def wrong_text(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E10: no text, a text that is too long with its number, characters that cannot be sent, no room for the marker."""
    text = entry.draft.text
    limit = (terms and terms.text_limit) or TEXT_LIMIT
    if not entry.content.text.strip():
        yield _error("e10-no-text", entry)
    if len(text) > limit:
        yield _error("e10-text-too-long", entry, length=len(text), limit=limit)
    if wrong := unsendable(entry.content.text):
        yield _error("e10-text-characters", entry, characters=spelled(wrong), source=facts.source)
    for number, row in enumerate(entry.content.rows, 1):
        if len(row.text) > ROW_TEXT_LIMIT:
            yield _error("e10-row-text-too-long", entry, number, length=len(row.text), limit=ROW_TEXT_LIMIT)
        if wrong := unsendable(row.text):
            yield _error("e10-row-text-characters", entry, number, characters=spelled(wrong), source=facts.source)
    if terms and terms.comment_limit is not None and len(entry.marker) > terms.comment_limit:
        yield _error("e10-no-room-for-marker", entry, limit=terms.comment_limit, source=facts.source)


def transferred(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E13: the entry's status says that it has been sent or shall not be, or the source has its marker."""
    at = entry.transferred
    if entry.status in BOOKED:
        voucher = f"{at.series} {at.number}".strip() if at else ""
        yield _error("e13-transferred" if voucher else "e13-transferred-by-file", entry, voucher=voucher)
        return
    if entry.status in UNSETTLED:
        yield _error("e13-on-the-way", entry, source=facts.source)
        return
    if entry.status not in EXPORTABLE:
        yield _error("e13-not-for-export", entry)
        return
    match (facts.found or {}).get(entry.id, ()):
        case ():
            pass
        case (one,):
            # Not an error: the export looks before it sends, adopts the voucher and sends nothing.
            place = {"voucher": f"{one.series} {one.number}", "source": facts.source}
            yield PreflightFinding("e13-found", "warning", {"entry": entry.label, **place}, entry.id)
        case several:
            vouchers = ", ".join(f"{each.series} {each.number}" for each in several)
            yield _error("e13-found-twice", entry, vouchers=vouchers, source=facts.source)


def changed_after(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E15: signed-off accounts of the entry's period have moved, so the entry may build on figures that were."""
    if accounts := (facts.changed or {}).get(entry.content.period, ()):
        more = len(accounts) - MOST_ACCOUNTS
        named = [*accounts[:MOST_ACCOUNTS], *(["…"] if more > 0 else [])]
        parameters = {"entry": entry.label, "count": len(accounts), "accounts": ", ".join(named)}
        yield PreflightFinding("e15-changed-after-done", "warning", parameters, entry.id)


def out_of_date(entry: ClosingEntry, terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E16: a system entry is not what its rule wants by now."""
    if entry.id in facts.outdated:
        yield PreflightFinding("e16-out-of-date", "warning", {"entry": entry.label}, entry.id)


def unsendable(text: str) -> tuple[str, ...]:
    """What in `text` no source is sure to take, each once, in order: beyond Latin-1, unprintable, `·` and `://`."""
    wrong = [mark for mark in text if ord(mark) > 255 or not mark.isprintable() or mark in _REFUSED]
    if "://" in text:
        wrong.append("://")
    return tuple(dict.fromkeys(wrong))


def spelled(wrong: tuple[str, ...]) -> str:
    """Characters to read: `“–” (U+2013)`, and only the number of what has no picture."""
    return ", ".join(_spelled(each) for each in wrong)


def _spelled(each: str) -> str:
    if len(each) > 1:
        return f"“{each}”"
    point = f"U+{ord(each):04X}"
    return f"“{each}” ({point})" if each.isprintable() else point


def _error(code: str, entry: ClosingEntry, row: int | None = None, **parameters: object) -> PreflightFinding:
    place = {"entry": entry.label} if row is None else {"entry": entry.label, "row": row}
    return PreflightFinding(code, "error", {**place, **parameters}, entry.id, row)
