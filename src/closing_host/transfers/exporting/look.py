"""Looking for vouchers in the source: before the first sending, after an unknown outcome, and at the final looks.

An error while looking is never an absence, and neither is a reading that is not complete (B19, B20).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from closing_host.api.context import FindRequest
from closing_host.api.errors import TemporaryError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import FoundVouchers, VoucherDraft, VoucherRecord
from closing_host.sources.context import running_context
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_records import Batch, JournalVoucher
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting.desk import Desk
from closing_host.transfers.exporting.limits import READS_APART
from closing_host.transfers.exporting.matching import Match, Window, everywhere, match
from closing_host.transfers.exporting.payload import thawed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a voucher as it was approved, every marker that its entry ever had, and where one of it
    that lost its marker could be."""

    draft: VoucherDraft
    markers: tuple[str, ...]
    window: Window

    def among(self, records: Iterable[VoucherRecord]) -> Match:
        """Which of the records is it."""
        return match(self.draft, self.markers, records, self.window)

    def everywhere(self, records: Iterable[VoucherRecord]) -> tuple[VoucherRecord, ...]:
        """All of the records that are it."""
        return everywhere(self.draft, self.markers, records, self.window)


@dataclass(frozen=True, slots=True)
class Looked:
    """What two readings show. `certain`: the match counts. An absence does only when both readings were whole, lay
    far enough apart, and gave the same total."""

    match: Match
    certain: bool
    totals: tuple[int | None, ...] = ()


def can_look(opened: OpenConnection) -> bool:
    """Whether the source can be asked. One that cannot books the same voucher only once (`SourceInfo.idempotent`)."""
    return "find_vouchers" in opened.source.operations


def wanted(store: Store, batch: Batch, voucher: JournalVoucher) -> Wanted:
    """What to look for."""
    with store.database.read() as connection:
        taken = Journal(connection, batch.engagement_id).numbers(batch.year_start)
        markers = EntryRecords(connection, batch.engagement_id).markers((voucher.entry_id,))
    others = {place for place, entry_id in taken.items() if entry_id != voucher.entry_id}
    window = Window(voucher.series, batch.high_water.get(voucher.series) or 0, others)
    return Wanted(thawed(voucher.payload, voucher.label).voucher, markers[voucher.entry_id], window)


async def search(
    store: Store,
    opened: OpenConnection,
    year: FinancialYear,
    series: str,
    markers: Iterable[str],
    *,
    above: int | None = None,
) -> FoundVouchers:
    """One reading of one series. Raises what the source raises."""
    request = FindRequest(year, series, frozenset(markers), above=above)
    with running_context(opened.source.id, http=opened.http, clock=store.clock, inside=store.folder.tmp) as context:
        return await opened.source.find_vouchers(request, opened.connection, context)


async def search_all(
    store: Store, opened: OpenConnection, year: FinancialYear, series: Iterable[str], markers: Iterable[str]
) -> tuple[VoucherRecord, ...]:
    """Whatever carries one of the markers, in any of the series.

    Raises what the source raises, and `TemporaryError` `export-look-incomplete` when pages moved meanwhile.
    """
    sought = frozenset(markers)
    records: list[VoucherRecord] = []
    for each in sorted(set(series)):
        found = await search(store, opened, year, each, sought)
        if not found.complete:
            raise TemporaryError("export-look-incomplete", series=each)
        records += found.vouchers
    return tuple(records)


async def look_twice(desk: Desk, opened: OpenConnection, batch: Batch, voucher: JournalVoucher) -> Looked:
    """Look for a voucher whose outcome is unknown. Raises what the source raises."""
    sought = wanted(desk.store, batch, voucher)

    async def reading() -> tuple[Match, FoundVouchers]:
        found = await search(desk.store, opened, batch.year, voucher.series, sought.markers, above=sought.window.above)
        return sought.among(found.vouchers), found

    first, one = await reading()
    if first.kind != "absent":
        return Looked(first, certain=one.complete or first.by_marker)
    read_at = desk.store.clock()
    await desk.sleep(READS_APART.total_seconds())
    apart = desk.store.clock() - read_at >= READS_APART
    second, two = await reading()
    if second.kind != "absent":
        return Looked(second, certain=two.complete or second.by_marker)
    agree = one.complete and two.complete and one.total is not None and one.total == two.total
    return Looked(second, certain=apart and agree, totals=(one.total, two.total))
