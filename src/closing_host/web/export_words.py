"""How an export stands, in the words of the pages: codes and places as the use case states them, local clock time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.locale import Words
from closing_host.storage.journal_records import VoucherState
from closing_host.transfers.exporting.views import BatchView, VoucherView
from closing_host.transfers.exporting.words import Said, batch_says, voucher_says

BATCHES: Final[Mapping[str, str]] = {
    "export-batch-completed": "{booked} of {of} transferred to {source}.",
    "export-batch-completed-looking": (
        "{booked} of {of} transferred to {source}. An answer was lost on the way, so {source} is asked once more for "
        "doubles at {time}."
    ),
    "export-batch-stopped": "{booked} of {of} transferred to {source}. The export stopped at the first failure.",
    "export-batch-needs-human": "{booked} of {of} transferred to {source}. Something there must be decided by you.",
    "export-batch-waiting": "{booked} of {of} transferred to {source}. It goes on by itself at {time}.",
    "export-batch-running": "{booked} of {of} transferred to {source}. The export is at work.",
    "export-batch-to-resume": "{booked} of {of} transferred to {source}. It goes on by itself in a moment.",
}
"""`batch_says` in the words of a page, where nobody types a command: the program goes on by itself."""

STATES: Final[Mapping[VoucherState, tuple[str, str]]] = {
    VoucherState.PREPARED: ("entry-status-ready", "idle"),
    VoucherState.SENDING: ("entry-status-sending", "warn"),
    VoucherState.AMBIGUOUS: ("entry-status-unknown", "bad"),
    VoucherState.READBACK: ("entry-status-unknown", "bad"),
    VoucherState.CONFIRMED: ("entry-status-transferred", "ok"),
    VoucherState.CONFIRMED_MODIFIED: ("entry-status-transferred", "warn"),
    VoucherState.REJECTED: ("entry-status-failed", "bad"),
    VoucherState.CONFLICT: ("entry-status-double", "bad"),
    VoucherState.NOT_SENT: ("entry-status-ready", "idle"),
}
"""The state in the words of the entry that it belongs to, and its colour."""


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One voucher. `said`: what to tell of it; `differs`: what the source has otherwise, each in words."""

    voucher: VoucherView
    state: str
    colour: str
    said: str
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One export. `said`: the whole; `reason`: why it stopped or waits, unless one of its vouchers says that."""

    batch: BatchView
    source: str
    said: str
    reason: str
    vouchers: tuple[VoucherLine, ...]


def settling(batch: BatchView, now: datetime) -> bool:
    """Whether it may look otherwise in a moment: under way, or at its look for doubles."""
    return batch.active or (batch.next_look is not None and batch.next_look <= now)


def batch_line(batch: BatchView, words: Words, source: str, now: datetime) -> BatchLine:
    """The export in words. `source`: the source's name."""
    # The look that follows every export is due at once; only one that is still to come tells of a lost answer.
    told_of = replace(batch, next_look=None) if not batch.active and settling(batch, now) else batch
    code, places = batch_says(told_of, source)
    reason = ""
    if batch.reason and all(each.reason != batch.reason for each in batch.vouchers):
        told: dict[str, object] = {"source": source, **batch.parameters}
        reason = words.error(ClosingError(batch.reason, detail=batch.detail, **told))
    vouchers = tuple(_voucher_line(each, words, source) for each in batch.vouchers)
    return BatchLine(batch, source, words.text(BATCHES[code], **_local(places, words)), reason, vouchers)


def _voucher_line(voucher: VoucherView, words: Words, source: str) -> VoucherLine:
    state, colour = STATES[voucher.state]
    said = _said(voucher_says(voucher, source), words)
    if voucher.detail and voucher.state is VoucherState.REJECTED:
        said = f"{said} ({voucher.detail})"
    return VoucherLine(voucher, words.message(state, {"source": source}), colour, said, _differs(voucher, words))


def _differs(voucher: VoucherView, words: Words) -> tuple[str, ...]:
    difference = voucher.difference or {}
    told = []
    if "date" in difference:
        sent, found = difference["date"]
        told.append(words.text("Dated {found}, not {sent}.", found=found, sent=sent))
    for account, amount, *_ in difference.get("missing", ()):
        told.append(words.text("Not there: {account} {amount}", account=account, amount=words.amount(amount)))
    for account, amount, *_ in difference.get("added", ()):
        told.append(words.text("There instead: {account} {amount}", account=account, amount=words.amount(amount)))
    return tuple(told)


def _said(said: Said, words: Words) -> str:
    code, places = said
    return words.message(code, _local(places, words))


def _local(places: Mapping[str, object], words: Words) -> dict[str, object]:
    return {name: words.instant(each) if isinstance(each, datetime) else each for name, each in places.items()}
