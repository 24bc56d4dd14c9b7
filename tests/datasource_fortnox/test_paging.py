"""Whole lists from pages, while the list shifts between them."""

from collections.abc import Callable, Sequence

import pytest

from datasource_fortnox.paging import READINGS, Listing, Page, read_all

pytestmark = pytest.mark.anyio


class Shifting:
    """A list of numbers in pages of two; `edits[n]` happens just before call n (from 1)."""

    def __init__(self, items: Sequence[int], *, edits: dict[int, Callable[[list[int]], None]] | None = None) -> None:
        self.items = list(items)
        self.edits = edits or {}
        self.calls = 0
        self.over = 0
        self.meta = True

    async def fetch(self, number: int) -> Page[int]:
        self.calls += 1
        if edit := self.edits.get(self.calls) or self.edits.get(0):
            edit(self.items)
        total = len(self.items) + self.over
        items = tuple(self.items[(number - 1) * 2 : number * 2])
        return Page(items, total, -(-total // 2)) if self.meta else Page(items, None, None)

    async def read(self, *, filtered: bool = False) -> Listing[int]:
        return await read_all(self.fetch, lambda item: item, filtered=filtered)


async def test_a_quiet_list_is_read_once() -> None:
    source = Shifting([1, 2, 3, 4, 5])
    assert await source.read() == Listing((1, 2, 3, 4, 5), 5, complete=True)
    assert source.calls == 3


async def test_an_empty_list_has_no_pages_and_is_complete() -> None:
    source = Shifting([])
    assert await source.read() == Listing((), 0, complete=True)
    assert source.calls == 1


async def test_a_record_that_comes_between_pages_makes_the_list_be_read_again() -> None:
    source = Shifting([1, 2, 3, 4], edits={2: lambda items: items.insert(0, 0)})
    assert await source.read() == Listing((0, 1, 2, 3, 4), 5, complete=True)


async def test_a_record_that_goes_between_pages_does_not_take_another_with_it() -> None:
    source = Shifting([1, 2, 3, 4, 5], edits={2: lambda items: items.remove(1)})
    assert await source.read() == Listing((2, 3, 4, 5), 4, complete=True)


async def test_a_list_that_never_rests_is_not_complete() -> None:
    source = Shifting([1, 2, 3, 4, 5, 6], edits={0: lambda items: items.insert(0, -len(items))})
    assert not (await source.read()).complete
    assert source.calls <= READINGS * 20


async def test_a_filtered_list_may_hold_less_than_its_total() -> None:
    source = Shifting([1, 2, 3])
    source.over = 3
    assert await source.read(filtered=True) == Listing((1, 2, 3), 6, complete=True)


async def test_a_whole_list_that_holds_less_than_its_total_is_not_complete() -> None:
    source = Shifting([1, 2, 3])
    source.over = 3
    assert await source.read() == Listing((1, 2, 3), 6, complete=False)


async def test_a_list_without_totals_is_complete_when_two_readings_agree() -> None:
    source = Shifting([1, 2, 3])
    source.meta = False
    assert await source.read() == Listing((1, 2, 3), None, complete=True)
    assert source.calls == 6  # the page after the last tells the end


async def test_a_server_that_repeats_its_first_page_for_ever_is_left() -> None:
    async def fetch(number: int) -> Page[int]:
        return Page((1, 2), 1000, 500)

    assert await read_all(fetch, lambda item: item) == Listing((1, 2), 1000, complete=False)


async def test_a_key_twice_on_one_page_is_one_record_and_a_doubt() -> None:
    async def fetch(number: int) -> Page[int]:
        return Page((1, 1), 2, 1)

    assert await read_all(fetch, lambda item: item) == Listing((1,), 2, complete=False)
