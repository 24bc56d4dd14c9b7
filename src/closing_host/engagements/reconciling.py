"""*Balansavstämning*: every balance account of a period with its figures, and where it stands (P 7.2)."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

import polars as pl

from closing_host.closing.effect import movements
from closing_host.closing.period_balances import balance_figures, period_figures
from closing_host.closing.periods import Period
from closing_host.closing.reconciled_amounts import attached_amount, divided, open_amount
from closing_host.closing.returned_entries import in_year_end
from closing_host.closing.standing import (
    UNTOUCHED,
    AccountRecord,
    Figures,
    Moved,
    Review,
    Standing,
    figures_of,
    moved,
    review_of,
    standing_of,
    wants_comment,
)
from closing_host.engagements.attachment_making import versions_of_year
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.periods import YearPeriod, YearPeriods, year_periods
from closing_host.storage.account_records import AccountRecords, KeptRecord
from closing_host.storage.attached_files import AttachedFiles
from closing_host.storage.attachment_facts import read_facts
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagement
from closing_host.storage.own_attachments import OwnAttachment, OwnAttachments
from closing_host.storage.periods import Frozen, PeriodRecords
from closing_host.storage.snapshot_records import Snapshot

T = TypeVar("T")


class Keep(Protocol):
    """What pages keep of a computation for the next request: what `make` gives for just these books, `size` bytes."""

    def __call__(self, what: tuple[Hashable, ...], make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The value."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a period. Öre, debit positive; `opening` + `change` = `closing`, and `entries` is the part of the
    change that closing entries make.

    `used`: it has a balance, rows, entries, a record or an attachment. `version`: of the record, 0 when there is none.
    `attachments`, `files`: how many schedules and attached files stand behind it. `automatic`: one of the schedules is
    made at imports. `moved`: what differs from the sign-off.
    """

    account: str
    name: str
    opening: int
    change: int
    entries: int
    closing: int
    used: bool
    figures: Figures
    record: AccountRecord
    version: int
    attachments: int
    automatic: bool
    files: int

    @property
    def standing(self) -> Standing:
        """*Status*."""
        return standing_of(self.record, self.figures)

    @property
    def review(self) -> Review:
        """*Kvalitetssäkring*."""
        return review_of(self.record, self.figures)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What differs from the sign-off."""
        return moved(self.record, self.figures)

    @property
    def difference(self) -> int | None:
        """*Avstämningsdifferens*; None when nothing is reconciled."""
        return self.figures.difference

    @property
    def wants_comment(self) -> bool:
        """Whether *Klar* wants a comment that is not there."""
        return wants_comment(self.figures) and not self.record.comment.strip()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A period's balance accounts, by account. `frozen`: the figures are those of its locking."""

    engagement: Engagement
    snapshot: Snapshot
    period: YearPeriod
    lines: tuple[AccountLine, ...]

    @property
    def frozen(self) -> bool:
        """Whether the period is locked."""
        return self.period.lock is not None

    @property
    def total(self) -> int:
        """How many accounts there are to be done."""
        return sum(each.used for each in self.lines)

    @property
    def done(self) -> int:
        """How many of them are *Klar*."""
        return sum(each.used and each.standing is Standing.DONE for each in self.lines)

    @property
    def not_done(self) -> tuple[AccountLine, ...]:
        """Those that are not."""
        return tuple(each for each in self.lines if each.used and each.standing is not Standing.DONE)

    def line(self, account: str) -> AccountLine | None:
        """The account's line."""
        return next((each for each in self.lines if each.account == account), None)


def now(what: tuple[Hashable, ...], make: Callable[[], T], size: Callable[[T], int]) -> T:
    """Keep nothing."""
    return make()


def read_sheet(host: Host, reference: str, key: str = "", *, unused: bool = False) -> Sheet:
    """The sheet of the books that `reference` names, as `open_effective`; `key` "" is the current period.

    Raises what `open_effective` raises, and `DataError` `period-unknown`, `year-too-long`.
    """
    return sheet_of(host, open_effective(host, reference), key, unused=unused)


def sheet_of(host: Host, books: EffectiveBooks, key: str = "", *, unused: bool = False, keep: Keep = now) -> Sheet:
    """The same for books that are open. `unused`: accounts without any balance, row or record too."""
    engagement, snapshot = books.books.engagement, books.books.snapshot
    periods = year_periods(host, engagement.id, snapshot)
    period = periods.find(key)
    said = books_say(host, books, periods, period, keep)
    with host.store.database.read() as connection:
        lines = lines_in(connection, snapshot, period, said)
    return Sheet(engagement, snapshot, period, tuple(each for each in lines if each.used or unused))


@dataclass(frozen=True, slots=True, eq=False)
class BooksSay:
    """What of a period's lines comes from the books, and costs computing: `figures` of all accounts, and the
    `automatic` attachments' RA by control account; of a locked period `control_accounts` alone, its RA is frozen."""

    figures: pl.DataFrame
    automatic: Mapping[str, int]
    control_accounts: frozenset[str]


def books_say(
    host: Host, books: EffectiveBooks, periods: YearPeriods, period: YearPeriod, keep: Keep = now
) -> BooksSay:
    """What they say of the period. Raises `DataError` `sum-too-large`."""
    figures = figures_of_period(host, books, periods, period.key, keep)
    versions = newest_made(versions_of_year(host, books.books.snapshot))
    accounts = frozenset(account for each in versions for account in each.control_accounts)
    automatic: dict[str, int] = {}
    if not period.lock:
        closings = dict(figures.select("account", "closing").iter_rows())
        for each, total in zip(versions, _open_amounts(host, books, versions, period.period.end, keep), strict=True):
            if total is not None:
                automatic |= divided(total, each.control_accounts, closings)
    return BooksSay(figures, automatic, accounts)


def lines_in(
    connection: Connection,
    snapshot: Snapshot,
    period: YearPeriod,
    said: BooksSay,
    only: Collection[str] | None = None,
) -> list[AccountLine]:
    """A line of every balance account, used or not, as the transaction sees what users did with them.

    `only`: of these accounts, those that the period has.
    """
    shown = balance_figures(said.figures, unused=True)
    if only is not None:
        shown = shown.filter(pl.col("account").is_in(list(only)))
    beside = _beside(connection, snapshot, period)
    lines = _lines(shown, beside, _frozen_automatic(said, beside) if period.lock else said.automatic)
    return [each for each in lines if only is None or each.account in only]


def figures_at(books: EffectiveBooks, period: Period) -> pl.DataFrame:
    """Every account in the period, balance and result accounts: the columns of `period_balances.FIGURES`."""
    ledger, moves = in_year_end(books.books.ledger, movements(books.entries), books.returned)
    return period_figures(ledger, moves, period)


def figures_of_period(
    host: Host, books: EffectiveBooks, periods: YearPeriods, key: str, keep: Keep = now
) -> pl.DataFrame:
    """The same, but what was frozen for a locked period."""
    period = periods.find(key)
    if period.lock is not None:
        with host.store.database.read() as connection:
            records = PeriodRecords(connection, periods.engagement_id, periods.year_start)
            return records.figures(period.lock.id)
    back = tuple((each.id, each.version) for each in books.returned)
    return keep(("figures", period.key, periods.division, back), lambda: figures_at(books, period.period), _size)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is kept beside the books for one period."""

    records: Mapping[str, KeptRecord]
    schedules: Mapping[str, tuple[OwnAttachment, ...]]
    files: Mapping[str, int]
    frozen: Mapping[str, Frozen] | None


def _beside(connection: Connection, snapshot: Snapshot, period: YearPeriod) -> _Beside:
    year = (snapshot.engagement_id, snapshot.year_start)
    kept = AccountRecords(connection, *year).of(period.key)
    frozen = PeriodRecords(connection, *year).frozen(period.lock.id) if period.lock else None
    schedules: dict[str, tuple[OwnAttachment, ...]] = {}
    for each in OwnAttachments(connection, *year).all():
        if each.schedule.as_at == period.period.end:
            schedules[each.schedule.account] = (*schedules.get(each.schedule.account, ()), each)
    numbers = {each.number for of in schedules.values() for each in of}
    files = Counter(file.account for file in AttachedFiles(connection, *year).all() if file.is_behind(numbers))
    return _Beside(kept, schedules, files, frozen)


def _open_amounts(
    host: Host, books: EffectiveBooks, versions: Sequence[AttachmentVersion], day: date, keep: Keep
) -> Sequence[int | None]:
    """What the open items of each of `versions` come to at the end of `day`; None where they say nothing of it."""
    if not versions:
        return ()

    def made() -> tuple[int | None, ...]:
        return tuple(_open_amount(host, books, each, day) for each in versions)

    return keep(("open-amounts", tuple(each.version for each in versions), day), made, lambda found: 100 * len(found))


def _frozen_automatic(said: BooksSay, beside: _Beside) -> Mapping[str, int]:
    """Which accounts had an automatic attachment when the period was locked."""
    held = beside.frozen or {}
    return {
        account: frozen.reconciled
        for account, frozen in held.items()
        if account in said.control_accounts and frozen.attached and frozen.reconciled is not None
    }


def _open_amount(host: Host, books: EffectiveBooks, version: AttachmentVersion, day: date) -> int | None:
    if version.facts is None:
        return None
    facts = read_facts(host.store.blobs, version.facts)
    return open_amount(books.books.ledger, facts, version.control_accounts, day)


def _lines(shown: pl.DataFrame, beside: _Beside, automatic: Mapping[str, int]) -> list[AccountLine]:
    """A line for each account of `shown` and for every other one that has a record, a schedule, or open items; a locked
    period has those that it was locked with."""
    rows = {row["account"]: row for row in shown.iter_rows(named=True)}
    open_items = {account for account, amount in automatic.items() if amount}
    touched = set() if beside.frozen is not None else beside.records.keys() | beside.schedules.keys() | open_items
    for account in sorted(touched - rows.keys()):
        rows[account] = dict.fromkeys(("opening", "change", "entries", "closing"), 0) | {"account": account, "name": ""}
    return [
        _line(rows[account], beside, automatic.get(account), touched=account in touched) for account in sorted(rows)
    ]


def _line(row: Mapping[str, Any], beside: _Beside, automatic: int | None, *, touched: bool) -> AccountLine:
    account = row["account"]
    kept = beside.records.get(account)
    record = UNTOUCHED if kept is None else kept.record
    schedules = beside.schedules.get(account, ())
    if beside.frozen is not None:
        held = beside.frozen.get(account)
        figures = Figures(row["closing"], held.reconciled, held.attached) if held else Figures(row["closing"])
    else:
        attached = attached_amount(automatic, (each.schedule for each in schedules))
        figures = figures_of(row["closing"], record, attached)
    return AccountLine(
        account,
        row["name"],
        row["opening"],
        row["change"],
        row["entries"],
        row["closing"],
        bool(row.get("used")) or touched,
        figures,
        record,
        0 if kept is None else kept.version,
        len(schedules) + (automatic is not None),
        automatic is not None,
        beside.files.get(account, 0),
    )


def _size(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size())
