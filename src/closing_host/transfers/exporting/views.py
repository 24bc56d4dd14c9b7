"""A batch as the user sees it: what is booked, what is not and why, and when the next look is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from closing_host.closing.entries import EntryContent, month_of
from closing_host.storage.journal_lease import LEASE
from closing_host.storage.journal_records import ACTIVE, BOOKED, Batch, BatchState, JournalVoucher, VoucherState
from closing_host.transfers.exporting.payload import row_of


@dataclass(frozen=True, slots=True)
class VoucherView:
    """One voucher. `series`: where it goes; `booked`: series and number where it is booked, "" while that is unknown.

    `reason`, `parameters`, `detail`: why it is not booked, as message code, its places, and the source's own words.
    `next_look`: when an unknown outcome is looked up. `difference`: what the source's voucher has otherwise
    (`matching.difference`). `found`: every voucher that may be it, when a person must decide; `reversals`: the
    closing entries that would take back all but the first, to be added by whoever agrees.
    """

    entry_id: int
    label: str
    state: VoucherState
    series: str
    number: str
    booked_series: str
    evidence: str
    reason: str
    parameters: Mapping[str, str]
    detail: str
    attempts: int
    next_look: datetime | None
    difference: Mapping[str, Any] | None
    found: tuple[str, ...]
    reversals: tuple[EntryContent, ...]

    @property
    def booked(self) -> bool:
        """The source has it."""
        return self.state in BOOKED


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch with its vouchers in the order in which they are sent.

    `next_look`: when there is something to do: of a WAITING batch to go on, of one at rest a final look. `held_until`:
    somebody works on it, or died over it and it can be taken over then.
    """

    id: int
    engagement_id: int
    year_start: date
    year_end: date
    source_id: str
    state: BatchState
    approved_by: str
    approved_at: datetime
    reason: str
    parameters: Mapping[str, str]
    detail: str
    next_look: datetime | None
    held_until: datetime | None
    vouchers: tuple[VoucherView, ...]

    @property
    def booked(self) -> int:
        """How many the source has."""
        return sum(each.booked for each in self.vouchers)

    @property
    def active(self) -> bool:
        """Whether it is still under way."""
        return self.state in ACTIVE

    def due(self, now: datetime) -> bool:
        """Whether `resume` has something to do with it."""
        if self.held_until is not None and now < self.held_until <= now + LEASE:
            return False
        return self.state is BatchState.RUNNING or (self.next_look is not None and self.next_look <= now)


def batch_view(batch: Batch, vouchers: Sequence[JournalVoucher]) -> BatchView:
    """The view of a batch."""
    return BatchView(
        batch.id,
        batch.engagement_id,
        batch.year_start,
        batch.year_end,
        batch.source_id,
        batch.state,
        batch.approved_by,
        batch.approved_at,
        batch.reason,
        batch.reason_parameters,
        batch.reason_detail,
        batch.next_look,
        batch.lease_until,
        tuple(_voucher_view(batch, each) for each in vouchers),
    )


def _voucher_view(batch: Batch, voucher: JournalVoucher) -> VoucherView:
    open_ = voucher.state in (VoucherState.AMBIGUOUS, VoucherState.READBACK)
    return VoucherView(
        voucher.entry_id,
        voucher.label,
        voucher.state,
        voucher.series,
        voucher.booked_number,
        voucher.booked_series,
        voucher.evidence,
        voucher.reason,
        voucher.reason_parameters,
        voucher.reason_detail,
        voucher.attempts,
        (batch.next_look or voucher.not_before) if open_ else None,
        voucher.difference,
        tuple(f"{each['series']} {each['number']}" for each in voucher.found),
        tuple(reversal(each) for each in voucher.found[1:]) if voucher.reason == "export-booked-twice" else (),
    )


def reversal(found: Mapping[str, Any]) -> EntryContent:
    """The closing entry that takes a voucher back which the source has once too often: its rows with the sign turned,
    on its own day. A proposal: nothing is booked before somebody adds and exports it."""
    rows = tuple(replace(row, amount=-row.amount) for row in map(row_of, found["rows"]))
    day = date.fromisoformat(found["date"])
    return EntryContent(day, f"Rättelse av {found['series']} {found['number']}", rows, month_of(day))
