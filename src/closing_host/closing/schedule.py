"""Schedules of the user's own behind a balance account: rows with texts and amounts, whose sum reconciles the account.

The sum becomes the account's reconciled amount (*Avstämningsbelopp*, RA) in the ledger's sign (P 2.3, P 7.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from closing_host.api.errors import DataError
from closing_host.api.money import MAX_ORE

Standing = Literal["debit", "credit"]
"""On which side of the ledger a positive amount of the schedule stands. Debts are listed as positive amounts."""

Copying = Literal["with_data", "without_data", "none"]
"""What the next period gets of an attachment: rows and amounts, the rows without amounts, or nothing (P 2.1)."""

COPYINGS: Final[tuple[Copying, ...]] = get_args(Copying)

MOST_ROWS: Final = 20_000
LONGEST_TEXT: Final = 500
LONGEST_COMMENT: Final = 10_000


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One row: what it is, and öre, positive on the side where the schedule stands."""

    text: str
    amount: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule behind `account` as at the end of `as_at`. `title`: what it is called, "" for its account's name."""

    account: str
    as_at: date
    rows: tuple[ScheduleRow, ...]
    standing: Standing
    title: str = ""
    comment: str = ""
    copying: Copying = "with_data"

    @property
    def total(self) -> int:
        """The sum as listed, in öre."""
        return sum(row.amount for row in self.rows)

    @property
    def reconciled(self) -> int:
        """The sum in the ledger's sign, debit positive."""
        return self.total if self.standing == "debit" else -self.total


def usual_standing(account: str) -> Standing:
    """Credit for class 2 (equity and liabilities), else debit (P 4.1)."""
    return "credit" if account.startswith("2") else "debit"


def check_schedule(schedule: Schedule) -> None:
    """Raise `DataError` for what no schedule may be.

    `schedule-not-balance`: not an account of class 1 or 2; `schedule-textless`, `schedule-text-long` and
    `schedule-amount`, with the row's number; `schedule-rows`, `schedule-comment-long`: too much.
    """
    if not (schedule.account.isascii() and schedule.account.isdigit() and schedule.account[0] in "12"):
        raise DataError("schedule-not-balance", account=schedule.account)
    if len(schedule.rows) > MOST_ROWS:
        raise DataError("schedule-rows", count=len(schedule.rows), most=MOST_ROWS)
    for number, row in enumerate(schedule.rows, 1):
        if not row.text.strip():
            raise DataError("schedule-textless", row=number)
        if len(row.text) > LONGEST_TEXT:
            raise DataError("schedule-text-long", row=number, most=LONGEST_TEXT)
        if abs(row.amount) > MAX_ORE:
            raise DataError("schedule-amount", row=number)
    if abs(schedule.total) > MAX_ORE:
        raise DataError("schedule-amount", row=len(schedule.rows))
    if len(schedule.title) > LONGEST_TEXT or len(schedule.comment) > LONGEST_COMMENT:
        raise DataError("schedule-comment-long", title=LONGEST_TEXT, comment=LONGEST_COMMENT)


def reconciled_amount(schedules: Iterable[Schedule]) -> int | None:
    """RA of one account and day: the schedules' sum in the ledger's sign; None when no row says anything."""
    saying = [each for each in schedules if each.rows]
    return sum(each.reconciled for each in saying) if saying else None


def difference(closing: int, reconciled: int | None) -> int | None:
    """*Avstämningsdifferens* D = UB - RA; None without RA, because empty is not 0 (P 7.2)."""
    return None if reconciled is None else closing - reconciled
