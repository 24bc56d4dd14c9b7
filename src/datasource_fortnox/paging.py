"""Whole lists from pages that may shift while they are read (F 3.3, T C2, C3).

Fortnox keeps no snapshot of a list: a record that comes or goes between two pages moves the others. So the pages of
one reading must agree on the total, repeat no key and hold as many records as they say; otherwise the list is read
again, at most three times.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

READINGS: Final = 3


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. `total` and `pages` are what Fortnox states of the whole list; None when it does not."""

    items: tuple[T, ...]
    total: int | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list. `total` is what Fortnox states; `complete` whether the items are certainly all of one moment.

    Filtered lists may state a higher total than they hold (F 3.3): two readings that agree are complete all the same.
    """

    items: tuple[T, ...]
    total: int | None
    complete: bool


@dataclass(slots=True)
class _Reading(Generic[T]):
    items: dict[Hashable, T]
    totals: set[int | None]
    repeated: bool = False

    @property
    def exact(self) -> bool:
        return not self.repeated and self.totals == {len(self.items)}

    def agrees(self, other: "_Reading[T] | None") -> bool:
        return other is not None and (self.items.keys(), self.totals) == (other.items.keys(), other.totals)


async def read_all(
    fetch: Callable[[int], Awaitable[Page[T]]], key: Callable[[T], Hashable], *, filtered: bool = False
) -> Listing[T]:
    """Every page of a list; `fetch(number)` gets one, from 1. Records with the same key are the same record."""
    before: _Reading[T] | None = None
    for _ in range(READINGS):
        reading = await _read(fetch, key)
        total = max((total for total in reading.totals if total is not None), default=None)
        stated = None not in reading.totals
        if reading.exact or (reading.agrees(before) and (filtered or not stated)):
            return Listing(tuple(reading.items.values()), total, complete=True)
        if reading.agrees(before):
            break
        before = reading
    return Listing(tuple(reading.items.values()), total, complete=False)


async def _read(fetch: Callable[[int], Awaitable[Page[T]]], key: Callable[[T], Hashable]) -> _Reading[T]:
    reading: _Reading[T] = _Reading({}, set())
    number = 1
    while True:
        page = await fetch(number)
        fresh = {key(item): item for item in page.items}
        if number == 1 or page.items:  # a page past the end may state a total of 0
            reading.totals.add(page.total)
        reading.repeated |= len(fresh) < len(page.items) or not reading.items.keys().isdisjoint(fresh)
        known = len(reading.items)
        reading.items |= fresh
        # A page that brings nothing new ends the list whatever it says, so no server can keep us for ever.
        if len(reading.items) == known or (page.pages is not None and number >= page.pages):
            return reading
        number += 1
