"""*Resultatanalys*: the result accounts of a period beside the same period last year, and their sums (P 7.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.closing.effect import counted
from closing_host.closing.entries import month_of
from closing_host.closing.income_statement import AMOUNTS, group_of, same_period_before, statement
from closing_host.closing.period_balances import result_figures
from closing_host.closing.periods import Period
from closing_host.engagements.books import Books
from closing_host.engagements.effective import EffectiveBooks, effective
from closing_host.engagements.host import Host
from closing_host.engagements.periods import YearPeriod, year_periods
from closing_host.engagements.reconciling import Keep, figures_at, figures_of_period, now
from closing_host.ledgers.accounts import is_result_account
from closing_host.storage.engagements import Engagement
from closing_host.storage.entries import EntryRecords
from closing_host.storage.periods import LAST_YEAR, FrozenLastYear, PeriodRecords
from closing_host.storage.snapshot_records import Snapshot

Load = Callable[[Snapshot], Ledger]


@dataclass(frozen=True, slots=True)
class LastYear:
    """The days that a period is compared with, both included. `year_start`: what is summed up begins there."""

    year_start: date
    key: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, eq=False)
class ResultSheet:
    """Result accounts of a period. Öre, debit positive: revenue is negative.

    `frame`: `account`, `name`, `group` (a code of `income_statement.LINES`) and its `AMOUNTS`, sorted by account.
    `groups`: `income_statement.statement` of it. `last_year`: None when that year has no books or no such period; then
    `before` and `before_closing` are null.
    """

    engagement: Engagement
    snapshot: Snapshot
    period: YearPeriod
    last_year: LastYear | None
    frame: pl.DataFrame
    groups: pl.DataFrame

    @property
    def frozen(self) -> bool:
        """Whether the period is locked, so that the figures are those of its locking, last year's too."""
        return self.period.lock is not None


def result_of(
    host: Host, books: EffectiveBooks, key: str = "", *, keep: Keep = now, load: Load | None = None
) -> ResultSheet:
    """The sheet of books that are open; `key` "" is the current period. `load`: reads last year's ledger.

    Raises `DataError` `period-unknown`, `year-too-long`, `sum-too-large`, and what reading last year's books raises.
    """
    engagement, snapshot = books.books.engagement, books.books.snapshot
    periods = year_periods(host, engagement.id, snapshot)
    period = periods.find(key)
    figures = figures_of_period(host, books, periods, period.key, keep)
    then = _kept(host, snapshot, period) if period.lock else same_last_year(host, books, period.period, keep, load=load)
    accounts = result_figures(figures, None if then is None else then.figures.with_columns(used=pl.lit(True)))
    frame = accounts.select("account", "name", group_of().alias("group"), *AMOUNTS)
    last_year = None if then is None else _named(then, period.period)
    return ResultSheet(engagement, snapshot, period, last_year, frame, statement(frame))


def same_last_year(
    host: Host, books: EffectiveBooks, period: Period, keep: Keep = now, *, load: Load | None = None
) -> FrozenLastYear | None:
    """What the period is compared with as last year's books are now, in the form in which a lock keeps it. None when
    that year has no books or no such period. Raises what reading them raises."""
    engagement = books.books.engagement
    last = books.books.snapshot.year_start - timedelta(days=1)
    history = host.store.snapshots.history(engagement.id)
    snapshot = next((each for each in history if each.current and each.year_end == last), None)
    if snapshot is None:
        return None
    periods = year_periods(host, engagement.id, snapshot)
    same = same_period_before(tuple(each.period for each in periods.periods), period)
    if same is None:
        return None
    figures = _figures(host, engagement, snapshot, periods.find(same.key), keep, load)
    used = figures.filter(is_result_account() & pl.col("used")).select(*LAST_YEAR)
    return FrozenLastYear(snapshot.year_start, same.start, same.end, used)


def _kept(host: Host, snapshot: Snapshot, period: YearPeriod) -> FrozenLastYear | None:
    assert period.lock is not None
    with host.store.database.read() as connection:
        return PeriodRecords(connection, snapshot.engagement_id, snapshot.year_start).last_year(period.lock.id)


def _named(then: FrozenLastYear, of: Period) -> LastYear:
    return LastYear(then.year_start, of.key if of.is_year_end else month_of(then.end), then.start, then.end)


def _figures(
    host: Host, engagement: Engagement, snapshot: Snapshot, period: YearPeriod, keep: Keep, load: Load | None
) -> pl.DataFrame:
    """What the period froze, else its figures now; its books are read only when nothing of it is kept."""
    with host.store.database.read() as connection:
        if period.lock is not None:
            return PeriodRecords(connection, engagement.id, snapshot.year_start).figures(period.lock.id)
        entries = counted(EntryRecords(connection, engagement.id).all(snapshot.year_start))

    def made() -> pl.DataFrame:
        ledger = host.store.snapshots.load(engagement.id, snapshot.id) if load is None else load(snapshot)
        return figures_at(effective(host, Books(engagement, snapshot, ledger)), period.period)

    versions = tuple((each.id, each.version) for each in entries)
    what = ("figures-before", period.period, snapshot.id, versions)
    return keep(what, made, lambda frame: int(frame.estimated_size()))
