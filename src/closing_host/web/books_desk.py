"""The books of one engagement's year as pages show them: what was computed of them is kept for the next request."""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Final, TypeVar

import polars as pl

from closing_host.api.errors import DataError
from closing_host.closing.entries import YEAR_END
from closing_host.closing.monthly_figures import monthly_figures
from closing_host.closing.periods import Period
from closing_host.closing.returned_entries import year_end_vouchers
from closing_host.engagements.changed_periods import figures_since
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.periods import YearPeriod
from closing_host.engagements.signed_periods import SignedPeriod
from closing_host.ledgers.balances import running_rows
from closing_host.ledgers.voucher_search import Order, Wanted, find_vouchers
from closing_host.web.account_page import AccountPage, VoucherPage, account_page, until, voucher_page
from closing_host.web.grid import Grid, Line, grid_of, line_of
from closing_host.web.house import House

T = TypeVar("T")


class BooksDesk:
    """`books`, with the closing entries that count; of the engagement that they are of (T G-1)."""

    def __init__(self, house: House, books: EffectiveBooks) -> None:
        self._house = house
        self.books: Final = books

    @cached_property
    def grid(self) -> Grid:
        """The balances by account and month."""
        return self.kept(("grid",), lambda: grid_of(self.books.ledger), lambda grid: grid.size)

    @cached_property
    def monthly(self) -> pl.DataFrame:
        """The year month by month, for charts."""
        return self.kept(
            ("monthly",), lambda: monthly_figures(self.books.ledger), lambda frame: int(frame.estimated_size())
        )

    def line(self, account: str) -> Line | None:
        """An account's line of the grid; None for an account that is not in the books."""
        return self.kept(("line", account), lambda: line_of(self.books.ledger, account), lambda _: 1000)

    def account(self, account: str, page: int = 1, period: Period | None = None) -> AccountPage:
        """A page of an account's rows, with `period` those until its end. Raises `DataError` `account-unknown`."""
        line, ledger = self.line(account), self.books.ledger
        if line is None:
            raise DataError("account-unknown", account=account)
        running = self.kept(
            ("account", account), lambda: running_rows(ledger, account), lambda frame: int(frame.estimated_size())
        )
        if period is not None and not period.is_year_end:
            later = [key for key, entry in self.books.entry_keys.items() if entry.content.period == YEAR_END]
            later += year_end_vouchers(self.books.books.ledger, self.books.returned).to_list()
            line, running = until(line, running, period.end, without=later)
        return account_page(ledger, line, running, page)

    def since_locked(self, account: str, period: YearPeriod) -> tuple[int, int] | None:
        """What the account closed at when `period` was locked, and what the books give now, in öre; None where these
        are the same, and of a period that is not locked."""
        if period.lock is None:
            return None
        signed = SignedPeriod(period, period.lock.snapshot_id, period.lock.locked_at)
        figures = figures_since(self._house.host, self.books, signed, keep=self.kept)
        found = figures.filter(pl.col("account") == account).select("before", "after").rows()
        return found[0] if found else None

    def voucher(self, key: int) -> VoucherPage:
        """A voucher by its key. Raises `DataError` `voucher-unknown`."""
        ledger, own = self.books.ledger, pl.col("voucher") == key
        found = ledger.vouchers.filter(own)
        if found.is_empty():
            raise DataError("voucher-unknown", voucher=key)
        rows = ledger.rows.filter(own)
        if key not in self.books.entry_keys:  # the import's own: with what `House.ledger` leaves unread
            snapshot = self.books.books.snapshot
            stored = self._house.host.store.snapshots.scan(snapshot.engagement_id, snapshot.id, "rows")
            rows = stored.filter(own).collect()
        return voucher_page(ledger, found.row(0, named=True), rows)

    def find_vouchers(self, wanted: Wanted, order: Order) -> pl.Series:
        """Keys of the import's vouchers that fit, in order: kept for the next page of the list."""
        ledger = self.books.books.ledger
        return self.kept(
            ("vouchers", wanted, order),
            lambda: find_vouchers(ledger, wanted, order)["voucher"],
            lambda keys: int(keys.estimated_size()),
        )

    def kept(self, what: tuple[Hashable, ...], make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What `make` gave lately for just these books, import and closing entries, else now; of `size` bytes."""
        entries = tuple((each.id, each.version) for each in self.books.entries)
        return self._house.kept.get((*what, self.books.books.snapshot.id, entries), make, size)
