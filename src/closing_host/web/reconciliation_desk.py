"""*Balansavstämning* of one engagement's year as pages may reach it: every call names its books (T G-1)."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.engagements import period_locking, reconciled_accounts
from closing_host.engagements.changed_periods import PeriodChange, changed_periods
from closing_host.engagements.periods import YearPeriods, year_periods
from closing_host.engagements.reconciled_accounts import UNCHANGED
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

        `line`: the account as it is now; a record that is not the one that the user saw is left as it is. Raises what
        the parts raise, having done those before: the amount and the comment, then *Klar*, then the review.
        """
        if not typed.changes(line):
            return False
        account, changed = line.account, False
        if typed.notes(line) or typed.version != line.version:
            amount = typed.amount(line) if typed.retyped(line) else UNCHANGED
            comment = UNCHANGED if typed.comment is None else typed.comment
            reconciled_accounts.note_account(
                self._host,
                self._books,
                key,
                account,
                typed=amount,
                comment=comment,
                basis=typed.version,
                keep=self._desk.kept,
            )
            changed = True
        if typed.decides(line):
            act = reconciled_accounts.sign_off if typed.done else reconciled_accounts.reopen_accounts
            act(self._host, self._books, key, [account], keep=self._desk.kept)
        elif not changed and typed.reviews(line) and typed.review is not None:
            self._review(key, account, typed)
        return True

    def keep_all(self, key: str, sheet: Sheet, rows: Mapping[str, TypedLine]) -> dict[str, ClosingError]:
        """Do what was typed in each row; what was refused, by account."""
        refused: dict[str, ClosingError] = {}
        for line in sheet.lines:
            if (typed := rows.get(line.account)) is not None:
                try:
                    self.keep(key, line, typed)
                except ClosingError as error:
                    refused[line.account] = error
        return refused

    def sign_off(self, key: str, accounts: Collection[str]) -> int:
        """*Klar* for several accounts: all or none."""
        return reconciled_accounts.sign_off(self._host, self._books, key, accounts, keep=self._desk.kept)

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

    def _review(self, key: str, account: str, typed: TypedLine) -> None:
        assert typed.review is not None
        reconciled_accounts.review_accounts(
            self._host, self._books, key, [account], typed.review, typed.review_comment, keep=self._desk.kept
        )
