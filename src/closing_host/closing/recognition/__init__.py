"""Recognition (P 7.6.5): which closing entries the imported books hold, so that nothing is counted twice or lost.

Pure: the books, the entries and what the source answered come in; what follows for each entry comes out. Storing it
is `engagements.recognising`.
"""

from collections.abc import Collection
from datetime import date

from closing_host.api.ledger import Ledger
from closing_host.closing.entries import BOOKED, ClosingEntry, Status
from closing_host.closing.recognition.books import books_of
from closing_host.closing.recognition.claims import claims_of
from closing_host.closing.recognition.judging import judged
from closing_host.closing.recognition.result import (
    Difference,
    Look,
    Outcome,
    Place,
    Recognised,
    Shown,
    accepted,
    content_of,
    difference_of,
    listed_places,
    spelled_places,
)

__all__ = [
    "Difference",
    "Look",
    "Outcome",
    "Place",
    "Recognised",
    "Shown",
    "accepted",
    "content_of",
    "listed_places",
    "recognise",
    "spelled_places",
    "to_look_for",
]


def recognise(
    entries: Collection[ClosingEntry], ledger: Ledger, look: Look | None = None, *, as_of: date | None = None
) -> tuple[Recognised, ...]:
    """What the books `ledger` say of each entry of their year, in the order of `entries`.

    `look`: what the source answered; None when there is nobody to ask (a file, an earlier import shown again).
    `as_of`: the day whose books a file shows; without it a file's silence proves nothing.

    Raises `AssertionError` when an entry would count beside its own voucher or be lost from the balances.
    """
    books = books_of(ledger, entries, look)
    claims = claims_of(entries, books, look)
    recognised = tuple(judged(entry, claims[entry.id], books, look, as_of) for entry in entries)
    for each in recognised:
        _represented_once(each)
    return recognised


def to_look_for(entries: Collection[ClosingEntry], ledger: Ledger) -> dict[int, frozenset[str]]:
    """What the books do not settle alone: entry id to the series to ask for its markers.

    Everything booked that is not exactly as sent under its number or has a look-alike beside it, and what was never
    sent when a voucher has its label (a restored backup has forgotten the sending).
    """
    books = books_of(ledger, entries, None)
    claims = claims_of(entries, books, None)
    wanted: dict[int, frozenset[str]] = {}
    for entry in entries:
        claim, at = claims[entry.id], entry.transferred
        hints = claim.lookalikes if entry.status in BOOKED else claim.namesakes
        series = {each.series for each in (*claim.shown, *hints)} | ({at.series} if at else set())
        as_sent = any(difference_of(entry, each) is None for each in claim.shown) and not claim.by_text
        settled = entry.status not in BOOKED or (as_sent and entry.status is not Status.DOUBLE)
        if hints or not (settled or (at and at.evidence == "file")):
            wanted[entry.id] = frozenset(series - {""})
    return wanted


def _represented_once(each: Recognised) -> None:
    """P 7.5.4: afterwards an entry is in the balances once, by itself or by its voucher, whose rows are its own unless
    the books were changed and win. What is double is left out."""
    if each.status is Status.DOUBLE or each.outcome == "untouched":
        return
    by_voucher = [shown for shown in each.vouchers if shown.place == each.place]
    assert each.counts != bool(by_voucher), f"{each.entry.label} is counted twice or lost"
    if each.status is Status.EXCLUDED:
        assert content_of(by_voucher[0].rows) == content_of(each.entry.content.rows), f"{each.entry.label} differs"
