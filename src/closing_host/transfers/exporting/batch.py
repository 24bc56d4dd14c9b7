"""One batch from approval to rest: look, send in order, stop at the first failure (T 3a, P 7.6.4).

Each piece of work begins by looking for what it is about to send, also when it takes over: the journal may be older
than the source's books, because a backup was restored (B21).
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime, timedelta

from closing_host.api.errors import CapabilityMissing, ClosingError, TemporaryError
from closing_host.storage.audit import restored_at
from closing_host.storage.journal_lease import LeaseLost
from closing_host.storage.journal_records import BOOKED, ON_THE_WAY, Batch, JournalVoucher, VoucherState
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting import rest, verdicts
from closing_host.transfers.exporting.company import refuse_other_company
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.limits import FIRST_PAUSE, LONGEST_PAUSE, MOST_SENDINGS
from closing_host.transfers.exporting.look import can_look, search_all, wanted
from closing_host.transfers.exporting.outcomes import Confirmed, Refused, Unknown
from closing_host.transfers.exporting.readback import inconclusive, read_back
from closing_host.transfers.exporting.sending import approved_request, send
from closing_host.transfers.exporting.sweeps import final_look, look_failed

Watch = Callable[[int, int], None]
Opening = Callable[[], AbstractAsyncContextManager[OpenConnection]]


async def drive(desk: Desk, opening: Opening, watch: Watch = lambda done, total: None) -> None:
    """Take the batch as far as it goes now: to rest, or to the instant at which it must wait.

    `opening` leads to the source; when it fails the batch waits, or stops if nothing of it is on the way.
    `watch(booked, of)` may raise to cancel. Whoever loses the lease stops in silence: the batch is in other hands.
    """
    try:
        async with AsyncExitStack() as stack:
            try:
                opened = await stack.enter_async_context(opening())
                refuse_other_company(desk.store, opened, desk.read()[0])
            except ClosingError as error:
                return _unreachable(desk, error)
            if desk.read()[0].active:
                await _work(desk, opened, watch)
            if not desk.read()[0].active:
                await final_look(desk, opened)
    except LeaseLost:
        return
    except asyncio.CancelledError:
        _break_off(desk)
        raise


def _unreachable(desk: Desk, problem: ClosingError) -> None:
    batch, vouchers = desk.read()
    on_the_way = any(each.state in ON_THE_WAY for each in vouchers)
    if not batch.active:
        look_failed(desk, batch, problem)
    elif on_the_way or isinstance(problem, TemporaryError):
        rest.wait_and_retry(desk, batch, problem)
    else:
        rest.stop(desk, problem)
        look_failed(desk, desk.read()[0], problem)


async def _work(desk: Desk, opened: OpenConnection, watch: Watch) -> None:
    looked = False
    while True:
        batch, vouchers = desk.read()
        watch(sum(each.state in BOOKED for each in vouchers), len(vouchers))
        unknown = next((each for each in vouchers if each.state is VoucherState.AMBIGUOUS), None)
        waiting = next((each for each in vouchers if each.state is VoucherState.PREPARED), None)
        if unknown is not None:
            if not await _resolve(desk, opened, batch, unknown):
                return
        elif waiting is None or any(each.state is VoucherState.CONFLICT for each in vouchers):
            return rest.stop(desk)
        elif not looked:
            if not await look_before_first_send(desk, opened, batch):
                return
            looked = True
        elif not await _send(desk, opened, batch, waiting):
            return


async def look_before_first_send(desk: Desk, opened: OpenConnection, batch: Batch) -> bool:
    """Adopt whatever of the batch the source has already. False when the batch stopped or waits instead (B21)."""
    now, quiet = desk.store.clock(), _quiet_until(desk)
    if quiet is not None and now < quiet:
        rest.wait(desk, quiet, TemporaryError("export-after-restore"))
        return False
    if not can_look(opened):
        return True
    _, vouchers = desk.read()
    unsent = [each for each in vouchers if each.state is VoucherState.PREPARED]
    try:
        sought = [(each, wanted(desk.store, batch, each)) for each in unsent]
        refuse_other_company(desk.store, opened, batch)
        markers = {marker for _, each in sought for marker in each.markers}
        records = await search_all(desk.store, opened, batch.year, batch.searched, markers)
    except TemporaryError as error:
        rest.wait_and_retry(desk, batch, error)
        return False
    except ClosingError as error:
        rest.stop(desk, error)
        return False
    for voucher, each in sought:
        found = each.among(records)
        if not found.by_marker:
            continue
        with desk.step("verdict") as step:
            step.journal.change(step.lease, unknown_at=step.now, sweeps=0)
            if found.kind == "several":
                verdicts.conflict(step, voucher, "export-booked-twice", found.vouchers)
            else:
                verdicts.booked(step, voucher, each.draft, found.vouchers[0], "found")
    return True


async def _resolve(desk: Desk, opened: OpenConnection, batch: Batch, voucher: JournalVoucher) -> bool:
    """Find out about an unknown outcome; False when the batch waits for that."""
    if not can_look(opened):
        if opened.source.info.idempotent:
            return await _send_again_idempotently(desk, voucher)
        rest.wait_and_retry(desk, batch, CapabilityMissing("export-not-offered", source=opened.source.info.name))
        return False
    now = desk.store.clock()
    if voucher.not_before is not None and now < voucher.not_before:
        rest.wait(desk, voucher.not_before)
        return False
    try:
        if await read_back(desk, opened, batch, voucher):
            return True
        problem: ClosingError = inconclusive()
    except LeaseLost:
        raise
    except ClosingError as error:
        problem = error
    rest.wait_and_retry(desk, batch, problem)
    return False


async def _send_again_idempotently(desk: Desk, voucher: JournalVoucher) -> bool:
    """A source that books the same voucher only once needs no look; after the last sending a person decides."""
    with desk.step("looking") as step:
        verdicts.looking(step, voucher)
    voucher = desk.voucher(voucher.id)
    with desk.step("verdict") as step:
        if voucher.attempts < MOST_SENDINGS:
            verdicts.absent(step, voucher, ())
        else:
            verdicts.conflict(step, voucher, "export-unsure", ())
    await desk.sleep(_pause(voucher, None).total_seconds())
    return True


async def _send(desk: Desk, opened: OpenConnection, batch: Batch, voucher: JournalVoucher) -> bool:
    """Send the next voucher; False when the batch stopped or waits."""
    if voucher.attempts >= MOST_SENDINGS:
        rest.stop(desk, ClosingError(voucher.reason or "export-attempts-used", detail=voucher.reason_detail))
        return False
    try:
        request = approved_request(desk.store, batch, voucher)
        refuse_other_company(desk.store, opened, batch)
    except ClosingError as error:
        rest.stop(desk, error)
        return False
    verdict = await send(desk, opened, voucher, request)
    match verdict:
        case Confirmed() | Unknown():
            return True
        case Refused(code, detail, parameters):
            rest.stop(desk, _told(code, detail, parameters))
            return False
        case _:
            sent = desk.voucher(voucher.id)
            pause = _pause(sent, verdict.retry_after)
            if sent.attempts >= MOST_SENDINGS or pause <= LONGEST_PAUSE:
                await desk.sleep(pause.total_seconds() if sent.attempts < MOST_SENDINGS else 0)
                return True
            rest.wait(desk, desk.store.clock() + pause, TemporaryError(verdict.code, detail=verdict.detail))
            return False


def _told(code: str, detail: str, parameters: Mapping[str, object]) -> ClosingError:
    return ClosingError(code, detail=detail, **{name: value for name, value in parameters.items() if name != "detail"})


def _pause(voucher: JournalVoucher, retry_after: float | None) -> timedelta:
    grown = FIRST_PAUSE * (1 << (voucher.attempts - 1))
    return max(grown, timedelta(seconds=retry_after or 0))


def _quiet_until(desk: Desk) -> datetime | None:
    """Until when nothing is sent because a backup was restored: what the lost journal had sent may still be booked."""
    with desk.store.database.read() as connection:
        at = restored_at(connection)
    return None if at is None else verdicts.waits_until(at)


def _break_off(desk: Desk) -> None:
    """The user stopped it between two vouchers: what was not sent is free again; an unknown outcome waits."""
    try:
        batch, vouchers = desk.read()
        unknown = next((each for each in vouchers if each.state in ON_THE_WAY), None)
        if not batch.active:
            return
        if unknown is not None:
            rest.wait(desk, unknown.not_before or desk.store.clock())
        else:
            problem = ClosingError("export-broken-off")
            rest.stop(desk, problem)
            look_failed(desk, desk.read()[0], problem)
    except LeaseLost:
        return
