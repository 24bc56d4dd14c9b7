"""Which vouchers are whose: one voucher is taken by one entry only, by the best evidence first (P 7.6.5).

In this order: the number with the content as sent; the marker; the number alone, when the text says whose it is; then
the label in the text with date and rows, for entries that went by a file, whose number changed, or whose answer was
lost. Content alone never makes a voucher an entry's: two equal vouchers are legal.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from closing_host.api.vouchers import VoucherRecord
from closing_host.closing.entries import BOOKED, ClosingEntry, Status
from closing_host.closing.recognition.books import Books
from closing_host.closing.recognition.result import Look, Place, Shown, accepted

LABELLED: Final = BOOKED | {Status.UNKNOWN}
"""What has been sent, so that its label in a text may tell where it is; of an unknown outcome only when the source has
not answered. It knows the marker, and after a restored backup a voucher with label and content may be another's."""


@dataclass(slots=True)
class Claim:
    """What was found of one entry. `places`: where it is, by number or marker; `shown`: its vouchers in the books.

    `number_taken`: the voucher under its number, when nothing says that it is the entry's own. `namesakes`: vouchers
    of the books, nobody's so far, with its label; `lookalikes`: those of them with its date and rows.
    """

    places: set[Place] = field(default_factory=set)
    shown: list[Shown] = field(default_factory=list)
    by_text: bool = False
    number_taken: Shown | None = None
    namesakes: tuple[Shown, ...] = ()
    lookalikes: tuple[Shown, ...] = ()

    def take(self, shown: Shown) -> None:
        """Add a voucher of the books."""
        self.places.add(shown.place)
        self.shown.append(shown)


def claims_of(entries: Collection[ClosingEntry], books: Books, look: Look | None) -> dict[int, Claim]:
    """Every entry's claim, by its id."""
    ordered = sorted(entries, key=lambda entry: (entry.kind, entry.number))
    claims = {entry.id: Claim() for entry in ordered}
    taken: set[int] = set()

    def take(entry: ClosingEntry, several: Iterable[Shown]) -> None:
        for shown in several:
            if shown.key not in taken:
                taken.add(shown.key)
                claims[entry.id].take(shown)

    def free(several: Iterable[Shown]) -> tuple[Shown, ...]:
        return tuple(each for each in several if each.key not in taken)

    def at_number(entry: ClosingEntry) -> tuple[Shown, ...]:
        at = entry.transferred
        here = books.at.get((at.series, at.number), ()) if entry.status in BOOKED and at and at.number else ()
        return free(here)

    for entry in ordered:
        take(entry, books.same_as(entry, at_number(entry))[:1])
    for entry in ordered:
        _take_marked(entry, claims[entry.id], look, books, take)
    for entry in ordered:
        claim = claims[entry.id]
        if not claim.places and (here := at_number(entry)):
            known = accepted(entry)
            related = [each for each in here if books.related(entry, each) or each.place in known]
            take(entry, related[:1])
            claim.number_taken = None if related else here[0]
    for entry in ordered:
        claim = claims[entry.id]
        claim.namesakes = free(books.with_label(entry))
        alike = books.same_as(entry, claim.namesakes)
        labelled = BOOKED if look is not None and entry.id in look.complete else LABELLED
        if entry.status in labelled and not claim.places:
            alike = alike or (free(books.same_text(entry)) if entry.status in BOOKED else ())
            take(entry, alike)
            claim.by_text = bool(alike)
        else:
            claim.lookalikes = alike
    return claims


def _take_marked(
    entry: ClosingEntry,
    claim: Claim,
    look: Look | None,
    books: Books,
    take: Callable[[ClosingEntry, Iterable[Shown]], None],
) -> None:
    """What the source says carries the entry's marker, and the books' voucher at each of these places."""
    found: Mapping[int, tuple[VoucherRecord, ...]] = look.found if look else {}
    for record in found.get(entry.id, ()):
        place = (record.series, record.number)
        if place not in claim.places:
            here = books.at.get(place, ())
            take(entry, (books.same_as(entry, here) or here)[:1])
            claim.places.add(place)
