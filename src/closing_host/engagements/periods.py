"""The periods of an engagement's year (*Periodavslut*, *Årsavslut*): how the year is divided, and where each stands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from closing_host.api.errors import ClosingError
from closing_host.closing.entries import month_of
from closing_host.closing.period_states import PeriodState, period_states, waiting_periods
from closing_host.closing.periods import Division, Period, period_of, periods_of
from closing_host.engagements.host import Host
from closing_host.storage.database import Connection
from closing_host.storage.periods import PeriodLock, PeriodRecords, locked_through
from closing_host.storage.setup import SetupRecords


class FinancialYearLike(Protocol):
    """What states a financial year: a record of it, or an import."""

    @property
    def year_start(self) -> date:
        """First day."""

    @property
    def year_end(self) -> date:
        """Last day."""


@dataclass(frozen=True, slots=True)
class YearPeriod:
    """A period and where it stands. `lock`: the locking that holds. `waits`: an earlier one was unlocked and is not
    locked again; it is *Pausad* then, if it was started."""

    period: Period
    state: PeriodState
    lock: PeriodLock | None
    waits: bool

    @property
    def key(self) -> str:
        """The period's key."""
        return self.period.key

    @property
    def enterable(self) -> bool:
        """Whether something may be entered in it."""
        return self.lock is None and not self.waits


@dataclass(frozen=True, slots=True)
class YearPeriods:
    """The periods of a year in order, *Årsavslut* last. `locked_through`: the last day in which nothing may be entered
    any more; the year's last day only when *Årsavslut* is locked too."""

    engagement_id: int
    year_start: date
    year_end: date
    division: Division
    periods: tuple[YearPeriod, ...]
    locked_through: date | None

    @property
    def current(self) -> YearPeriod:
        """The first one that is not locked; *Årsavslut* when all are."""
        return next((each for each in self.periods if each.state != "locked"), self.periods[-1])

    def find(self, key: str) -> YearPeriod:
        """The period with the key, for "" the current one. Raises `DataError` `period-unknown`."""
        if not key:
            return self.current
        wanted = period_of(tuple(each.period for each in self.periods), key)
        return next(each for each in self.periods if each.period == wanted)

    def before(self, period: YearPeriod) -> YearPeriod | None:
        """The one before it in the year."""
        place = self.periods.index(period)
        return self.periods[place - 1] if place else None

    def until(self, period: YearPeriod) -> tuple[YearPeriod, ...]:
        """Those that come before it in the year."""
        return self.periods[: self.periods.index(period)]

    def after(self, period: YearPeriod) -> tuple[YearPeriod, ...]:
        """Those that follow it in the year."""
        return self.periods[self.periods.index(period) + 1 :]


def year_periods(host: Host, engagement_id: int, year: FinancialYearLike) -> YearPeriods:
    """The periods of `year`. Raises `DataError` `year-too-long`."""
    with host.store.database.read() as connection:
        return read_periods(connection, engagement_id, year)


def read_periods(connection: Connection, engagement_id: int, year: FinancialYearLike) -> YearPeriods:
    """The same inside a transaction."""
    division: Division = SetupRecords(connection, engagement_id).get().period or "month"
    records = PeriodRecords(connection, engagement_id, year.year_start)
    laid_out = periods_of(year.year_start, year.year_end, division)
    locks = records.locks()
    held = {each.period: each for each in locks if each.holds}
    ended = {each.period for each in locks} - held.keys()
    states = period_states(laid_out, records.started(), held, ended)
    waiting = waiting_periods(laid_out, ended)
    periods = tuple(
        YearPeriod(each, state, held.get(each.key), each.key in waiting)
        for each, state in zip(laid_out, states, strict=True)
    )
    through = locked_through(connection, engagement_id, year.year_start)
    return YearPeriods(engagement_id, year.year_start, year.year_end, division, periods, through)


def check_enterable(periods: YearPeriods, period: YearPeriod) -> None:
    """Raises `ClosingError` `period-locked`, and `period-paused` when it waits for an earlier one, also if it was never
    started: it would be *Pausad* with the first thing that is entered."""
    if period.lock is not None:
        raise ClosingError("period-locked", period=period.key)
    if period.waits:
        raise ClosingError("period-paused", period=period.key, earlier=periods.current.key)


def check_entry_period(connection: Connection, engagement_id: int, year: FinancialYearLike, period: str) -> None:
    """Raises `ClosingError` `period-paused` for a closing entry of a month, or of *Årsavslut*, whose period waits.

    What a locked period refuses is told where entries are kept.
    """

    def holds(each: Period) -> bool:
        return each.key == period or (not each.is_year_end and month_of(each.start) <= period <= each.key)

    _refuse_paused(connection, engagement_id, year, holds)


def check_attachment_day(connection: Connection, engagement_id: int, year: FinancialYearLike, day: date) -> None:
    """Raises `ClosingError` `period-paused` for an attachment as at a day whose ordinary period waits.

    The year's last day is that of *Årsavslut* too, which is open while the last ordinary period is locked.
    """
    _refuse_paused(connection, engagement_id, year, lambda each: not each.is_year_end and each.start <= day <= each.end)


def _refuse_paused(
    connection: Connection, engagement_id: int, year: FinancialYearLike, holds: Callable[[Period], bool]
) -> None:
    if not PeriodRecords(connection, engagement_id, year.year_start).locks():
        return  # none waits, and a year of too many months to divide takes entries too
    periods = read_periods(connection, engagement_id, year)
    for each in periods.periods:
        if each.waits and holds(each.period):
            check_enterable(periods, each)
