"""The export journal's records and states, and between which of these a voucher may move (T 3a)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import RowMapping

from closing_host.api.ledger import FinancialYear


class BatchState(StrEnum):
    """Where a batch stands. The values are stored.

    FROZEN: approved, nobody has begun. RUNNING: somebody works on it, or died over it. WAITING: for the instant of
    the next look. COMPLETED: all is booked. STOPPED: at the first failure; what was not sent is free again.
    NEEDS_HUMAN: something is booked twice, or nobody can tell.
    """

    FROZEN = "FROZEN"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    NEEDS_HUMAN = "NEEDS_HUMAN"


ACTIVE: Final = frozenset({BatchState.FROZEN, BatchState.RUNNING, BatchState.WAITING})
"""One of these at a time for each company and year."""


class VoucherState(StrEnum):
    """Where a voucher stands. The values are stored."""

    PREPARED = "PREPARED"
    SENDING = "SENDING"
    AMBIGUOUS = "AMBIGUOUS"
    READBACK = "READBACK"
    CONFIRMED = "CONFIRMED"
    CONFIRMED_MODIFIED = "CONFIRMED_MODIFIED"
    REJECTED = "REJECTED"
    CONFLICT = "CONFLICT"
    NOT_SENT = "NOT_SENT"


_FOUND: Final = frozenset({VoucherState.CONFIRMED, VoucherState.CONFIRMED_MODIFIED, VoucherState.CONFLICT})

MOVES: Final[Mapping[VoucherState, frozenset[VoucherState]]] = {
    VoucherState.PREPARED: _FOUND | {VoucherState.SENDING, VoucherState.NOT_SENT},
    VoucherState.SENDING: frozenset(
        {VoucherState.CONFIRMED, VoucherState.REJECTED, VoucherState.PREPARED, VoucherState.AMBIGUOUS}
    ),
    VoucherState.AMBIGUOUS: frozenset({VoucherState.READBACK}),
    VoucherState.READBACK: _FOUND | {VoucherState.PREPARED, VoucherState.AMBIGUOUS},
    VoucherState.CONFIRMED: frozenset({VoucherState.CONFLICT}),
    VoucherState.CONFIRMED_MODIFIED: frozenset({VoucherState.CONFLICT}),
    VoucherState.REJECTED: _FOUND,  # a final look found what had been called refused
    VoucherState.NOT_SENT: _FOUND,
    VoucherState.CONFLICT: frozenset(),
}
"""From a state to which; whatever is not here is a fault of ours."""

BOOKED: Final = frozenset({VoucherState.CONFIRMED, VoucherState.CONFIRMED_MODIFIED})

ON_THE_WAY: Final = frozenset({VoucherState.SENDING, VoucherState.AMBIGUOUS, VoucherState.READBACK})
"""What must be known before the batch can rest."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One approval. Columns: see `export_tables`."""

    id: int
    approval: str
    engagement_id: int
    year_start: date
    year_end: date
    year_id: str
    source_id: str
    account_id: str
    organisation_number: str
    searched: tuple[str, ...]
    high_water: Mapping[str, int | None]
    payload_sha: str
    approved_by: str
    approved_at: datetime
    state: BatchState
    reason: str
    reason_parameters: Mapping[str, str]
    reason_detail: str
    ended_at: datetime | None
    unknown_at: datetime | None
    sweeps: int
    failed_looks: int
    next_look: datetime | None
    lease_owner: str | None
    lease_until: datetime | None
    lease_epoch: int

    @property
    def year(self) -> FinancialYear:
        """The financial year as the source knows it."""
        return FinancialYear(0, self.year_start, self.year_end, self.year_id)

    @property
    def active(self) -> bool:
        """Whether it stands in the way of another of the same company and year."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class JournalVoucher:
    """One voucher of a batch. Columns: see `export_tables`."""

    id: int
    batch_id: int
    position: int
    entry_id: int
    label: str
    marker: str
    series: str
    payload: str
    payload_sha: str
    state: VoucherState
    attempts: int
    not_before: datetime | None
    claimed: bool
    reason: str
    reason_parameters: Mapping[str, str]
    reason_detail: str
    booked_series: str
    booked_number: str
    evidence: str
    difference: Mapping[str, Any] | None
    found: tuple[Mapping[str, Any], ...]
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt. `outcome`: "" while it is under way or its process died, else the voucher's state after it."""

    voucher_id: int
    attempt: int
    owner: str
    lease_epoch: int
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    reason: str
    detail: str


BATCH_FIELDS: Final = tuple(field.name for field in fields(Batch))
VOUCHER_FIELDS: Final = tuple(field.name for field in fields(JournalVoucher))


def batch_of(row: RowMapping) -> Batch:
    """The record of a row of `export_batch`."""
    values = {name: row[name] for name in BATCH_FIELDS}
    return Batch(**{**values, "state": BatchState(row["state"]), "searched": tuple(row["searched"])})


def voucher_of(row: RowMapping) -> JournalVoucher:
    """The record of a row of `export_voucher`."""
    values = {name: row[name] for name in VOUCHER_FIELDS}
    return JournalVoucher(**{**values, "state": VoucherState(row["state"]), "found": tuple(row["found"])})
