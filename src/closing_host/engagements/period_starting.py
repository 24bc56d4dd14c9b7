"""Starting a period: what it takes over from the one before (P 7.2, "copy rules")."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.engagements.periods import FinancialYearLike, YearPeriod, check_enterable, read_periods
from closing_host.storage.account_records import AccountRecords
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.own_attachments import OwnAttachments
from closing_host.storage.periods import PeriodRecords


def enter(connection: Connection, trail: Trail, engagement_id: int, year: FinancialYearLike, key: str) -> YearPeriod:
    """The period, to enter something in it: the first entry starts it.

    An ordinary period takes over the own attachments of the one before by their setting, the year's first one those of
    the last year's last day. *Årsavslut* takes over what was done with the accounts in the period before; its day, and
    so its attachments, are the same. Raises `DataError` `period-unknown`, `ClosingError` `period-locked`,
    `period-paused`.
    """
    periods = read_periods(connection, engagement_id, year)
    period = periods.find(key)
    check_enterable(periods, period)
    if period.state == "started":
        return period
    PeriodRecords(connection, engagement_id, year.year_start).start(trail, period.key)
    _take_over(connection, trail, engagement_id, year, period, periods.before(period))
    return read_periods(connection, engagement_id, year).find(period.key)


def start_following(
    connection: Connection, trail: Trail, engagement_id: int, year: FinancialYearLike, key: str
) -> None:
    """Start the period after the one with `key`, which is locked now. One that was started before takes over what has
    come since for accounts that have nothing of the kind there."""
    periods = read_periods(connection, engagement_id, year)
    following = periods.after(periods.find(key))
    if not following:
        return
    if following[0].state == "not-started":
        enter(connection, trail, engagement_id, year, following[0].key)
    else:
        _take_over(connection, trail, engagement_id, year, following[0], periods.find(key))


def _take_over(
    connection: Connection,
    trail: Trail,
    engagement_id: int,
    year: FinancialYearLike,
    period: YearPeriod,
    before: YearPeriod | None,
) -> None:
    """What the copy rules give the period, apart from what is there already."""
    records = AccountRecords(connection, engagement_id, year.year_start)
    there = records.of(period.key)
    if period.period.is_year_end:
        assert before is not None, "a year has an ordinary period"
        done = records.of(before.key)
        records.copy(trail, period.key, {account: each for account, each in done.items() if account not in there})
        return
    reconciled = {
        account for account, each in there.items() if each.record.typed is not None or each.record.signed is not None
    }
    _copy_attachments(connection, trail, engagement_id, year, period, before, but=reconciled)


def _copy_attachments(
    connection: Connection,
    trail: Trail,
    engagement_id: int,
    year: FinancialYearLike,
    period: YearPeriod,
    before: YearPeriod | None,
    *,
    but: Collection[str],
) -> None:
    """Copy by each one's setting; not to accounts `but`, nor to those with schedules of their own on that day."""
    own = OwnAttachments(connection, engagement_id, year.year_start)
    there = {*but, *(each.schedule.account for each in own.all() if each.schedule.as_at == period.period.end)}
    for schedule in _schedules_before(connection, engagement_id, year, before):
        if schedule.account not in there and schedule.copying != "none":
            own.add(trail, copied(schedule, period.period.end))


def _schedules_before(
    connection: Connection, engagement_id: int, year: FinancialYearLike, before: YearPeriod | None
) -> Iterable[Schedule]:
    start, day = year.year_start, year.year_start - timedelta(days=1)
    if before is not None:
        day = before.period.end
    else:
        years = EngagementRecords(connection, engagement_id).years()
        last = next((each for each in years if each.year_end == day), None)
        if last is None:
            return []
        start = last.year_start
    kept = OwnAttachments(connection, engagement_id, start).all()
    return [each.schedule for each in kept if each.schedule.as_at == day]


def copied(schedule: Schedule, day: date) -> Schedule:
    """The schedule for another day: without data its rows stand with no amounts."""
    if schedule.copying == "without_data":
        return replace(schedule, as_at=day, rows=tuple(ScheduleRow(each.text, 0) for each in schedule.rows), comment="")
    return replace(schedule, as_at=day)
