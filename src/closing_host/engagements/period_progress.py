"""How far a year has come, period by period: what the overview lists, and what the next step follows from."""

from collections.abc import Mapping
from dataclasses import dataclass

from closing_host.closing.standing import Standing
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.next_steps import PeriodProgress
from closing_host.engagements.periods import YearPeriod, year_periods
from closing_host.engagements.reconciling import Keep, Sheet, now, sheet_of
from closing_host.storage.periods import PeriodRecords


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period. `counted`: its accounts were looked at. `checks`: of a locked one how many red checks of the
    transaction analysis had findings left when it was locked; None for others."""

    period: YearPeriod
    progress: PeriodProgress
    counted: bool
    checks: int | None


def year_progress(host: Host, books: EffectiveBooks, *, keep: Keep = now) -> tuple[PeriodLine, ...]:
    """Every period of the year of `books`. Accounts are counted in those that were begun, and in the current one.

    Raises `DataError` `year-too-long`.
    """
    snapshot = books.books.snapshot
    periods = year_periods(host, snapshot.engagement_id, snapshot)
    left = _left_at_locking(host, books, periods.periods)

    def line(each: YearPeriod) -> PeriodLine:
        if each.state == "not-started" and each != periods.current:
            return PeriodLine(each, PeriodProgress(each.period, each.state), counted=False, checks=None)
        sheet = sheet_of(host, books, each.key, keep=keep)
        return PeriodLine(each, _progress(sheet), counted=True, checks=left.get(each.key))

    return tuple(line(each) for each in periods.periods)


def _progress(sheet: Sheet) -> PeriodProgress:
    return PeriodProgress(
        sheet.period.period,
        sheet.period.state,
        sheet.done,
        sheet.total,
        differences=sum(bool(each.difference) for each in sheet.lines),
        changed=sum(each.standing is Standing.CHANGED for each in sheet.lines),
    )


def _left_at_locking(host: Host, books: EffectiveBooks, periods: tuple[YearPeriod, ...]) -> Mapping[str, int]:
    snapshot = books.books.snapshot
    with host.store.database.read() as connection:
        records = PeriodRecords(connection, snapshot.engagement_id, snapshot.year_start)
        return {
            each.key: sum(check.state == "red" for check in records.checks(each.lock.id))
            for each in periods
            if each.lock is not None
        }
