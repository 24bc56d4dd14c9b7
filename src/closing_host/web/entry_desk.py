"""Closing entries of one engagement's year as pages may reach them: every call names its year (T G-1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from closing_host.api.subledger import Side
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Origin, Status
from closing_host.closing.entry_difference import counter_account, difference_rows
from closing_host.engagements import entries, entry_proposals, recognising
from closing_host.engagements.entries import Saved
from closing_host.engagements.entry_proposals import FromAttachment, FromDifference
from closing_host.engagements.entry_year import AccountEffect, EntryYear, entry_history, with_entries_now
from closing_host.storage.engagements import Engagement, EngagementYear
from closing_host.storage.entry_rows import EntryVersion
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.house import House
from closing_host.web.system_desk import SystemDesk


class EntryDesk:
    """The closing entries of `year`. `snapshot`: the books that the year shows, None before the first import."""

    def __init__(self, house: House, engagement: Engagement, year: EngagementYear, snapshot: Snapshot | None) -> None:
        self._house = house
        self._host = house.host
        self.engagement: Final = engagement
        self.financial_year: Final = year
        self._snapshot = snapshot

    @cached_property
    def listed(self) -> EntryYear:
        """The year with its entries, without its books: enough for lists."""
        return with_entries_now(self._host, EntryYear(self.engagement, self.financial_year, None, ()))

    @cached_property
    def year(self) -> EntryYear:
        """The year with its books, for whatever needs accounts or balances."""
        return replace(self.listed, books=None if self._snapshot is None else self._house.ledger(self._snapshot))

    @property
    def has_books(self) -> bool:
        """Whether the year shows an import."""
        return self._snapshot is not None

    @property
    def system(self) -> SystemDesk:
        """The year's system entries by rule."""
        return SystemDesk(self._host, self.year)

    @cached_property
    def dimensions(self) -> dict[int, tuple[str, dict[str, str]]]:
        """Each dimension that has objects, by number: its name, and its objects' names by code."""
        found: dict[int, tuple[str, dict[str, str]]] = {}
        books = self.year.books
        if books is None:
            return found
        titles = dict(books.dimensions.select("dimension", "name").iter_rows())
        names = {(dimension, code): name for dimension, code, name in books.objects.iter_rows()}
        for dimension, code in sorted(self.year.chart.objects):
            objects = found.setdefault(dimension, (titles.get(dimension) or "", {}))[1]
            objects[code] = names.get((dimension, code)) or ""
        return found

    @cached_property
    def _made_from(self) -> dict[tuple[str, str], ClosingEntry]:
        """What was made from an entry and is not deleted; a long list looks each up."""
        alive = (each for each in reversed(self.listed.entries) if each.status is not Status.DELETED)
        return {(each.origin.kind, each.origin.subject): each for each in alive}

    @cached_property
    def _by_id(self) -> dict[str, ClosingEntry]:
        return {str(each.id): each for each in self.listed.entries}

    def find(self, label: str) -> ClosingEntry:
        """One entry. Raises `ClosingError` `entry-unknown`."""
        return self.listed.find(label)

    def history(self, entry: ClosingEntry) -> tuple[EntryVersion, ...]:
        """Its versions, the newest first."""
        return entry_history(self._host, entry)[::-1]

    def reversal(self, entry: ClosingEntry) -> ClosingEntry | None:
        """What takes it back in the next period."""
        return self._made_from.get(("reversal", str(entry.id)))

    def correction(self, entry: ClosingEntry) -> ClosingEntry | None:
        """What corrects it."""
        return self._made_from.get(("correction", str(entry.id)))

    def original(self, entry: ClosingEntry) -> ClosingEntry | None:
        """What it reverses or corrects."""
        return self._by_id.get(entry.origin.subject) if entry.origin.kind in ("reversal", "correction") else None

    def effect(self, entry: ClosingEntry) -> tuple[AccountEffect, ...]:
        """What it does to the closing balances as it stands: the accounts that would stand elsewhere without it."""
        without = [each for each in self.year.entries if each.id != entry.id]
        return replace(self.year, entries=tuple(without)).effect([*without, entry])

    def trial(self, content: EntryContent, replacing: ClosingEntry | None) -> tuple[AccountEffect, ...]:
        """What it would do to them if it were saved now, ready; instead of `replacing`, when that is changed."""
        base = replacing or self._nobody(content)
        return self.effect(replace(base, content=content, status=Status.READY))

    def add(self, content: EntryContent, origin: Origin, *, draft: bool) -> Saved:
        """Make a V."""
        return entries.add_entry(self._host, self.year, content, origin=origin, draft=draft)

    def edit(self, seen: ClosingEntry, content: EntryContent, *, draft: bool | None) -> Saved:
        """Change one; `seen` as the user saw it."""
        return entries.edit_entry(self._host, self.year, seen, content, draft=draft)

    def delete(self, entry: ClosingEntry) -> None:
        """Delete one; its number stays taken."""
        entries.delete_entry(self._host, self.year, entry)

    def restore(self, entry: ClosingEntry) -> None:
        """Bring it back."""
        entries.restore_entry(self._host, self.year, entry)

    def not_for_transfer(self, entry: ClosingEntry, reason: str) -> Saved:
        """*Ej aktuell för överföring*."""
        return entries.not_for_transfer(self._host, self.year, entry, reason)

    def correct(self, entry: ClosingEntry, day: date | None) -> Saved:
        """*Skapa rättelse*."""
        return entries.correct_entry(self._host, self.year, entry, day)

    def export_again(self, entry: ClosingEntry) -> None:
        """*Exportera igen*."""
        recognising.export_again(self._host, self.engagement.id, entry.id)

    def accept_books(self, entry: ClosingEntry) -> None:
        """*Dubbelbokad*: the books are right as they are."""
        recognising.accept_books(self._host, self.engagement.id, entry.id)

    def reverse_double(self, entry: ClosingEntry) -> Sequence[ClosingEntry]:
        """*Dubbelbokad*: an entry for each voucher too many."""
        return recognising.reverse_double(self._host, self.engagement.id, entry.id)[1]

    def from_difference(self, account: str, reconciled: int, counter: str, *, period: str = YEAR_END) -> FromDifference:
        """What brings `account` to `reconciled` when `period` ends; its counter account is left open when none is known
        or stated."""
        known = counter or counter_account(account, self.year.entries, self.year.chart.accounts)
        if known is not None:
            return entry_proposals.from_difference(self.year, account, reconciled, period=period, counter=known)
        rows = difference_rows(account, self.year.balance(account, period), reconciled, "")
        return FromDifference(rows, f"{account} {self.year.chart.accounts.get(account, '')}".rstrip(), _of(account))

    def from_attachment(self, side: Side, number: int) -> FromAttachment:
        """What the attachment proposes. Raises `ClosingError`."""
        books = f"{self.engagement.id}/{self.financial_year.year_end}"
        return entry_proposals.from_attachment(self._host, books, side, number)

    def _nobody(self, content: EntryContent) -> ClosingEntry:
        """An entry that is not there yet."""
        now = self._host.store.clock()
        start = self.financial_year.year_start
        unsaved: dict[str, Any] = {"reason": "", "transferred": None, "seen": False, "created_by": "", "version": 0}
        return ClosingEntry(
            0, self.engagement.id, start, "V", 0, 1, "", content, Origin(), Status.READY, created_at=now, **unsaved
        )


def _of(account: str) -> Origin:
    return Origin("difference", account)
