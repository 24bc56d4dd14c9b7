"""The lists behind the attachments, all of one moment: invoices and payments of both sides, vouchers without rows.

Invoices and payments are read whole, whatever their age: an invoice of years ago may still be open, and Fortnox has
no list of what was open on a day (F 6.5). Nothing keeps people from working meanwhile, so at the end each list is asked
for what changed since the beginning; if that differs from what was read, everything is read anew.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from closing_host.api.errors import DataError
from closing_host.api.subledger import Side
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.models import VoucherSummary
from datasource_fortnox.paging import READINGS, Listing
from datasource_fortnox.subledger_models import Invoice, InvoicePayment

SIDES: Final[tuple[Side, ...]] = ("receivables", "payables")

_MARGIN: Final = timedelta(minutes=10)  # for clocks that differ (F 3.4)

T = TypeVar("T")
N = TypeVar("N", Invoice, InvoicePayment)


@dataclass(frozen=True, slots=True)
class SideLists:
    """One side's invoices and payments, whatever their state, by number."""

    invoices: Mapping[str, Invoice]
    payments: Mapping[str, InvoicePayment]


@dataclass(frozen=True, slots=True)
class Lists:
    """Both sides, and the vouchers of the years that were asked for."""

    sides: Mapping[Side, SideLists]
    vouchers: tuple[VoucherSummary, ...]


class SideCalls:
    """The calls of one side under common names; lists that are not whole are refused."""

    def __init__(self, fortnox: FortnoxClient, side: Side) -> None:
        self.side: Final = side
        self._fortnox = fortnox

    async def invoices(self, since: datetime | None = None) -> tuple[Invoice, ...]:
        """All invoices, or those changed since."""
        if self.side == "receivables":
            return whole(await self._fortnox.invoices(modified_since=since), "invoices", since)
        return whole(await self._fortnox.supplier_invoices(modified_since=since), "supplierinvoices", since)

    async def payments(self, since: datetime | None = None) -> tuple[InvoicePayment, ...]:
        """All payments, or those changed since."""
        if self.side == "receivables":
            return whole(await self._fortnox.invoice_payments(modified_since=since), "invoicepayments", since)
        listing = await self._fortnox.supplier_invoice_payments(modified_since=since)
        return whole(listing, "supplierinvoicepayments", since)

    async def invoice(self, number: str) -> Invoice:
        """One invoice."""
        if self.side == "receivables":
            return await self._fortnox.invoice(number)
        return await self._fortnox.supplier_invoice(number)

    async def payment(self, number: str) -> InvoicePayment:
        """One payment."""
        if self.side == "receivables":
            return await self._fortnox.invoice_payment(number)
        return await self._fortnox.supplier_invoice_payment(number)


async def read_lists(fortnox: FortnoxClient, years: tuple[int, ...], clock: Callable[[], datetime]) -> Lists:
    """Both sides' lists and the vouchers of `years` (ids).

    Raises `DataError("fortnox-list-unstable")` for a list that shifts under paging each time that it is read, and
    `DataError("fortnox-sub-ledger-moves")` when somebody changed invoices or payments during every reading.
    """
    calls = [SideCalls(fortnox, side) for side in SIDES]
    for _ in range(READINGS):
        begun = clock()
        lists = Lists(
            {
                each.side: SideLists(_numbered(await each.invoices()), _numbered(await each.payments()))
                for each in calls
            },
            tuple([voucher for year in years for voucher in whole(await fortnox.vouchers(year), "vouchers")]),
        )
        if not await _changed(calls, lists, begun):
            return lists
    raise DataError("fortnox-sub-ledger-moves", readings=READINGS)


async def _changed(calls: list[SideCalls], lists: Lists, begun: datetime) -> bool:
    # Fortnox wants Swedish wall time, one or two hours ahead of this. So more comes back than was asked for, which
    # does no harm: what counts is whether a record is another than the one that was read.
    since = (begun - _MARGIN).replace(tzinfo=None)
    for each in calls:
        read = lists.sides[each.side]
        if await _differ(read.invoices, each.invoices(since)) or await _differ(read.payments, each.payments(since)):
            return True
    return False


async def _differ(read: Mapping[str, N], changed: Awaitable[tuple[N, ...]]) -> bool:
    return any(read.get(each.number) != each for each in await changed)


def _numbered(records: tuple[N, ...]) -> dict[str, N]:
    return {each.number: each for each in records}


def whole(listing: Listing[T], resource: str, since: datetime | None = None) -> tuple[T, ...]:
    """The items of a list that is all of one moment; else `DataError("fortnox-list-unstable")`.

    What changed since a moment changes again while it is read; that is no reason to stop.
    """
    if not listing.complete and since is None:
        raise DataError("fortnox-list-unstable", resource=resource)
    return listing.items
