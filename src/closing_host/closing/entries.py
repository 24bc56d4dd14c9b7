"""Closing entries (*bokslutsverifikationer*, V by the user and S by the program): the record and its states (P 7.5)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from closing_host.api.vouchers import DraftRow, VoucherDraft

Kind = Literal["V", "S"]
"""V: *manuell verifikation*, made by the user. S: *systemverifikation*, made by a rule."""

YEAR_END: Final = "year-end"
"""The period *Årsavslut*; every other period is the calendar month of the entry's date, `2025-12`."""


class Status(StrEnum):
    """Where an entry stands (P 7.5.5). The values are stored: never rename one."""

    DRAFT = "draft"  # Utkast: may be unbalanced
    READY = "ready"  # Ej överförd
    NOT_FOR_TRANSFER = "not-for-transfer"  # Ej aktuell för överföring, with a reason; year-end only
    SENDING = "sending"  # Överförs
    TRANSFERRED = "transferred"  # Överförd
    UNKNOWN = "unknown"  # Oklar: the answer was lost
    FAILED = "failed"  # Misslyckad: the source refused it
    EXCLUDED = "excluded"  # Överförd - exkluderad: an import shows it, so the ledger has it
    MISSING = "missing"  # Överförd - saknas i källan
    CHANGED = "changed"  # Överförd - ändrad i källan
    DOUBLE = "double"  # Dubbelbokad: the source holds it more than once, or it is unsure; a person decides
    DELETED = "deleted"  # Borttagen


EDITABLE: Final = frozenset({Status.DRAFT, Status.READY, Status.FAILED, Status.NOT_FOR_TRANSFER})
"""What may be edited or deleted; anything that was transferred is corrected by another entry."""

EXPORTABLE: Final = frozenset({Status.READY, Status.FAILED})
"""What an export takes."""

UNSETTLED: Final = frozenset({Status.SENDING, Status.UNKNOWN})
"""On the way: the source must be asked before anything else is done with it."""

BOOKED: Final = frozenset({Status.TRANSFERRED, Status.EXCLUDED, Status.MISSING, Status.CHANGED, Status.DOUBLE})
"""Known to have been booked once."""

Party = Literal["user", "export", "import"]
"""Who moves an entry: a person; the export, which also settles lost answers; an import that shows the books."""

_S = Status
_CLOSED: Final = frozenset({_S.READY, _S.FAILED, _S.NOT_FOR_TRANSFER})
_LOOKED_UP: Final = frozenset({_S.TRANSFERRED, _S.DOUBLE})  # what a look into the source may find of any entry
_SEEN: Final = frozenset({_S.EXCLUDED, _S.CHANGED, _S.DOUBLE})  # what imported books may show of any entry
_RECOGNISED: Final = _SEEN | {_S.MISSING, _S.TRANSFERRED}  # and of one that was booked; older books may lack it again
_SETTLED: Final = _LOOKED_UP | {_S.READY, _S.FAILED}

TRANSITIONS: Final[Mapping[Status, Mapping[Party, frozenset[Status]]]] = {
    # Not on the way. A person works on it; the export takes it, or learns that an earlier sending came through after
    # all; the books may show it, because a file went round the program or a late answer came.
    _S.DRAFT: {"user": _CLOSED - {_S.FAILED} | {_S.DELETED}, "export": _LOOKED_UP, "import": _SEEN},
    _S.READY: {
        "user": frozenset({_S.DRAFT, _S.NOT_FOR_TRANSFER, _S.TRANSFERRED, _S.DELETED}),
        "export": _LOOKED_UP | {_S.SENDING},
        "import": _SEEN,
    },
    _S.FAILED: {
        "user": frozenset({_S.DRAFT, _S.READY, _S.NOT_FOR_TRANSFER, _S.TRANSFERRED, _S.DELETED}),
        "export": _LOOKED_UP | {_S.SENDING},
        "import": _SEEN,
    },
    _S.NOT_FOR_TRANSFER: {
        "user": frozenset({_S.DRAFT, _S.READY, _S.DELETED}),
        "export": _LOOKED_UP,
        "import": _SEEN,
    },
    _S.DELETED: {"user": frozenset({_S.DRAFT, _S.READY}), "export": _LOOKED_UP, "import": _SEEN},
    # On the way: nobody but the export may say how it ended, or books that have it.
    _S.SENDING: {"export": _SETTLED | {_S.UNKNOWN}},
    _S.UNKNOWN: {"export": _SETTLED | {_S.UNKNOWN, _S.SENDING}, "import": _SEEN},
    # Booked: never edited. A person sends what is missing again or lets it be, and decides about what is double.
    _S.TRANSFERRED: {"export": _LOOKED_UP, "import": _RECOGNISED},
    _S.EXCLUDED: {"export": _LOOKED_UP - {_S.TRANSFERRED}, "import": _RECOGNISED},
    _S.CHANGED: {"export": _LOOKED_UP - {_S.TRANSFERRED}, "import": _RECOGNISED},
    _S.MISSING: {
        "user": frozenset({_S.READY, _S.NOT_FOR_TRANSFER}),
        "export": _LOOKED_UP,
        "import": _RECOGNISED,
    },
    _S.DOUBLE: {
        # Never to a state that counts beside the vouchers that the books may hold; READY is for what is not there.
        "user": frozenset({_S.READY, _S.EXCLUDED}),
        "export": _LOOKED_UP,
        "import": _RECOGNISED,
    },
}
"""From a state, by whom, to which states. What is not here is refused. A state that names itself may get new facts:
another number, another voucher seen."""

_COUNTED: Final = frozenset(
    {Status.READY, Status.NOT_FOR_TRANSFER, Status.FAILED, Status.TRANSFERRED, Status.MISSING} | UNSETTLED
)


@dataclass(frozen=True, slots=True)
class Transferred:
    """Where the source booked the entry. `series` and `number` are "" when it went by a file.

    `evidence`: "answer" (the source's reply), "found" (a look by marker), "file" (the user marked it), "import"
    (recognised in imported books). `changed`: the source's voucher differs from what was sent.
    """

    series: str
    number: str
    at: datetime
    by: str
    evidence: Literal["answer", "found", "file", "import"]
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """What the entry was made from: `kind` "hand", "difference" (of the account `subject`), "attachment", "check",
    "rule", "reversal" or "correction" (of the entry whose id is `subject`)."""

    kind: Literal["hand", "difference", "attachment", "check", "rule", "reversal", "correction"] = "hand"
    subject: str = ""


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What the user states of an entry. Rows: öre, debit positive. `period`: `YEAR_END`, or the month of `date`.

    `reversed_next`: *Återförs nästa period*, a mirror entry dated the first day of the next period.
    """

    date: date
    text: str
    rows: tuple[DraftRow, ...]
    period: str
    reversed_next: bool = False


@dataclass(frozen=True, slots=True)
class ClosingEntry:
    """One closing entry of an engagement's financial year.

    `number` runs per company, financial year and kind and is never reused; `send` is 1, and one more after each
    *Exportera igen*, which also gives a new `marker` ("BK" and 16 base32 characters). `reason` goes with
    NOT_FOR_TRANSFER (the user's words) and FAILED (a message code). `seen`: an import has shown at least one voucher
    of it. `version` counts the changes of the record.
    """

    id: int
    engagement_id: int
    year_start: date
    kind: Kind
    number: int
    send: int
    marker: str
    content: EntryContent
    origin: Origin
    status: Status
    reason: str
    transferred: Transferred | None
    seen: bool
    created_at: datetime
    created_by: str
    version: int

    @property
    def label(self) -> str:
        """`V1`, and `V1-2` when it is sent for the second time."""
        return f"{self.kind}{self.number}" + (f"-{self.send}" if self.send > 1 else "")

    @property
    def counts(self) -> bool:
        """Whether it is part of the balances: all but what the ledger has itself, or nobody wants yet (P 7.5.4)."""
        return self.status in _COUNTED or (self.status is Status.DOUBLE and not self.seen)

    @property
    def draft(self) -> VoucherDraft:
        """The voucher to send: its text begins with the label."""
        content = self.content
        return VoucherDraft(self.marker, content.date, f"{self.label} {content.text}", content.rows)


def month_of(day: date) -> str:
    """The period of an entry dated `day`, when it is not `YEAR_END`: `2025-12`."""
    return f"{day:%Y-%m}"


def first_day_after(period: str, year_end: date) -> date:
    """The first day of the period that follows: where a reversal is dated."""
    if period == YEAR_END:
        return date.fromordinal(year_end.toordinal() + 1)
    year, month = (int(part) for part in period.split("-"))
    last = date(year, month, calendar.monthrange(year, month)[1])
    return date.fromordinal(last.toordinal() + 1)


def may_move(before: Status, after: Status, by: Party) -> bool:
    """Whether `by` may take an entry from one state to the other."""
    return after in TRANSITIONS[before].get(by, frozenset())
