"""Closing entries as pages show them: state in words with its colour, what to do next, what may be done, links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from closing_host.closing.entries import EDITABLE, UNSETTLED, YEAR_END, ClosingEntry, Status
from closing_host.closing.recognition import listed_places
from closing_host.locale import Words
from closing_host.web.entry_desk import EntryDesk

NEXT: Final[Mapping[str, str]] = {
    "draft": "It counts nowhere yet. Complete it and save it.",
    "ready": "It counts in the balances and goes with the next export.",
    "not-for-transfer": "It counts here and is never sent. Book it in {source} yourself if it belongs there.",
    "sending": "It is being sent to {source}.",
    "transferred": "{source} has it. It counts here until an import shows it: import from {source}.",
    "unknown": (
        "The answer was lost. The program looks in {source} before anything is sent again. Do not book it by hand."
    ),
    "failed": "{source} refused it and booked nothing. Change it, or what {source} objects to; then export again.",
    "excluded": "The imported books hold it, so it is not counted again. If it is wrong, make a correction.",
    "missing": "The imported books lack it, so it counts here. Export it again, or mark it as not for transfer.",
    "changed": "{source} holds it changed, and what stands there counts. Compare, and correct it there or here.",
    "double": "{source} holds it more than once, or it is not sure. Look there, then decide.",
    "deleted": "It counts nowhere and its number stays taken. It can be restored.",
}
"""What to do next in each state. `entry-next-…` says the same for the command line."""

COLOURS: Final[Mapping[str, str]] = {
    "draft": "idle",
    "ready": "warn",
    "not-for-transfer": "idle",
    "sending": "warn",
    "transferred": "ok",
    "unknown": "bad",
    "failed": "bad",
    "excluded": "ok",
    "missing": "bad",
    "changed": "bad",
    "double": "bad",
    "deleted": "idle",
}

RELATIONS: Final[Mapping[str, str]] = {
    "reverses": "reverses {entry}",
    "corrects": "corrects {entry}",
    "reversed by": "reversed by {entry}",
    "corrected by": "corrected by {entry}",
}

TITLES: Final[Mapping[str, str]] = {
    "reverses": "Reverses",
    "corrects": "Corrects",
    "reversed by": "Reversed by",
    "corrected by": "Corrected by",
}

ORIGINS: Final[Mapping[str, str]] = {
    "difference": "Difference on account {account}",
    "attachment": "Proposal of an attachment",
    "check": "A voucher that was booked too often",
    "rule": "A rule",
    "reversal": "Reversal",
    "correction": "Correction",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Another entry that belongs to it. `relation`: "reverses", "corrects", "reversed by" or "corrected by"."""

    relation: str
    entry: ClosingEntry


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry and what may be done with it. `may`: names of what may be done."""

    entry: ClosingEntry
    status: str
    colour: str
    next: str
    period: str
    debit: int
    booked: str
    reason: str
    links: tuple[Link, ...]
    may: frozenset[str]


def line_of(desk: EntryDesk, entry: ClosingEntry, words: Words, source: str) -> EntryLine:
    """The entry in words. `source`: the source's name."""
    period = entry.content.period
    return EntryLine(
        entry,
        words.message(f"entry-status-{entry.status}", {"source": source}),
        COLOURS[entry.status],
        words.text(NEXT[entry.status], source=source),
        words.text("Year end") if period == YEAR_END else period,
        sum(row.amount for row in entry.content.rows if row.amount > 0),
        _booked(entry, words),
        _reason(entry, words, source),
        _links(desk, entry),
        _may(desk, entry),
    )


def _booked(entry: ClosingEntry, words: Words) -> str:
    if entry.transferred is None:
        return ""
    return f"{entry.transferred.series} {entry.transferred.number}".strip() or words.text("by file")


def _reason(entry: ClosingEntry, words: Words, source: str) -> str:
    """Why it stands so: the user's own words, the vouchers of a double one, or what the source objected to."""
    if places := listed_places(entry):
        return ", ".join(sorted(f"{series} {number}".strip() for series, number in places))
    if not entry.reason or entry.status is Status.NOT_FOR_TRANSFER:
        return entry.reason
    return words.message(entry.reason, {"entry": entry.label, "source": source})


def _links(desk: EntryDesk, entry: ClosingEntry) -> tuple[Link, ...]:
    links = []
    if (original := desk.original(entry)) is not None:
        links.append(Link("reverses" if entry.origin.kind == "reversal" else "corrects", original))
    if (made := desk.reversal(entry)) is not None:
        links.append(Link("reversed by", made))
    if (made := desk.correction(entry)) is not None:
        links.append(Link("corrected by", made))
    return tuple(links)


def _may(desk: EntryDesk, entry: ClosingEntry) -> frozenset[str]:
    """What the use cases allow in this state; they decide, this only keeps pages from offering what they refuse."""
    status, places = entry.status, listed_places(entry)
    original = desk.original(entry) if entry.origin.kind == "reversal" else None
    follows = original is not None and original.status in EDITABLE | {Status.DELETED}
    own = entry.kind == "V" and not follows
    editable = status in EDITABLE
    year_end = entry.content.period == YEAR_END
    booked = status in (Status.TRANSFERRED, Status.EXCLUDED, Status.CHANGED)
    double = status is Status.DOUBLE
    allowed = {
        "edit": own and editable,
        "delete": own and editable,
        "restore": own and status is Status.DELETED,
        "correct": booked and desk.correction(entry) is None,
        "not-for-transfer": (editable and status is not Status.NOT_FOR_TRANSFER and year_end and not follows)
        or status is Status.MISSING,
        "again": status is Status.MISSING or (double and len(places) < 2),
        "accept": double and bool(places) and entry.transferred is not None,
        "reverse": double and len(places) > 1 and entry.transferred is not None,
        "export": status in (Status.READY, Status.FAILED),
        "follow": status in UNSETTLED,
    }
    return frozenset(name for name, can in allowed.items() if can)


def relation(words: Words, link: Link) -> str:
    """`återför V1`."""
    return words.text(RELATIONS[link.relation], entry=link.entry.label)


def relation_title(words: Words, link: Link) -> str:
    """`Återför`, as a field's name."""
    return words.text(TITLES[link.relation])


def origin(words: Words, entry: ClosingEntry) -> str:
    """What the entry was made from, unless it was made by hand."""
    return words.text(ORIGINS[entry.origin.kind], account=entry.origin.subject)
