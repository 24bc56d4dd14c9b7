"""Main schedules (*huvudbilagor*): one for each account group, into which the attachments of its accounts sum (P 2.3).

Pure. They say nothing of their own: every figure is an account's in the period's reconciliation (P 7.2), so a main
schedule can never disagree with the sheet that it was made from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from closing_host.closing.standing import AccountRecord, Figures, Moved, Review, Standing

GROUPS: Final = tuple(str(number) for number in range(10, 30))
"""The account groups of balance accounts: the first two digits of a number (BAS, P 4.1)."""

OTHER: Final = ""
"""The group of a number too short to have one."""


class ReconciledLine(Protocol):
    """A line of a period's reconciliation, as far as documents tell of it. Amounts are öre, debit positive."""

    @property
    def account(self) -> str:
        """Its number."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def opening(self) -> int:
        """Before the period."""

    @property
    def change(self) -> int:
        """In the period."""

    @property
    def closing(self) -> int:
        """At its end."""

    @property
    def figures(self) -> Figures:
        """What it is reconciled to."""

    @property
    def record(self) -> AccountRecord:
        """What the user did with it."""

    @property
    def standing(self) -> Standing:
        """Its status."""

    @property
    def review(self) -> Review:
        """*Kvalitetssäkring*."""

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What differs from the sign-off."""


@dataclass(frozen=True, slots=True)
class SubSchedule:
    """An *underbilaga*: the attachment made at import (`number` is its version), or one of the user's own.

    `amount`: what it reconciles, öre in the ledger's sign; None when it says nothing, which is not 0.
    """

    kind: Literal["receivables", "payables", "own"]
    number: int
    title: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind an account: schedules that sum into its reconciled amount, and names of attached files."""

    schedules: tuple[SubSchedule, ...] = ()
    files: tuple[str, ...] = ()


NOTHING: Final = Behind()


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over accounts, öre, debit positive: closing = reconciled + difference + unreconciled.

    `reconciled`, `difference`: None when nothing reconciles any of them. `unreconciled`: the closing balances of those
    that nothing reconciles.
    """

    opening: int
    change: int
    closing: int
    reconciled: int | None
    difference: int | None
    unreconciled: int


@dataclass(frozen=True, slots=True)
class MainSchedule:
    """The schedule of one account group: its accounts by number, and what stands behind each."""

    group: str
    accounts: tuple[tuple[ReconciledLine, Behind], ...]

    @property
    def sums(self) -> Sums:
        """The group's sums."""
        return sums_of(line for line, _ in self.accounts)

    @property
    def done(self) -> int:
        """How many of its accounts are *Klar*."""
        return sum(line.standing is Standing.DONE for line, _ in self.accounts)


def main_schedules(lines: Iterable[ReconciledLine], behind: Mapping[str, Behind]) -> tuple[MainSchedule, ...]:
    """A schedule for each group that has an account, by group; `behind` by account."""
    groups: dict[str, list[tuple[ReconciledLine, Behind]]] = {}
    for line in sorted(lines, key=lambda each: each.account):
        groups.setdefault(group_of(line.account), []).append((line, behind.get(line.account, NOTHING)))
    return tuple(MainSchedule(group, tuple(groups[group])) for group in (*GROUPS, OTHER) if group in groups)


def group_of(account: str) -> str:
    """The group of a balance account; `OTHER` when its number has none."""
    return account[:2] if account[:2] in GROUPS else OTHER


def sums_of(lines: Iterable[ReconciledLine]) -> Sums:
    """The sums over some lines."""
    every = tuple(lines)
    known = [each for each in every if each.figures.reconciled is not None]
    return Sums(
        sum(each.opening for each in every),
        sum(each.change for each in every),
        sum(each.closing for each in every),
        sum(each.figures.reconciled or 0 for each in known) if known else None,
        sum(each.figures.difference or 0 for each in known) if known else None,
        sum(each.closing for each in every if each.figures.reconciled is None),
    )
