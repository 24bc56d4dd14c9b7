"""Periods of reconciliation (*Periodavstämning*, P 7.2): months, quarters or the year, and *Årsavslut*.

`ledgers.periods` are the months in which figures are summed; these are the parts in which a user signs off.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from closing_host.api.errors import DataError
from closing_host.closing.entries import YEAR_END
from closing_host.ledgers.periods import LONGEST, months

Division = Literal["month", "quarter", "year"]

MONTHS_IN_QUARTER: Final = 3


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a financial year, both days included.

    `key`: the month of its last day ("2025-12"), for `year-end` `entries.YEAR_END`. `number`: 1 is the year's first;
    *Årsavslut* follows the last one, whose last day it shares, and begins where that begins.
    """

    key: str
    number: int
    start: date
    end: date

    @property
    def is_year_end(self) -> bool:
        """Whether it is *Årsavslut*."""
        return self.key == YEAR_END


def periods_of(start: date, end: date, division: Division = "month") -> tuple[Period, ...]:
    """The year's periods in order, *Årsavslut* last. Quarters are those of the calendar, also in a broken year.

    Raises `DataError` `year-too-long` for a year of more months than `LONGEST`, or one that ends before it begins.
    """
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    if start > end or count > LONGEST:
        raise DataError("year-too-long", start=start, end=end, months=max(count, 0))
    spans = list(_spans(start, end, division))
    ordinary = [Period(f"{last:%Y-%m}", at, first, last) for at, (first, last) in enumerate(spans, 1)]
    return (*ordinary, Period(YEAR_END, len(spans) + 1, spans[-1][0], end))


def period_of(periods: tuple[Period, ...], key: str) -> Period:
    """The period with the key. Raises `DataError` `period-unknown`, with the keys that there are."""
    for each in periods:
        if each.key == key:
            return each
    raise DataError("period-unknown", period=key, periods=", ".join(each.key for each in periods))


def _spans(start: date, end: date, division: Division) -> Iterator[tuple[date, date]]:
    if division == "month":
        yield from months(start, end)
    elif division == "year":
        yield start, end
    else:
        while start <= end:
            month = (start.month - 1) // MONTHS_IN_QUARTER * MONTHS_IN_QUARTER + MONTHS_IN_QUARTER
            last = date(start.year, month, monthrange(start.year, month)[1])
            yield start, min(last, end)
            start = last + timedelta(days=1)
