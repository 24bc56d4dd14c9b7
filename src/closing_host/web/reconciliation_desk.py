"""*Balansavstämning* of one engagement's year as pages may reach it: every call names its books (T G-1)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.closing.standing import Figures
from closing_host.engagements import period_locking, reconciled_accounts
from closing_host.engagements.changed_periods import PeriodChange, changed_periods
from closing_host.engagements.periods import YearPeriods, year_periods
from closing_host.engagements.reconciled_accounts import UNCHANGED, UNSEEN
from closing_host.engagements.reconciling import AccountLine, Sheet, sheet_of
from closing_host.web.books_desk import BooksDesk
from closing_host.web.house import House
from closing_host.web.reconciliation_form import TypedLine


class ReconciliationDesk:
    """The periods of the year of `desk`, and their accounts."""

    def __init__(self, house: House, desk: BooksDesk) -> None:
        self._host: Final = house.host
        self._desk: Final = desk
        self._books: Final = desk.books
        self._snapshot: Final = desk.books.books.snapshot

    @cached_property
    def periods(self) -> YearPeriods:
        """The year's periods, as they were when the request came."""
        return year_periods(self._host, self._snapshot.engagement_id, self._snapshot)

    @cached_property
    def locked_changes(self) -> tuple[PeriodChange, ...]:
        """Locked periods that imports have changed since: *Låst period har ändrats*."""
        return changed_periods(self._host, self._books, locked_only=True, keep=self._desk.kept)

    @property
    def others_review(self) -> bool:
        """Whether a reviewer must be another than who marked the account as done."""
        return reconciled_accounts.others_review(self._host, self._snapshot.engagement_id)

    def sheet(self, key: str, *, unused: bool = False) -> Sheet:
        """The accounts of a period, "" for the current one. Raises `DataError` `period-unknown`."""
        return sheet_of(self._host, self._books, key, unused=unused, keep=self._desk.kept)

    def keep(self, key: str, line: AccountLine, typed: TypedLine) -> bool:
        """Do what was typed in a row; whether that was anything.

        `line`: the account as it is now; a record that is not the one that the user saw is left as it is, and figures
        that nobody saw are not signed off. Raises what the parts raise, having done those before: the amount and the
        comment, then *Klar*, then the review.
        """
        if not typed.changes(line):
            return False
        if typed.notes(line) or typed.version != line.version:
            with self._shown_after(key):
                reconciled_accounts.note_account(
                    self._host,
                    self._books,
                    key,
                    line.account,
                    typed=typed.amount if typed.retyped(line) else UNCHANGED,
                    comment=typed.comment if typed.comment is not None and typed.recommented(line) else UNCHANGED,
                    basis=typed.version,
                    keep=self._desk.kept,
                )
        if typed.decides(line):
            if typed.done:
                self.sign_off(key, {line.account: typed.seen})
            else:
                reconciled_accounts.reopen_accounts(self._host, self._books, key, [line.account], keep=self._desk.kept)
        if typed.review is not None and typed.reviews(line):
            reconciled_accounts.review_accounts(
                self._host,
                self._books,
                key,
                [line.account],
                typed.review,
                typed.review_comment,
                keep=self._desk.kept,
            )
        return True

    def keep_all(self, key: str, sheet: Sheet, rows: Mapping[str, TypedLine]) -> dict[str, ClosingError]:
        """Do what was typed in each row; what was refused, by account.

        The first of them may start the period, and so make records of other rows: these stand as the user saw them.
        """
        refused: dict[str, ClosingError] = {}
        begun, taken_over = sheet.period.state != "not-started", frozenset[str]()
        for line in (each for each in sheet.lines if each.account in rows):
            typed = rows[line.account]
            own = line.account in taken_over and line.version == typed.version == 0
            seen, said = (replace(line, version=1), replace(typed, version=1)) if own else (line, typed)
            try:
                changed = self.keep(key, seen, said)
            except ClosingError as error:
                refused[line.account], changed = error, True
            if changed and not begun:
                now = self.sheet(key, unused=True)
                begun = now.period.state != "not-started"
                taken_over = frozenset(each.account for each in now.lines if each.version == 1)
        return refused

    def sign_off(self, key: str, seen: Mapping[str, Figures]) -> int:
        """*Klar* for accounts with the figures that the user saw: all or none."""
        with self._shown_after(key):
            return reconciled_accounts.sign_off(
                self._host, self._books, key, seen.keys(), expected=seen, keep=self._desk.kept
            )

    def start(self, key: str) -> None:
        """*Påbörja*."""
        period_locking.start_period(self._host, self._snapshot.engagement_id, self._snapshot, key)

    def lock(self, key: str, reason: str) -> None:
        """*Lås period*."""
        period_locking.lock_period(self._host, self._books, key, reason=reason, keep=self._desk.kept)

    def lock_through(self, key: str, reason: str) -> None:
        """*Lås till och med*."""
        period_locking.lock_through(self._host, self._books, key, reason=reason, keep=self._desk.kept)

    def unlock(self, key: str, reason: str) -> None:
        """*Lås upp*."""
        period_locking.unlock_period(self._host, self._snapshot.engagement_id, self._snapshot, key, reason)

    def let_others_review(self, on: bool) -> None:
        """Choose whether a reviewer must be another person."""
        reconciled_accounts.set_others_review(self._host, self._snapshot.engagement_id, on)

    @contextmanager
    def _shown_after(self, key: str) -> Iterator[None]:
        """When figures are refused that only starting the period would bring to the accounts, it is started: the page
        could not show them else, and what is refused now would be so for ever."""
        try:
            yield
        except ClosingError as error:
            if error.code in {*UNSEEN, "reconciled-by-attachment"} and self.periods.find(key).state == "not-started":
                self.start(key)
            raise
