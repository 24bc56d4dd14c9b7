"""*Transaktionsanalys* of a locked period: what it said when the period was locked. It is not run there (P 7.3)."""

from dataclasses import dataclass

from closing_host.closing.entries import YEAR_END
from closing_host.closing.periods import periods_of
from closing_host.engagements.host import Host
from closing_host.engagements.periods import FinancialYearLike, YearPeriod, YearPeriods, year_periods
from closing_host.storage.periods import FrozenCheck, PeriodLock, PeriodRecords


@dataclass(frozen=True, slots=True)
class FrozenAnalysis:
    """The checks as they stood at the locking of `period`: how many findings each had, how many were left open, and why
    one could not run."""

    period: YearPeriod
    lock: PeriodLock
    checks: tuple[FrozenCheck, ...]


def frozen_analysis(host: Host, engagement_id: int, year: FinancialYearLike, key: str) -> FrozenAnalysis | None:
    """What was frozen for the period that `key` asks for, as `locked_for`; None where the checks run."""
    period = locked_for(year_periods(host, engagement_id, year), key)
    if period is None or period.lock is None:
        return None
    with host.store.database.read() as connection:
        checks = PeriodRecords(connection, engagement_id, year.year_start).checks(period.lock.id)
    return FrozenAnalysis(period, period.lock, checks)


def locked_for(periods: YearPeriods, key: str) -> YearPeriod | None:
    """The locked period in which `key` is: a period of the year, or a month within a longer one. The whole year, "", is
    locked with *Årsavslut*. None when it is open, or no period at all."""
    wanted = key or YEAR_END
    found = next((each for each in periods.periods if each.key == wanted), None)
    if found is None:
        months = periods_of(periods.year_start, periods.year_end)
        month = next((each for each in months if each.key == wanted), None)
        if month is not None:
            found = next(each for each in periods.periods if each.period.start <= month.start <= each.period.end)
    return found if found is not None and found.lock is not None else None
