"""The year that one makes closing entries in: its books, the company's entries, and what the accounts stand at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Ledger
from closing_host.closing.effect import with_entries
from closing_host.closing.entries import YEAR_END, ClosingEntry
from closing_host.closing.entry_rules import Chart, chart_of
from closing_host.engagements.books import find_year
from closing_host.engagements.host import Host
from closing_host.engagements.register import find_engagement
from closing_host.ledgers.balances import trial_balance
from closing_host.storage.engagements import Engagement, EngagementYear
from closing_host.storage.entries import EntryRecords
from closing_host.storage.entry_rows import EntryVersion


@dataclass(frozen=True, slots=True)
class AccountEffect:
    """What a change did to an account's closing balance. Öre, debit positive; `after` = `before` + `change`."""

    account: str
    name: str
    before: int
    change: int
    after: int


@dataclass(frozen=True)
class EntryYear:
    """A financial year of an engagement. `books`: the imported ledger alone, None before the first import.

    `entries`: those of all the company's years, deleted ones too.
    """

    engagement: Engagement
    year: EngagementYear
    books: Ledger | None
    entries: tuple[ClosingEntry, ...]

    @property
    def own(self) -> tuple[ClosingEntry, ...]:
        """The entries of this year, deleted ones too."""
        return tuple(each for each in self.entries if each.year_start == self.year.year_start)

    @cached_property
    def chart(self) -> Chart:
        """The accounts and objects. Raises `ClosingError` `entry-year-without-books`."""
        return chart_of(self._imported, self.year.year_start, self.year.year_end)

    @cached_property
    def closings(self) -> Mapping[str, int]:
        """What the books alone close at, by account; öre, debit positive. Raises as `chart`."""
        frame = trial_balance(self._imported, by="year")
        return dict(frame.group_by("account").agg(pl.col("closing").last()).iter_rows())

    def find(self, label: str) -> ClosingEntry:
        """The entry of this year with that number, deleted or not. Raises `ClosingError` `entry-unknown`."""
        wanted = label.strip().upper().partition("-")[0]
        for each in self.own:
            if f"{each.kind}{each.number}" == wanted:
                return each
        raise ClosingError("entry-unknown", entry=label)

    def balance(self, account: str, period: str) -> int:
        """What `account` stands at when `period` ends, in öre, with the entries that count up to then (P 7.2).

        Raises as `chart`, and `DataError` `entry-period-without-balance` for a month of which the books say nothing.
        """
        year_end = period == YEAR_END
        upto = [each for each in self.own if year_end or each.content.period <= period]  # YEAR_END sorts last
        effective = trial_balance(with_entries(self._imported, upto), by="year" if year_end else "month")
        own = effective.filter(pl.col("account") == account)
        if year_end or own.is_empty():
            return int(own["closing"][-1]) if own.height else 0
        month = own.filter(pl.col("period") == int(period.replace("-", "")))
        if month.is_empty():
            raise DataError("entry-period-without-balance", account=account, period=period)
        return int(month["closing"][0])

    def effect(self, after: Iterable[ClosingEntry]) -> tuple[AccountEffect, ...]:
        """What it does to the year's closing balances that the entries are now `after`: the accounts that move."""
        if self.books is None:
            return ()
        before_, after_ = _moved(self.own), _moved(each for each in after if each.year_start == self.year.year_start)
        effects = []
        for account in sorted(before_.keys() | after_.keys()):
            before = self.closings.get(account, 0) + before_.get(account, 0)
            if change := after_.get(account, 0) - before_.get(account, 0):
                name = self.chart.accounts.get(account, "")
                effects.append(AccountEffect(account, name, before, change, before + change))
        return tuple(effects)

    @property
    def _imported(self) -> Ledger:
        if self.books is None:
            raise ClosingError("entry-year-without-books", year=self.year.year_start)
        return self.books


def open_entry_year(host: Host, reference: str, *, books: bool = True) -> EntryYear:
    """The year that `reference` names, as ENGAGEMENT[/YEAR]: the newest one with books by default.

    Entries belong to the current books, so no snapshot can be chosen. `books` False leaves the ledger unread, which
    listing does without. Raises `ClosingError` for what cannot be found.
    """
    stated, _, year_stated = reference.partition("/")
    engagement = find_engagement(host, stated)
    year = find_year(host, engagement, year_stated or None)
    return read_entry_year(host, engagement, year, books=books)


def read_entry_year(host: Host, engagement: Engagement, year: EngagementYear, *, books: bool = True) -> EntryYear:
    """The same for an engagement and year that are known."""
    snapshot = host.store.snapshots.current(engagement.id, year.year_start) if books else None
    ledger = None if snapshot is None else host.store.snapshots.load(engagement.id, snapshot.id)
    return EntryYear(engagement, year, ledger, _entries(host, engagement))


def with_entries_now(host: Host, year: EntryYear) -> EntryYear:
    """The same year with the entries as they are now."""
    return replace(year, entries=_entries(host, year.engagement))


def entry_history(host: Host, entry: ClosingEntry) -> tuple[EntryVersion, ...]:
    """Every version of the entry, the oldest first: who, when, and what it then said."""
    with host.store.database.read() as connection:
        return EntryRecords(connection, entry.engagement_id).history(entry.id)


def day_and_period(year_end: date, day: date | None, *, closing: bool) -> tuple[date, str]:
    """The date and period of an entry: *Årsavslut* when `closing` or without a day, else the day's month."""
    if closing or day is None:
        return day or year_end, YEAR_END
    return day, f"{day:%Y-%m}"


def _entries(host: Host, engagement: Engagement) -> tuple[ClosingEntry, ...]:
    with host.store.database.read() as connection:
        return EntryRecords(connection, engagement.id).all(deleted=True)


def _moved(entries: Iterable[ClosingEntry]) -> dict[str, int]:
    moved: dict[str, int] = {}
    for entry in entries:
        if entry.counts:
            for row in entry.content.rows:
                moved[row.account] = moved.get(row.account, 0) + row.amount
    return moved
