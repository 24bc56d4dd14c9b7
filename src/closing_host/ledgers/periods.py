"""The months of a financial year (P 7.2): calendar months cut by the year's first and last day."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

import polars as pl

from closing_host.api.ledger import Ledger

By = Literal["month", "year"]

LONGEST: Final = 24
"""A stated year of more months than this is a mistake (the law's limit is 18) and is not laid out month by month."""

_SCHEMA: Final = {"period": pl.Int32, "start": pl.Date, "end": pl.Date}


def months(start: date, end: date) -> Iterator[tuple[date, date]]:
    """First and last day of each month from `start` to `end`, both included, the outer ones cut by them."""
    while start <= end:
        last = start.replace(day=monthrange(start.year, start.month)[1])
        yield start, min(last, end)
        if last >= end:
            return
        start = last + timedelta(days=1)


def periods(ledger: Ledger, *, by: By = "month") -> pl.DataFrame:
    """The ledger's periods in order: `period` (YYYYMM of the last day), `start`, `end`; both days included.

    A ledger that states no usable year (SIE 4I) has the months in which its vouchers are dated, or, by year, one
    period from its earliest to its latest voucher; without vouchers it has none.
    """
    year = ledger.year
    if year is not None and year.start <= year.end and _month_count(year.start, year.end) <= LONGEST:
        spans = list(months(year.start, year.end)) if by == "month" else [(year.start, year.end)]
        return _frame(spans)
    dates = ledger.vouchers["date"].drop_nulls()
    if by == "year":
        return _frame([(dates.min(), dates.max())] if dates.len() else [])  # type: ignore[list-item]
    firsts = dates.dt.month_start().unique().sort().to_list()
    return _frame([(first, first.replace(day=monthrange(first.year, first.month)[1])) for first in firsts])


def _month_count(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _frame(spans: list[tuple[date, date]]) -> pl.DataFrame:
    records = [(end.year * 100 + end.month, start, end) for start, end in spans]
    return pl.DataFrame(records, schema=_SCHEMA, orient="row")
