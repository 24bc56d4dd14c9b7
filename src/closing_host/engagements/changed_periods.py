"""Signed-off periods whose vouchers or frozen figures are not what they were: *Låst period har ändrats* (P 7.2)."""

from dataclasses import dataclass, replace

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.closing.changed_since import (
    MOVED_FIGURES,
    ChangedVouchers,
    changed_vouchers,
    keys_of_days,
    moved_figures,
    nothing_changed,
    of_keys,
)
from closing_host.closing.periods import Period
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.periods import YearPeriod
from closing_host.engagements.reconciling import Keep, figures_at, now
from closing_host.engagements.signed_periods import SignedPeriod, own_places, signed_periods
from closing_host.storage.periods import PeriodRecords
from closing_host.storage.snapshot_records import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class PeriodChange:
    """A signed-off period that is not what it was. `vouchers`: those of its days. `figures`: the accounts that would
    close otherwise than was frozen, as `moved_figures`; of a period that is not locked these are `AccountChange`s."""

    period: YearPeriod
    since: Snapshot
    vouchers: ChangedVouchers
    figures: pl.DataFrame

    @property
    def locked(self) -> bool:
        """Whether the period is locked."""
        return self.period.lock is not None


def changed_periods(
    host: Host, books: EffectiveBooks, *, locked_only: bool = False, keep: Keep = now
) -> tuple[PeriodChange, ...]:
    """The signed-off periods of whose days a voucher is new, gone or changed, or whose frozen figures moved."""
    found = []
    for each in signed_periods(host, books, locked_only=locked_only, keep=keep):
        since = host.store.snapshots.get(books.books.engagement.id, each.snapshot_id)
        vouchers = _vouchers(host, books, since, each.period.period, keep)
        change = PeriodChange(each.period, since, vouchers, figures_since(host, books, each, keep=keep))
        if vouchers.count or change.figures.height:
            found.append(change)
    return tuple(found)


def _vouchers(host: Host, books: EffectiveBooks, since: Snapshot, period: Period, keep: Keep) -> ChangedVouchers:
    """What differs of the period's days; of two imports only those vouchers are read."""
    shown, own = books.books.snapshot, own_places(books)
    if since.fingerprint == shown.fingerprint:
        return nothing_changed()

    def made() -> ChangedVouchers:
        both = (since, shown)
        then = host.store.snapshots.scan(since.engagement_id, since.id, "vouchers").collect()
        vouchers = (then, books.books.ledger.vouchers)
        keys = keys_of_days(vouchers, period.start, period.end)
        a, b = (
            _part(host, books.books.ledger, snapshot, of_keys(frame, keys))
            for snapshot, frame in zip(both, vouchers, strict=True)
        )
        absent_a, absent_b = (_cannot_hold(host, each) for each in both)
        return changed_vouchers(a, b, period.start, period.end, own=own, absent_before=absent_a, absent_now=absent_b)

    key = ("changed-vouchers", since.id, period.start, period.end, tuple(sorted(own)))
    return keep(key, made, lambda found: found.size)


def _part(host: Host, like: Ledger, snapshot: Snapshot, vouchers: pl.DataFrame) -> Ledger:
    """A ledger of `vouchers` of the import and their rows alone."""
    rows = host.store.snapshots.scan(snapshot.engagement_id, snapshot.id, "rows")
    own = rows.filter(pl.col("voucher").is_in(vouchers["voucher"].implode())).collect()
    nothing = {table: frame.clear() for table, frame in like.tables.items()}
    return replace(like, **{**nothing, "vouchers": vouchers, "rows": own})  # type: ignore[arg-type]


def _cannot_hold(host: Host, snapshot: Snapshot) -> frozenset[str]:
    source = host.sources.sources.get(snapshot.source_id)
    return frozenset(source.info.cannot_hold) if source else frozenset()


def figures_since(host: Host, books: EffectiveBooks, signed: SignedPeriod, *, keep: Keep = now) -> pl.DataFrame:
    """The accounts that would close otherwise than was frozen; none for a period that is not locked."""
    snapshot, lock = books.books.snapshot, signed.period.lock
    if lock is None:
        return pl.DataFrame(schema=MOVED_FIGURES)

    def made() -> pl.DataFrame:
        with host.store.database.read() as connection:
            frozen = PeriodRecords(connection, snapshot.engagement_id, snapshot.year_start).figures(lock.id)
        return moved_figures(frozen, figures_at(books, signed.period.period))

    back = tuple((each.id, each.version) for each in books.returned)
    return keep(("moved-figures", lock.id, back), made, lambda found: int(found.estimated_size()))
