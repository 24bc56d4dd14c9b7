"""Settling lost answers before imported books are counted (P 7.5.4): what is on the way is asked for first."""

import asyncio
from dataclasses import dataclass
from datetime import date

from closing_host.api.errors import ClosingError
from closing_host.sources.pace import Sleep
from closing_host.storage.audit import Actor
from closing_host.storage.journal import Journal
from closing_host.storage.journal_records import ACTIVE, ON_THE_WAY, Batch, JournalVoucher, VoucherState
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting import rest
from closing_host.transfers.exporting.desk import Desk, new_owner, take_batch
from closing_host.transfers.exporting.look import can_look
from closing_host.transfers.exporting.readback import read_back
from closing_host.transfers.exporting.views import VoucherView, batch_view


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the vouchers that were on the way: those whose outcome is known now, and those whose is not.

    An unknown one goes on counting in the balances; a voucher that carries its marker would have been found.
    """

    known: tuple[VoucherView, ...] = ()
    unknown: tuple[VoucherView, ...] = ()


async def settle(
    store: Store,
    opened: OpenConnection,
    engagement_id: int,
    year_start: date,
    actor: Actor,
    *,
    sleep: Sleep = asyncio.sleep,
    run_id: str | None = None,
) -> Settled:
    """Ask the source for every voucher of the year that is on the way.

    The caller holds the year's run, so nobody else exports; a lease that a dead exporter left is taken from it. What
    is found is booked at once; what is not found counts as absent only after the waiting period. The source's errors
    do not come out: the outcome stays unknown then.
    """
    known: list[VoucherView] = []
    unknown: list[VoucherView] = []
    for batch in _under_way(store, engagement_id, year_start):
        desk = take_batch(store, actor, batch, sleep=sleep, owner=new_owner(), run_id=run_id, force=True)
        assert desk is not None
        asked = [each.id for each in desk.read()[1] if each.state is VoucherState.AMBIGUOUS]
        for voucher_id in asked:
            await _ask(desk, opened, desk.voucher(voucher_id))
        view = batch_view(*_left_waiting(desk))
        by_entry = {each.entry_id: each for each in view.vouchers}
        for voucher in map(desk.voucher, asked):
            (unknown if voucher.state is VoucherState.AMBIGUOUS else known).append(by_entry[voucher.entry_id])
    return Settled(tuple(known), tuple(unknown))


def _under_way(store: Store, engagement_id: int, year_start: date) -> list[Batch]:
    with store.database.read() as connection:
        journal = Journal(connection, engagement_id)
        return [
            each
            for each in journal.batches(year_start)
            if each.state in ACTIVE and any(one.state in ON_THE_WAY for one in journal.vouchers(each.id))
        ]


async def _ask(desk: Desk, opened: OpenConnection, voucher: JournalVoucher) -> None:
    if not can_look(opened):
        return
    try:
        await read_back(desk, opened, desk.read()[0], voucher)
    except ClosingError:  # the voucher stays as unknown as it was, and its batch looks again by itself
        return


def _left_waiting(desk: Desk) -> tuple[Batch, tuple[JournalVoucher, ...]]:
    """Give the batch up again: it goes on at its next look."""
    batch, vouchers = desk.read()
    until = [each.not_before for each in vouchers if each.state is VoucherState.AMBIGUOUS and each.not_before]
    rest.wait(desk, max([desk.store.clock(), *until]), failed=batch.failed_looks)
    return desk.read()
