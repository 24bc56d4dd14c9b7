"""How a batch and its vouchers stand, as message codes with their places: any language and any screen can show it."""

from collections.abc import Mapping

from closing_host.storage.journal_records import BatchState, VoucherState
from closing_host.transfers.exporting.views import BatchView, VoucherView

Said = tuple[str, Mapping[str, object]]
"""A message code and its places. `time` is a `datetime`: the caller shows it as local clock time."""


def voucher_says(voucher: VoucherView, source: str) -> Said:
    """What to tell of one voucher; `source` is the source's name."""
    places: dict[str, object] = {
        "entry": voucher.label,
        "source": source,
        "place": f"{voucher.booked_series} {voucher.number}",
        "found": ", ".join(voucher.found),
        "time": voucher.next_look,
    }
    match voucher.state:
        case VoucherState.REJECTED:
            return voucher.reason, {"source": source, **voucher.parameters}
        case VoucherState.CONFIRMED if voucher.evidence == "found":
            return "export-voucher-found", places
        case VoucherState.AMBIGUOUS | VoucherState.READBACK:
            return "export-voucher-unknown", places
        case VoucherState.CONFLICT:
            return f"export-voucher-{'twice' if voucher.reason == 'export-booked-twice' else 'unsure'}", places
        case _:
            return _VOUCHER[voucher.state], places


_VOUCHER: Mapping[VoucherState, str] = {
    VoucherState.PREPARED: "export-voucher-prepared",
    VoucherState.SENDING: "export-voucher-sending",
    VoucherState.CONFIRMED: "export-voucher-booked",
    VoucherState.CONFIRMED_MODIFIED: "export-voucher-changed",
    VoucherState.NOT_SENT: "export-voucher-not-sent",
}


def batch_says(batch: BatchView, source: str) -> Said:
    """What to tell of the whole: "3 of 5 transferred", and what comes next."""
    places: dict[str, object] = {
        "booked": batch.booked,
        "of": len(batch.vouchers),
        "source": source,
        "time": batch.next_look or batch.held_until,
        "by": batch.approved_by,
    }
    match batch.state:
        case BatchState.COMPLETED if batch.next_look is not None:
            return "export-batch-completed-looking", places
        case BatchState.COMPLETED:
            return "export-batch-completed", places
        case BatchState.STOPPED:
            return "export-batch-stopped", places
        case BatchState.NEEDS_HUMAN:
            return "export-batch-needs-human", places
        case BatchState.WAITING:
            return "export-batch-waiting", places
        case BatchState.RUNNING if batch.held_until is not None:
            return "export-batch-running", places
        case _:
            return "export-batch-to-resume", places
