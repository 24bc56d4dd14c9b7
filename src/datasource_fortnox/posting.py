"""One voucher into Fortnox: sent once, and what became of it."""

import httpx

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError, DataError, SourceUnavailable
from closing_host.api.vouchers import Booked, NotApplied, Outcome, Rejected
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.posting_outcomes import Refusal, judged, not_sent
from datasource_fortnox.posting_records import drafted, recorded
from datasource_fortnox.posting_refusals import rejected
from datasource_fortnox.posting_years import start_of, year_id


async def book(fortnox: FortnoxClient, request: ExportRequest, *, marker_in_text: bool = False) -> Outcome:
    """Send the voucher in one call, its marker in the comment. Never again here, whatever comes of it.

    Whatever this raises means that the voucher may have been booked. `Booked` states the voucher as Fortnox
    answered, also when that is another one than was sent: the host compares.
    """
    voucher = drafted(request.series, request.voucher, marker_in_text=marker_in_text)
    if isinstance(voucher, Rejected):
        return voucher
    try:
        year = await year_id(fortnox, request.year)
    except DataError as error:
        return Rejected(error.code, error.detail, error.parameters)
    except ClosingError as error:
        return not_sent(error)
    try:
        answer = await fortnox.send_voucher(year, voucher)
    except ClosingError as error:
        return not_sent(error)
    except httpx.RequestError as error:
        raise SourceUnavailable("fortnox-answer-lost", detail=type(error).__name__) from error
    outcome = judged(answer)
    if isinstance(outcome, Refusal):
        return await rejected(fortnox, request, year, outcome)
    if isinstance(outcome, NotApplied):
        return outcome
    start = await start_of(fortnox, outcome.year, year, request.year)
    return Booked(recorded(outcome, start, (request.voucher.marker,)))
