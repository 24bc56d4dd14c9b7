"""What imports have changed in what was signed off, locked or exported: what hurts most first (P 7.1, P 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.closing.entries import YEAR_END, ClosingEntry, Status, month_of
from closing_host.closing.periods import Period
from closing_host.engagements.changed_accounts import AccountChange, changed_accounts, changed_lines
from closing_host.engagements.changed_periods import PeriodChange, changed_periods, figures_since
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.reconciling import Keep, now
from closing_host.engagements.signed_periods import any_signed, signed_periods
from closing_host.ledgers.periods import months
from closing_host.storage.entries import EntryRecords

ODD: Final = frozenset({Status.CHANGED, Status.MISSING, Status.DOUBLE})
"""Exported entries that the source has changed, lacks, or holds more than once."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangedSince:
    """All that has changed where it hurts. `entries`: exported ones that are `ODD` in the source."""

    periods: tuple[PeriodChange, ...]
    accounts: tuple[AccountChange, ...]
    entries: tuple[ClosingEntry, ...]

    @property
    def locked(self) -> tuple[PeriodChange, ...]:
        """The locked periods among `periods`."""
        return tuple(each for each in self.periods if each.locked)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each kind: `locked` periods, `done` ones, `accounts`, `entries`."""
        locked = len(self.locked)
        return {
            "locked": locked,
            "done": len(self.periods) - locked,
            "accounts": len(self.accounts),
            "entries": len(self.entries),
        }

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(self.counts.values())


def changed_since(host: Host, books: EffectiveBooks, *, keep: Keep = now) -> ChangedSince:
    """Everything, for books that are open. It is computed of the records and the books as they are, so it is told until
    somebody signs off anew. Raises what reading an earlier import raises."""
    snapshot = books.books.snapshot
    with host.store.database.read() as connection:
        entries = EntryRecords(connection, snapshot.engagement_id).all(snapshot.year_start)
    return ChangedSince(
        changed_periods(host, books, keep=keep),
        changed_accounts(host, books, keep=keep),
        tuple(each for each in entries if each.status in ODD),
    )


def at_stake(host: Host, engagement_id: int, year_start: date) -> bool:
    """Whether there is anything of the year that `changed_since` could tell of; reads no books."""
    if any_signed(host, engagement_id, year_start):
        return True
    with host.store.database.read() as connection:
        return any(each.status in ODD for each in EntryRecords(connection, engagement_id).all(year_start))


def changed_by_month(host: Host, books: EffectiveBooks) -> Mapping[str, tuple[str, ...]]:
    """The accounts whose signed-off figures do not hold any more, by the period of a closing entry: a month, or
    `YEAR_END`."""
    accounts: dict[str, set[str]] = {}

    def add(period: Period, account: str) -> None:
        keys = [YEAR_END] if period.is_year_end else [month_of(first) for first, _ in months(period.start, period.end)]
        for key in keys:
            accounts.setdefault(key, set()).add(account)

    for signed in signed_periods(host, books, locked_only=True):
        for account in figures_since(host, books, signed)["account"]:
            add(signed.period.period, account)
    for period, line, _ in changed_lines(host, books):
        add(period.period, line.account)
    return {key: tuple(sorted(several)) for key, several in accounts.items()}
