"""Which periods of a year are signed off, and by which import: locked ones, and those whose accounts were all *Klar*.

A sign-off holds for what was there then: an account that only a later import brought does not undo it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl

from closing_host.closing.effect import movements
from closing_host.closing.entries import Status
from closing_host.closing.period_balances import balance_figures, period_figures
from closing_host.closing.periods import Period
from closing_host.closing.recognition import Place
from closing_host.closing.returned_entries import places_of
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.periods import YearPeriod, YearPeriods, year_periods
from closing_host.engagements.reconciling import Keep, figures_of_period, now
from closing_host.storage.account_records import AccountRecords, KeptRecord
from closing_host.storage.periods import PeriodRecords

UNREAD: Final = ("rows.objects", "rows.date", "rows.quantity", "rows.signature", "rows.line", "rows.text")
"""What figures need nothing of, which is most of what reading a ledger costs."""


@dataclass(frozen=True, slots=True)
class SignedPeriod:
    """A period that is *Låst*, or whose accounts were all *Klar*. `snapshot_id`: the import that was shown then."""

    period: YearPeriod
    snapshot_id: int
    at: datetime


def any_signed(host: Host, engagement_id: int, year_start: date) -> bool:
    """Whether anything of the year is locked or signed off at all; reads no books."""
    with host.store.database.read() as connection:
        if any(each.holds for each in PeriodRecords(connection, engagement_id, year_start).locks()):
            return True
        records = AccountRecords(connection, engagement_id, year_start).all()
    return any(each.record.signed for of in records.values() for each in of.values())


def signed_periods(
    host: Host, books: EffectiveBooks, *, locked_only: bool = False, keep: Keep = now
) -> tuple[SignedPeriod, ...]:
    """The signed-off periods of the year of `books`, in order. `locked_only`: without those that are not locked."""
    snapshot = books.books.snapshot
    periods = year_periods(host, snapshot.engagement_id, snapshot)
    records: dict[str, dict[str, KeptRecord]] = {}
    if not locked_only:
        with host.store.database.read() as connection:
            records = AccountRecords(connection, snapshot.engagement_id, snapshot.year_start).all()
    found = []
    for each in periods.periods:
        if each.lock is not None:
            found.append(SignedPeriod(each, each.lock.snapshot_id, each.lock.locked_at))
        elif (signed := _signed(host, books, periods, each, records.get(each.key, {}), keep)) is not None:
            found.append(signed)
    return tuple(found)


def own_places(books: EffectiveBooks) -> frozenset[Place]:
    """Where closing entries came back just as they are: vouchers that are no news."""
    unchanged = (each for each in books.returned if each.status is Status.EXCLUDED)
    return frozenset(place for each in unchanged for place in places_of(each))


def _signed(
    host: Host,
    books: EffectiveBooks,
    periods: YearPeriods,
    period: YearPeriod,
    records: dict[str, KeptRecord],
    keep: Keep,
) -> SignedPeriod | None:
    """The period as signed off by its last *Klar*, when no account that it had then was left."""
    done = {account: each for account, each in records.items() if each.record.signed}
    moments = [
        (each.record.signed.at, each.snapshot_id) for each in done.values() if each.record.signed and each.snapshot_id
    ]
    if not moments:
        return None
    at, snapshot_id = max(moments)
    left = _accounts(balance_figures(figures_of_period(host, books, periods, period.key, keep))) - done.keys()
    if left and snapshot_id != books.books.snapshot.id:
        left &= _accounts_then(host, books, period.period, snapshot_id, keep)
    return None if left else SignedPeriod(period, snapshot_id, at)


def _accounts_then(host: Host, books: EffectiveBooks, period: Period, snapshot_id: int, keep: Keep) -> frozenset[str]:
    """The accounts that the books of that import had in the period."""

    def made() -> frozenset[str]:
        ledger = host.store.snapshots.load(books.books.engagement.id, snapshot_id, without=UNREAD)
        return frozenset(_accounts(balance_figures(period_figures(ledger, movements(()), period))))

    return keep(("accounts-then", snapshot_id, period), made, lambda found: 100 * len(found))


def _accounts(figures: pl.DataFrame) -> set[str]:
    return set(figures["account"])
