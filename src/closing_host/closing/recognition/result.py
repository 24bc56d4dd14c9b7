"""What recognition is told beside entries and ledger, and what it answers (P 7.6.5)."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from closing_host.api.ledger import Finding, ObjectRef
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.closing.entries import ClosingEntry, Status

Place = tuple[str, str]
"""Series and number."""

RowContent = tuple[str | None, int | None, tuple[ObjectRef, ...]]
"""What makes two rows the same: account, öre (debit positive), objects in order of dimension and code."""

Outcome = Literal["excluded", "changed", "missing", "double", "unsure", "in-source", "open", "untouched"]
"""`in-source`: the source has it and the books shown do not. `open`: nobody could tell. `untouched`: nothing of it
was seen, and nothing was expected."""

_WITH_PLACES: Final = frozenset({Status.EXCLUDED, Status.CHANGED, Status.DOUBLE})
_PLACE: Final = r"(?:[^ ,]+ )?[^ ,]*[0-9][^ ,]*"
_PLACES: Final = re.compile(f"{_PLACE}(?:, {_PLACE})*")  # the other reasons are message codes, without digits


@dataclass(frozen=True, slots=True)
class Look:
    """The source's answer to which vouchers carry the entries' markers, by entry id.

    `complete`: the ids of the entries that were looked for to the last page, so that not finding one means that it is
    not there. An entry that is not among them has not been asked about, or without a whole answer.
    """

    found: Mapping[int, tuple[VoucherRecord, ...]] = field(default_factory=dict)
    complete: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """A voucher of the imported books. `rows`: its booked rows."""

    key: int
    series: str
    number: str
    date: date | None
    text: str
    rows: tuple[DraftRow, ...]

    @property
    def place(self) -> Place:
        """Series and number."""
        return self.series, self.number


@dataclass(frozen=True, slots=True)
class Difference:
    """How the voucher in the books differs from what was sent: rows `gone` and rows `added`; dates and texts as
    (sent, now), None where they are the same."""

    gone: tuple[DraftRow, ...] = ()
    added: tuple[DraftRow, ...] = ()
    dates: tuple[date, date | None] | None = None
    texts: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """One entry against the books. `entry` is as it was before; `status`, `seen` and `place` (None: as it was) are
    what follows, `reason` goes with the status.

    `vouchers`: those of the books that are its own. `findings` tell it in codes; the gravest is an error for what is
    booked twice, a warning for what is changed, missing or not to be told.
    """

    entry: ClosingEntry
    outcome: Outcome
    status: Status
    seen: bool
    place: Place | None = None
    reason: str = ""
    vouchers: tuple[Shown, ...] = ()
    difference: Difference | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether there is anything to store."""
        entry, at = self.entry, self.entry.transferred
        moved = self.place is not None and (at is None or (at.series, at.number) != self.place)
        state = (self.status, self.seen, self.reason) != (entry.status, entry.seen, entry.reason)
        shown = self.outcome in ("excluded", "changed")
        return state or moved or (shown and at is not None and at.changed != (self.outcome == "changed"))

    @property
    def counts(self) -> bool:
        """Whether the entry is part of the balances afterwards (P 7.5.4)."""
        return replace(self.entry, status=self.status, seen=self.seen).counts

    @property
    def told(self) -> bool:
        """Whether the user is told: what has changed, what nobody could tell, and each time what wants a decision."""
        return self.moves or self.outcome == "open" or any(each.severity != "info" for each in self.findings)


def content_of(rows: Iterable[DraftRow]) -> Counter[RowContent]:
    """The rows without their order and texts."""
    return Counter((row.account, row.amount, tuple(sorted(row.objects))) for row in rows)


def difference_of(entry: ClosingEntry, shown: Shown) -> Difference | None:
    """How `shown` differs from what was sent; None when date and rows are the same (the text may differ)."""
    sent, now = content_of(entry.content.rows), content_of(shown.rows)
    if sent == now and shown.date == entry.content.date:
        return None
    text = entry.draft.text
    return Difference(
        gone=_rows(sent - now),
        added=_rows(now - sent),
        dates=None if shown.date == entry.content.date else (entry.content.date, shown.date),
        texts=None if shown.text == text else (text, shown.text),
    )


def spelled_places(places: Collection[Place]) -> str:
    """`I 14, I 15`: what a double entry, or one that a person has accepted as it is, keeps as its reason."""
    return ", ".join(" ".join(each).strip() for each in sorted(places))


def listed_places(entry: ClosingEntry) -> frozenset[Place]:
    """The places in the reason of an entry that was double; none when it says something else."""
    if entry.status not in _WITH_PLACES or not _PLACES.fullmatch(entry.reason):
        return frozenset()
    pairs = (each.rpartition(" ") for each in entry.reason.split(", "))
    return frozenset((series, number) for series, _, number in pairs)


def accepted(entry: ClosingEntry) -> frozenset[Place]:
    """The places of which a person has said that the books may stay as they are."""
    return frozenset() if entry.status is Status.DOUBLE else listed_places(entry)


def _rows(content: Counter[RowContent]) -> tuple[DraftRow, ...]:
    return tuple(DraftRow(account or "", amount or 0, objects) for account, amount, objects in content.elements())
