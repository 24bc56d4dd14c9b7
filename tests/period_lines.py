"""Lines of a period's reconciliation made by hand, and what its documents say of themselves."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from closing_host.closing.periods import periods_of
from closing_host.closing.standing import (
    UNTOUCHED,
    AccountRecord,
    Figures,
    Moved,
    Review,
    SignOff,
    Standing,
    moved,
    review_of,
    standing_of,
)
from closing_host.documents.period_imprint import PeriodImprint
from pdf_text import IMPRINT

PERIODS = periods_of(date(2025, 1, 1), date(2025, 12, 31))
OPEN = PeriodImprint(replace(IMPRINT, version=0), PERIODS[2], "started")
LOCKED = replace(OPEN, state="locked", reason="Bank's letter is late")
SIGNED_AT = datetime(2025, 4, 3, 9, tzinfo=UTC)


@dataclass(frozen=True)
class MadeLine:
    """A line as `engagements.reconciling` makes one."""

    account: str
    name: str
    opening: int
    change: int
    figures: Figures
    record: AccountRecord = UNTOUCHED

    @property
    def closing(self) -> int:
        return self.figures.closing

    @property
    def standing(self) -> Standing:
        return standing_of(self.record, self.figures)

    @property
    def review(self) -> Review:
        return review_of(self.record, self.figures)

    @property
    def moved(self) -> tuple[Moved, ...]:
        return moved(self.record, self.figures)


def line(
    account: str,
    opening: int,
    change: int,
    reconciled: int | None = None,
    *,
    signed: tuple[int, int | None] | None = None,
    comment: str = "",
    review: Review = Review.NOT_REVIEWED,
) -> MadeLine:
    """`signed`: the closing and reconciled amount at sign-off by Åsa."""
    by = SignOff("Åsa", SIGNED_AT, "ab" * 32, *signed) if signed else None
    reviewed = ("Stämmer", "Bo") if review is not Review.NOT_REVIEWED else ("", "")
    record = AccountRecord(reconciled, comment, by, review, *reviewed)
    return MadeLine(account, f"Konto {account}", opening, change, Figures(opening + change, reconciled), record)


BANK = line("1930", 100_00, 25_00, 125_00, signed=(125_00, 125_00), review=Review.APPROVED)
CASH = line("1910", 5_00, 0, 4_50, comment="Räknas om\nnästa vecka")
DEBTS = line("2440", -40_00, -10_00, -45_00, signed=(-45_00, -45_00))
TAX = line("2510", -7_00, 0)
LINES = (DEBTS, BANK, TAX, CASH)
