"""What a year's system entries are computed from: its balances, and for a sole trader the year after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Ledger
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.system_entries import NextYear, Transfer, YearBooks
from closing_host.closing.system_entries.steps import NEXT_YEARS, is_open
from closing_host.engagements.entry_year import EntryYear
from closing_host.engagements.host import Host
from closing_host.ledgers.balances import opening_balances, trial_balance
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords, EngagementYear

_MAIN, _OWNERS = "2010", "201"


@dataclass(frozen=True)
class SystemSources:
    """Read once, outside of any transaction. `opening`, `closing`, `names`: of the imported books alone.

    Amounts are öre by account. `following`: the next year's record, None while the engagement has none; `next_opening`
    and `next_transfers` of its imported books, None and nothing without books.
    """

    year: EntryYear
    opening: Mapping[str, int]
    closing: Mapping[str, int]
    names: Mapping[str, str]
    following: EngagementYear | None
    next_opening: Mapping[str, int] | None
    next_transfers: tuple[Transfer, ...]

    def books(self, entries: Collection[ClosingEntry]) -> YearBooks:
        """The books with the entries that count, without the system entries that are made anew."""
        closing, transfers = dict(self.closing), list(self.next_transfers)
        year_start, following = self.year.year.year_start, self.following
        anew = {each.id for each in self.mine(entries) if is_open(each)}
        for entry in (each for each in entries if each.counts and each.id not in anew):
            amounts = _amounts(entry)
            if entry.year_start == year_start:
                for account, amount in amounts.items():
                    closing[account] = closing.get(account, 0) + amount
            elif following is not None and entry.year_start == following.year_start and _is_transfer(amounts):
                transfers.append(Transfer(entry.content.date, amounts))
        return YearBooks(
            year_start,
            self.year.year.year_end,
            self.year.engagement.form,
            closing,
            self.opening,
            self.names,
            None if following is None else NextYear(self.next_opening, tuple(transfers)),
        )

    def mine(self, entries: Collection[ClosingEntry]) -> tuple[ClosingEntry, ...]:
        """The system entries that the year's rules have made: its own, and the next year's S-f."""
        after = None if self.following is None else self.following.year_start
        return tuple(
            each
            for each in entries
            if each.year_start == (after if each.origin.subject == NEXT_YEARS else self.year.year.year_start)
        )

    def hold(self, connection: Connection) -> bool:
        """Whether both years still show these books, and the company has the same form."""
        records = EngagementRecords(connection, self.year.engagement.id)
        same_form = records.engagement().form == self.year.engagement.form
        return same_form and all(
            each == (None if each is None else records.year(each.year_start))
            for each in (self.year.year, self.following)
        )


def read_sources(host: Host, year: EntryYear) -> SystemSources:
    """Read what the year's rules need. Raises `ClosingError` `entry-year-without-books`."""
    if year.books is None:
        raise ClosingError("entry-year-without-books", year=year.year.year_start)
    frame = trial_balance(year.books, by="year")
    closing = dict(frame.group_by("account").agg(pl.col("closing").last()).iter_rows())
    opening = dict(opening_balances(year.books).iter_rows())
    following = _following(host, year)
    ledger = None
    if following is not None and following.current_snapshot_id is not None:
        ledger = host.store.snapshots.load(year.engagement.id, following.current_snapshot_id)
    return SystemSources(
        year,
        opening,
        closing,
        dict(frame.select("account", "name").iter_rows()),
        following,
        None if ledger is None else dict(opening_balances(ledger).iter_rows()),
        () if ledger is None else _transfers(ledger),
    )


def _following(host: Host, year: EntryYear) -> EngagementYear | None:
    """The next year, of a sole trader alone: nobody else's rules look there."""
    if not YearBooks(year.year.year_start, year.year.year_end, year.engagement.form, {}).is_sole_trader:
        return None
    after = date.fromordinal(year.year.year_end.toordinal() + 1)
    with host.store.database.read() as connection:
        return EngagementRecords(connection, year.engagement.id).year(after)


def _transfers(ledger: Ledger) -> tuple[Transfer, ...]:
    """The vouchers that move nothing but 2010-2019, 2010 among it."""
    rows = ledger.rows.filter(pl.col("kind") == "booked", pl.col("amount") != 0)
    account = pl.col("account").fill_null("")
    fitting = rows.group_by("voucher").agg(
        owners=account.str.starts_with(_OWNERS).all(), main=account.str.starts_with(_MAIN).any()
    )
    keys = fitting.filter(pl.col("owners") & pl.col("main"))["voucher"]
    days = ledger.vouchers.filter(pl.col("voucher").is_in(keys.implode())).select("voucher", day="date")
    found = rows.join(days, on="voucher").sort("voucher", "row")
    moved: dict[int, tuple[date, dict[str, int]]] = {}
    for voucher, day, number, amount in found.select("voucher", "day", "account", "amount").iter_rows():
        if day is not None:
            amounts = moved.setdefault(voucher, (day, {}))[1]
            amounts[number] = amounts.get(number, 0) + amount
    return tuple(Transfer(day, amounts) for day, amounts in moved.values())


def _amounts(entry: ClosingEntry) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for row in entry.content.rows:
        amounts[row.account] = amounts.get(row.account, 0) + row.amount
    return amounts


def _is_transfer(amounts: Mapping[str, int]) -> bool:
    return all(each.startswith(_OWNERS) for each in amounts) and any(each.startswith(_MAIN) for each in amounts)
