"""Writing down what is known of a voucher: journal, entry and audit event in the caller's one transaction (P 7.6.4).

| journal | entry |
|---|---|
| SENDING | *Överförs* |
| AMBIGUOUS, READBACK | *Oklar* |
| CONFIRMED, CONFIRMED_MODIFIED | *Överförd* |
| REJECTED | *Misslyckad* |
| CONFLICT | *Dubbelbokad* |
| PREPARED, NOT_SENT | *Ej överförd* |
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal

from closing_host.api.vouchers import VoucherDraft, VoucherRecord
from closing_host.closing.entries import Status, Transferred, may_move
from closing_host.storage.audit import Action
from closing_host.storage.journal import stated
from closing_host.storage.journal_records import JournalVoucher, VoucherState
from closing_host.transfers.connections import renewed_by_use
from closing_host.transfers.exporting.limits import CLIENT_DEADLINE, WAITING_PERIOD
from closing_host.transfers.exporting.matching import difference
from closing_host.transfers.exporting.payload import rows_of
from closing_host.transfers.exporting.steps import Step

Evidence = Literal["answer", "found"]

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
_NO_REASON: Final[dict[str, Any]] = {"reason": "", "reason_parameters": {}, "reason_detail": ""}


def sending(step: Step, voucher: JournalVoucher) -> None:
    """The voucher is about to be sent: committed before its first byte."""
    step.journal.begin_sending(step.lease, voucher, step.now)
    step.journal.move(step.lease, voucher, VoucherState.SENDING, attempts=voucher.attempts + 1, **_NO_REASON)
    _entry(step, voucher, Status.SENDING)
    step.tell(Action.EXPORT_SENDING, voucher, attempt=voucher.attempts + 1, series=voucher.series)


def booked(step: Step, voucher: JournalVoucher, draft: VoucherDraft, record: VoucherRecord, evidence: Evidence) -> None:
    """The source has exactly one voucher that is this one. One that this program sent renews the 30 days."""
    changed = difference(draft, record)
    state = VoucherState.CONFIRMED if changed is None else VoucherState.CONFIRMED_MODIFIED
    place = {"booked_series": record.series, "booked_number": record.number, "evidence": evidence}
    step.journal.move(
        step.lease, voucher, state, **place, **_NO_REASON, difference=changed, not_before=None, settled_at=step.now
    )
    if voucher.state is VoucherState.SENDING:
        step.journal.end_sending(voucher, state, step.now)
    by = step.journal.batch(voucher.batch_id).approved_by
    at = Transferred(record.series, record.number, step.now, by, evidence, changed is not None)
    _entry(step, voucher, Status.TRANSFERRED, transferred=at)
    step.tell(
        Action.EXPORT_BOOKED,
        voucher,
        series=record.series,
        number=record.number,
        evidence=evidence,
        changed=changed is not None,
    )
    if voucher.attempts:
        renewed_by_use(step.trail, step.journal.engagement_id, "export")


def refused(
    step: Step, voucher: JournalVoucher, code: str, detail: str = "", parameters: Mapping[str, object] = _NOTHING
) -> None:
    """The source refused it; nothing was booked."""
    reason = {"reason": code, "reason_parameters": stated(parameters), "reason_detail": detail}
    step.journal.move(step.lease, voucher, VoucherState.REJECTED, **reason, settled_at=step.now)
    step.journal.end_sending(voucher, VoucherState.REJECTED, step.now, reason=code)
    _entry(step, voucher, Status.FAILED, reason=code)
    step.tell(Action.EXPORT_REFUSED, voucher, reason=code)


def not_booked(
    step: Step, voucher: JournalVoucher, code: str, detail: str = "", parameters: Mapping[str, object] = _NOTHING
) -> None:
    """It certainly did not reach the books: it may be sent again."""
    reason = {"reason": code, "reason_parameters": stated(parameters), "reason_detail": detail}
    step.journal.move(step.lease, voucher, VoucherState.PREPARED, **reason)
    step.journal.end_sending(voucher, VoucherState.PREPARED, step.now, reason=code)
    _entry(step, voucher, Status.READY)
    step.tell(Action.EXPORT_NOT_SENT, voucher, reason=code)


def waits_until(now: datetime) -> datetime:
    """The first instant at which the absence of what was sent until now proves something."""
    return now + CLIENT_DEADLINE + WAITING_PERIOD


def unknown(
    step: Step,
    voucher: JournalVoucher,
    code: str,
    detail: str = "",
    parameters: Mapping[str, object] = _NOTHING,
    *,
    claimed: bool = False,
) -> None:
    """Nobody knows what became of it: nothing is done with it before it has been looked for."""
    reason = {"reason": code, "reason_parameters": stated(parameters), "reason_detail": detail}
    until = waits_until(step.now)
    step.journal.move(
        step.lease, voucher, VoucherState.AMBIGUOUS, **reason, not_before=until, claimed=voucher.claimed or claimed
    )
    step.journal.end_sending(voucher, VoucherState.AMBIGUOUS, step.now, reason=code)
    step.journal.change(step.lease, unknown_at=step.now, sweeps=0)
    _entry(step, voucher, Status.UNKNOWN)
    step.tell(Action.EXPORT_UNKNOWN, voucher, reason=code, not_before=until.isoformat(), claimed=claimed)


def looking(step: Step, voucher: JournalVoucher) -> None:
    """It is being looked for."""
    step.journal.move(step.lease, voucher, VoucherState.READBACK)
    step.tell(Action.EXPORT_LOOKING, voucher)


def still_unknown(step: Step, voucher: JournalVoucher, code: str) -> None:
    """The look said nothing: an error, or pages that moved. That is never an absence (B20)."""
    step.journal.move(step.lease, voucher, VoucherState.AMBIGUOUS)
    step.tell(Action.EXPORT_UNKNOWN, voucher, reason=code)


def absent(step: Step, voucher: JournalVoucher, totals: Iterable[int | None]) -> None:
    """Two reads after the waiting period agree that it is not there: it may be sent again."""
    step.journal.move(step.lease, voucher, VoucherState.PREPARED, not_before=None)
    _entry(step, voucher, Status.READY)
    step.tell(Action.EXPORT_ABSENT, voucher, totals=list(totals))


def conflict(step: Step, voucher: JournalVoucher, code: str, records: Iterable[VoucherRecord]) -> None:
    """It is there more than once, or nobody can tell: a person decides. Nothing is ever deleted."""
    found = sorted(records, key=lambda each: (each.series, _number(each.number)))
    step.journal.move(
        step.lease,
        voucher,
        VoucherState.CONFLICT,
        reason=code,
        reason_parameters={},
        reason_detail="",
        found=[record_json(each) for each in found],
        settled_at=step.now,
    )
    place = None
    if found:
        by = step.journal.batch(voucher.batch_id).approved_by
        place = Transferred(found[0].series, found[0].number, step.now, by, "found")
    _entry(step, voucher, Status.DOUBLE, reason=code, transferred=place)
    places = [f"{each.series} {each.number}" for each in found]
    step.tell(Action.EXPORT_CONFLICT, voucher, reason=code, found=places)


def not_sent(step: Step, voucher: JournalVoucher) -> None:
    """The batch stopped before it; the entry is free again."""
    step.journal.move(step.lease, voucher, VoucherState.NOT_SENT, settled_at=step.now)


def record_json(record: VoucherRecord) -> dict[str, Any]:
    """A found voucher as the journal keeps it."""
    return {
        "series": record.series,
        "number": record.number,
        "date": record.date.isoformat(),
        "rows": [rows_of(row) for row in record.rows],
    }


def _entry(
    step: Step, voucher: JournalVoucher, status: Status, *, reason: str = "", transferred: Transferred | None = None
) -> None:
    """Take the entry along, unless somebody knows more of it than the journal: a person, or imported books."""
    entry = step.entries.get(voucher.entry_id)
    if may_move(entry.status, status, "export"):
        step.entries.set_status(
            step.trail, entry.id, status, by="export", reason=reason, transferred=transferred, run_id=step.run_id
        )


def _number(text: str) -> tuple[int, str]:
    return (int(text) if text.isdigit() else 0, text)
