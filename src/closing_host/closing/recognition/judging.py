"""What follows for one entry from what was found of it (P 7.6.5)."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from closing_host.api.ledger import Finding
from closing_host.closing.entries import BOOKED, ClosingEntry, Status
from closing_host.closing.recognition.books import Books
from closing_host.closing.recognition.claims import Claim
from closing_host.closing.recognition.result import (
    Look,
    Outcome,
    Place,
    Recognised,
    Shown,
    accepted,
    difference_of,
    listed_places,
    spelled_places,
)

_IN_BOOKS: Final = frozenset({Status.EXCLUDED, Status.CHANGED})


def judged(entry: ClosingEntry, claim: Claim, books: Books, look: Look | None, as_of: date | None) -> Recognised:
    """The entry's new state and what to say of it. `look` and `as_of` as in `recognise`."""
    asked = look is not None and entry.id in look.complete
    if entry.status is Status.SENDING:
        return _untouched(entry, claim)
    known = accepted(entry)
    if len(claim.places) > 1 and not claim.places <= known:
        return _double(entry, claim)
    marked = look is not None and bool(look.found.get(entry.id))
    if entry.status is Status.DOUBLE and not (asked and marked):  # a number alone does not undo a doubt
        return _still_double(entry, claim, asked=asked)
    if claim.shown:
        return _in_books(entry, claim, known)
    if claim.places:
        return _in_source(entry, claim)
    if entry.status not in BOOKED:
        return _untouched(entry, claim)
    if claim.number_taken is not None:
        return _unsure(entry, claim.number_taken) if asked else _number_taken(entry, claim.number_taken)
    if not books.has_vouchers:
        return _untouched(entry, claim)
    return _absent(entry, certain=asked or (look is None and _tells(entry, books, as_of)))


def _in_books(entry: ClosingEntry, claim: Claim, known: frozenset[Place]) -> Recognised:
    """The books have it: excluded, or changed with the difference. The place is adopted when it is another."""
    at = entry.transferred
    own = (at.series, at.number) if at else None
    shown = next((each for each in claim.shown if each.place == own), claim.shown[0])
    difference = difference_of(entry, shown)
    status = Status.CHANGED if difference else Status.EXCLUDED
    where: dict[str, object] = {"entry": entry.label, "voucher": _spelled(shown.place)}
    findings = []
    if own and own[1] and own != shown.place:
        findings.append(Finding("recognised-renumbered", "info", parameters={**where, "before": _spelled(own)}))
    if difference is not None:
        findings.append(Finding("recognised-changed", "warning", parameters=where))
    elif entry.status is Status.MISSING:
        findings.append(Finding("recognised-back", "info", parameters=where))
    elif entry.status not in BOOKED:
        findings.append(Finding("recognised-after-all", "warning", parameters=where))
    else:
        findings.append(Finding("recognised-excluded", "info", parameters=where))
    findings += _lookalikes(entry, claim)
    return Recognised(
        entry,
        "changed" if difference else "excluded",
        status,
        seen=True,
        place=shown.place,
        reason=entry.reason if known else "",
        vouchers=tuple(claim.shown),
        difference=difference,
        findings=tuple(findings),
    )


def _in_source(entry: ClosingEntry, claim: Claim) -> Recognised:
    """The source has it and the books shown do not: it goes on counting. What was not sent is left to the export."""
    (place,) = sorted(claim.places)[:1]
    if entry.status not in BOOKED:
        return _untouched(entry, claim)
    found = Finding("recognised-in-source", "info", parameters={"entry": entry.label, "voucher": _spelled(place)})
    return Recognised(entry, "in-source", Status.TRANSFERRED, seen=False, place=place, findings=(found,))


def _double(entry: ClosingEntry, claim: Claim) -> Recognised:
    vouchers = spelled_places(claim.places)
    found = Finding("recognised-double", "error", parameters={"entry": entry.label, "vouchers": vouchers})
    place = None if entry.transferred and entry.transferred.number else min(claim.places)
    return Recognised(
        entry,
        "double",
        Status.DOUBLE,
        seen=bool(claim.shown),
        place=place,
        reason=spelled_places(claim.places),
        vouchers=tuple(claim.shown),
        findings=(found,),
    )


def _still_double(entry: ClosingEntry, claim: Claim, *, asked: bool) -> Recognised:
    """A person has not decided yet, and nothing new was learnt; only whether the books show it."""
    found = Finding("recognised-undecided", "error", parameters={"entry": entry.label})
    outcome: Outcome = "unsure" if asked else "open"
    return Recognised(
        entry,
        outcome,
        Status.DOUBLE,
        seen=bool(claim.shown),
        reason=entry.reason if listed_places(entry) or not claim.places else spelled_places(claim.places),
        vouchers=tuple(claim.shown),
        findings=(found,),
    )


def _unsure(entry: ClosingEntry, other: Shown) -> Recognised:
    """Another voucher stands under its number, and the source knows none with its marker: gone, or altered beyond
    recognition (T B18). A person decides; whether it counts stays as it was."""
    where = {"entry": entry.label, "voucher": _spelled(other.place)}
    found = Finding("recognised-unsure", "error", parameters=where)
    return Recognised(
        entry,
        "unsure",
        Status.DOUBLE,
        seen=entry.status in _IN_BOOKS,
        reason=spelled_places([other.place]),
        vouchers=(other,),
        findings=(found,),
    )


def _number_taken(entry: ClosingEntry, other: Shown) -> Recognised:
    """The same, and nobody could be asked for the marker: it stays as it was."""
    where = {"entry": entry.label, "voucher": _spelled(other.place)}
    found = Finding("recognised-number-taken", "warning", parameters=where)
    return Recognised(entry, "untouched", entry.status, seen=entry.seen, reason=entry.reason, findings=(found,))


def _absent(entry: ClosingEntry, *, certain: bool) -> Recognised:
    """Not in the books. Missing only when that is certain; it counts in either case, since the books have it not."""
    at = entry.transferred
    where = {"entry": entry.label}
    if at is not None and at.number:
        where["entry"] = f"{entry.label} ({_spelled((at.series, at.number))})"
    if certain or entry.status is Status.MISSING:
        found = Finding("recognised-missing", "warning", parameters=where)
        return Recognised(entry, "missing", Status.MISSING, seen=False, findings=(found,))
    found = Finding("recognised-open", "info", parameters=where)
    return Recognised(entry, "open", Status.TRANSFERRED, seen=False, findings=(found,))


def _untouched(entry: ClosingEntry, claim: Claim) -> Recognised:
    return Recognised(
        entry,
        "untouched",
        entry.status,
        seen=entry.seen,
        reason=entry.reason,
        findings=tuple(_lookalikes(entry, claim)),
    )


def _lookalikes(entry: ClosingEntry, claim: Claim) -> Iterable[Finding]:
    """Vouchers that carry the label and the content, which nothing proves to be the entry's."""
    unknown = {each.place for each in claim.lookalikes} - accepted(entry)
    if unknown:
        vouchers = spelled_places(unknown)
        yield Finding("recognised-lookalike", "warning", parameters={"entry": entry.label, "vouchers": vouchers})


def _spelled(place: Place) -> str:
    return " ".join(place).strip()


def _tells(entry: ClosingEntry, books: Books, as_of: date | None) -> bool:
    """Whether the silence of a file says that the voucher is gone: it is newer than the transfer, and covers it."""
    at = entry.transferred
    covered = books.covered_until is None or books.covered_until >= entry.content.date
    return as_of is not None and at is not None and covered and at.at.date() < as_of
