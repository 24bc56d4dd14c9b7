"""Swedish wall time, which Fortnox's `lastmodified` is stated in, without a zone (F 3.4).

By the EU's rule, so that no time zone database is needed: summer time from the last Sunday of March to that of October,
01:00 UTC.
"""

from datetime import UTC, datetime, timedelta

_HOUR = timedelta(hours=1)


def wall(moment: datetime) -> datetime:
    """The wall time at `moment`, which carries a zone."""
    moment = moment.astimezone(UTC)
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment + _HOUR * (2 if summer else 1)).replace(tzinfo=None)


def from_on(moment: datetime) -> datetime:
    """The wall time that everything from `moment` on has or is later than.

    The hour before clocks are put back is lived twice, so it begins at its start.
    """
    back = _last_sunday(moment.astimezone(UTC).year, 10)
    return wall(back) if back - _HOUR <= moment < back else wall(moment)


def only_from(moment: datetime) -> datetime:
    """A wall time that nothing before `moment` has: in the hour after clocks were put back, the end of that hour."""
    back = _last_sunday(moment.astimezone(UTC).year, 10)
    return wall(back) + _HOUR if back <= moment < back + _HOUR else wall(moment)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
