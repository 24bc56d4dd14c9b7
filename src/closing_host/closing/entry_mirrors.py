"""Entries that undo another: the reversal in the next period, and the correction of what is booked (P 7.5.1, 7.5.5).

Their texts stand in the client's Swedish books, whatever language the user reads.
"""

from dataclasses import replace
from datetime import date, timedelta

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Status, first_day_after, month_of
from closing_host.closing.entry_rules import LONGEST_TEXT
from closing_host.closing.periods import Division, periods_of

_CORRECTABLE = frozenset({Status.TRANSFERRED, Status.EXCLUDED, Status.CHANGED})


def reversal(entry: ClosingEntry, year_end: date, division: Division = "month") -> EntryContent:
    """The mirror for *Återförs nästa period*: dated the first day of the period after the entry's.

    `year_end`: of the entry's year; `division`: into which periods it is divided. The mirror of an entry in its last
    period falls into the next year. Raises `DataError` `year-too-long`.
    """
    day = first_day_after(entry.content.period, year_end)
    if division != "month" and entry.content.period != YEAR_END:
        periods = periods_of(entry.year_start, year_end, division)
        day = next(each.end for each in periods if entry.content.period <= each.key) + timedelta(days=1)
    text = f"Återföring av {entry.kind}{entry.number}"
    longer = f"{text} {entry.content.text}".rstrip()
    rows = _undone(entry.content)
    return EntryContent(day, longer if len(longer) <= LONGEST_TEXT else text, rows, month_of(day))


def correction(entry: ClosingEntry) -> EntryContent:
    """The mirror that takes back what is booked, with the source's series and number in its text.

    It has the entry's date and period. Raises `DataError` `entry-not-correctable` for an entry that is not booked,
    and `entry-missing` or `entry-double` for one of which it is not sure what the books hold.
    """
    if entry.status is Status.MISSING:
        raise DataError("entry-missing", entry=entry.label)
    if entry.status is Status.DOUBLE:
        raise DataError("entry-double", entry=entry.label)
    if entry.status not in _CORRECTABLE:
        raise DataError("entry-not-correctable", entry=entry.label)
    place = entry.transferred
    booked = f"{place.series} {place.number}".strip() if place else ""
    return replace(
        entry.content, text=f"Rättelse av {booked or entry.label}", rows=_undone(entry.content), reversed_next=False
    )


def year_after(year_end: date) -> tuple[date, date]:
    """First and last day of the twelve months that follow: the next year for as long as no books state it."""
    first = year_end + timedelta(days=1)
    try:
        following = first.replace(year=first.year + 1)
    except ValueError:  # 29 February
        following = date(first.year + 1, 3, 1)
    return first, following - timedelta(days=1)


def _undone(content: EntryContent) -> tuple[DraftRow, ...]:
    return tuple(replace(row, amount=-row.amount) for row in content.rows)
