"""What a source's answer to one sending means for the journal (T 3a step 6). Pure.

There are four ways and no fifth: booked and stated back as it was sent; refused; certainly not applied; unknown.
Whatever was raised is unknown, whoever raised it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import Booked, NotApplied, Outcome, Rejected, VoucherRecord
from closing_host.transfers.exporting.matching import carries, difference


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The source booked exactly this voucher; series and number are its own."""

    voucher: VoucherRecord


@dataclass(frozen=True, slots=True)
class Refused:
    """The source refused the voucher; nothing was booked. `code`: of the source's catalogue."""

    code: str
    detail: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotBooked:
    """Nothing reached the books. `retry_after`: seconds, when stated."""

    code: str
    detail: str = ""
    retry_after: float | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows. `claimed`: the source said "booked", but stated another voucher."""

    code: str
    detail: str = ""
    claimed: bool = False
    parameters: Mapping[str, object] = field(default_factory=dict)


Verdict = Confirmed | Refused | NotBooked | Unknown


def judged(answer: Outcome | BaseException, request: ExportRequest) -> Verdict:
    """The meaning of what came back."""
    match answer:
        case Booked(voucher):
            return Confirmed(voucher) if states(voucher, request) else Unknown("export-other-voucher", claimed=True)
        case Rejected(code, detail, parameters):
            return Refused(code, detail, parameters)
        case NotApplied(code, detail, retry_after, parameters):
            return NotBooked(code, detail, retry_after, parameters)
        case ClosingError():
            return Unknown(answer.code, answer.detail, parameters=answer.parameters)
        case TimeoutError():
            return Unknown("export-no-answer")
        case asyncio.CancelledError():
            return Unknown("export-broken-off")
        case _:
            return Unknown("export-no-answer", type(answer).__name__)


def states(voucher: VoucherRecord, request: ExportRequest) -> bool:
    """Whether the answer is about the voucher that was sent: year, series, a number, marker, date and rows."""
    place = (voucher.year_start, voucher.series) == (request.year.start, request.series)
    marked = carries(voucher, request.voucher.marker)
    return bool(voucher.number) and place and marked and difference(request.voucher, voucher) is None
