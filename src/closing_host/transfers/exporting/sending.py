"""Sending one voucher, once: written down before the first byte, judged by where it failed (T 3a steps 4-6)."""

import asyncio

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import Outcome
from closing_host.sources.context import running_context
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal_records import Batch, JournalVoucher
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting import verdicts
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.limits import CLIENT_DEADLINE
from closing_host.transfers.exporting.outcomes import Confirmed, NotBooked, Refused, Unknown, Verdict, judged
from closing_host.transfers.exporting.payload import Recipient, digest, frozen, thawed


def approved_request(store: Store, batch: Batch, voucher: JournalVoucher) -> ExportRequest:
    """What is about to be sent, if it is what was approved (G3).

    The hash is computed anew from the request itself, and the entry must still say the same. Raises `ClosingError`
    `export-payload-changed` or `export-entry-changed`.
    """
    request = thawed(voucher.payload, voucher.label)
    recipient = Recipient(batch.source_id, batch.account_id, batch.organisation_number)
    if {digest(voucher.payload), digest(frozen(recipient, request))} != {voucher.payload_sha}:
        raise ClosingError("export-payload-changed", entry=voucher.label)
    with store.database.read() as connection:
        entry = EntryRecords(connection, batch.engagement_id).get(voucher.entry_id)
    if entry.draft != request.voucher:
        raise ClosingError("export-entry-changed", entry=voucher.label)
    return request


async def send(desk: Desk, opened: OpenConnection, voucher: JournalVoucher, request: ExportRequest) -> Verdict:
    """Send the voucher and write down what came of it.

    Raises `LeaseLost` and what the database raises: the voucher is then to be looked for by whoever comes next. What
    ended the work itself while it was sent (a cancellation) is raised after the outcome has been stored as unknown.
    """
    with desk.step("sending") as step:
        verdicts.sending(step, voucher)
    voucher = desk.voucher(voucher.id)
    crashpoint("export.before_send")
    if not desk.may_send():  # it stalled since: another may be about to take over
        verdict: Verdict = NotBooked("export-stalled")
        record(desk, voucher, verdict, request)
        return verdict
    answer = await attempt(desk, opened, request)
    crashpoint("export.after_send")
    verdict = judged(answer, request)
    record(desk, voucher, verdict, request)
    _pass_on(answer)
    return verdict


async def attempt(desk: Desk, opened: OpenConnection, request: ExportRequest) -> Outcome | BaseException:
    """Call the source's hook once, within the deadline. Whatever escapes from it is an answer too."""
    store = desk.store
    opened.http.guard = desk.guard
    try:
        with running_context(opened.source.id, http=opened.http, clock=store.clock, inside=store.folder.tmp) as context:
            async with asyncio.timeout(CLIENT_DEADLINE.total_seconds()):
                return await opened.source.export_voucher(request, opened.connection, context)
    except BaseException as error:
        return error
    finally:
        opened.http.guard = None


def _pass_on(answer: Outcome | BaseException) -> None:
    """A cancellation goes on to whoever cancelled; errors have become verdicts."""
    if isinstance(answer, BaseException) and not isinstance(answer, Exception):
        raise answer


def record(desk: Desk, voucher: JournalVoucher, verdict: Verdict, request: ExportRequest) -> None:
    """Write the verdict down. Raises `LeaseLost` when somebody has taken the batch over: then it is theirs to find."""
    with desk.step("outcome") as step:
        match verdict:
            case Confirmed(found):
                verdicts.booked(step, voucher, request.voucher, found, "answer")
            case Refused(code, detail, parameters):
                verdicts.refused(step, voucher, code, detail, parameters)
            case NotBooked(code, detail, _, parameters):
                verdicts.not_booked(step, voucher, code, detail, parameters)
            case Unknown(code, detail, claimed, parameters):
                verdicts.unknown(step, voucher, code, detail, parameters, claimed=claimed)
