"""Books with the closing entries that count: what reading commands show (P 7.5.4)."""

from dataclasses import dataclass

from closing_host.api.ledger import Ledger
from closing_host.closing.effect import counted, with_entries
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.returned_entries import returned
from closing_host.engagements.books import Books, open_books
from closing_host.engagements.host import Host
from closing_host.storage.entries import EntryRecords


@dataclass(frozen=True, slots=True, eq=False)
class EffectiveBooks:
    """`ledger` is the books with `entries` booked; `books.ledger` is the books alone. `returned`: entries that these
    hold as vouchers themselves."""

    books: Books
    ledger: Ledger
    entries: tuple[ClosingEntry, ...]
    returned: tuple[ClosingEntry, ...] = ()

    @property
    def entry_keys(self) -> dict[int, ClosingEntry]:
        """Which vouchers of `ledger` are closing entries, by voucher key; none of books that state figures only."""
        own = self.ledger.vouchers["voucher"].tail(self.ledger.vouchers.height - self.books.ledger.vouchers.height)
        return dict(zip(own, self.entries, strict=True)) if own.len() else {}


def open_effective(host: Host, reference: str) -> EffectiveBooks:
    """The books that `reference` names with the entries that count, as `books.open_books`.

    Entries stand beside the current books only: an older or newer import than the one that the year shows is given
    without them, since it is not the one that they were recognised in.
    """
    return effective(host, open_books(host, reference))


def effective(host: Host, books: Books) -> EffectiveBooks:
    """The same for books that are open already."""
    snapshot = books.snapshot
    if not snapshot.current:
        return EffectiveBooks(books, books.ledger, ())
    with host.store.database.read() as connection:
        every = EntryRecords(connection, books.engagement.id).all(snapshot.year_start)
    entries = counted(every)
    return EffectiveBooks(books, with_entries(books.ledger, entries), entries, returned(every))
