"""Accounts that are *Ändrad efter klar*: old and new, and which vouchers moved them since (P 7.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from closing_host.closing.changed_since import MOVED, moved_amounts, moved_until
from closing_host.closing.entries import YEAR_END
from closing_host.closing.recognition import Place
from closing_host.closing.returned_entries import places_of
from closing_host.closing.standing import Moved, SignOff, Standing
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.periods import YearPeriod, year_periods
from closing_host.engagements.reconciling import AccountLine, Keep, now, sheet_of
from closing_host.engagements.signed_periods import UNREAD, own_places
from closing_host.storage.account_records import AccountRecords, KeptRecord


@dataclass(frozen=True, slots=True, eq=False)
class AccountChange:
    """An account that is *Ändrad efter klar*. `moved`: old and new. `vouchers`: what moved it since the sign-off, in
    the columns of `MOVED`; `other` is the rest of it in öre: closing entries, or figures stated without vouchers."""

    period: YearPeriod
    account: str
    name: str
    signed: SignOff
    moved: tuple[Moved, ...]
    vouchers: pl.DataFrame
    other: int


def changed_accounts(host: Host, books: EffectiveBooks, *, keep: Keep = now) -> tuple[AccountChange, ...]:
    """The accounts of periods that are not locked which are *Ändrad efter klar*, by period and account."""
    changed = changed_lines(host, books, keep=keep)
    return tuple(_account(host, books, period, line, kept, keep) for period, line, kept in changed)


def changed_lines(
    host: Host, books: EffectiveBooks, *, keep: Keep = now
) -> Iterator[tuple[YearPeriod, AccountLine, KeptRecord]]:
    """The same accounts, without what moved them."""
    snapshot = books.books.snapshot
    with host.store.database.read() as connection:
        records = AccountRecords(connection, snapshot.engagement_id, snapshot.year_start).all()
    for period in year_periods(host, snapshot.engagement_id, snapshot).periods:
        of = records.get(period.key, {})
        if period.lock is None and any(each.record.signed for each in of.values()):
            for line in sheet_of(host, books, period.key, unused=True, keep=keep).lines:
                if line.standing is Standing.CHANGED:
                    yield period, line, of[line.account]


def _account(
    host: Host, books: EffectiveBooks, period: YearPeriod, line: AccountLine, kept: KeptRecord, keep: Keep
) -> AccountChange:
    signed = line.record.signed
    assert signed is not None, "an account that is changed was signed off"
    vouchers = moved_until(
        _moved(host, books, kept.snapshot_id, keep),
        line.account,
        books.books.snapshot.year_start,
        period.period.end,
        own=own_places(books),
        apart=frozenset() if period.period.is_year_end else _apart(books),
    )
    explained = int((vouchers["after"] - vouchers["before"]).sum())
    other = line.figures.closing - signed.closing - explained
    return AccountChange(period, line.account, line.name, signed, line.moved, vouchers, other)


def _moved(host: Host, books: EffectiveBooks, snapshot_id: int | None, keep: Keep) -> pl.DataFrame:
    """What moved each account since that import."""
    shown, ledger = books.books.snapshot, books.books.ledger
    if snapshot_id is None or snapshot_id == shown.id:
        return pl.DataFrame(schema=MOVED)

    def made() -> pl.DataFrame:
        return moved_amounts(host.store.snapshots.load(shown.engagement_id, snapshot_id, without=UNREAD), ledger)

    return keep(("moved-amounts", snapshot_id), made, lambda found: int(found.estimated_size()))


def _apart(books: EffectiveBooks) -> frozenset[Place]:
    """Vouchers of year-end entries, which are in *Årsavslut* alone."""
    return frozenset(place for each in books.returned if each.content.period == YEAR_END for place in places_of(each))
