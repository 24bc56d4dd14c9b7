"""One step ahead: the next piece is read and decoded while the one before is turned into tables."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

_Item = TypeVar("_Item")

_END: Final = object()


def ahead(items: Iterator[_Item]) -> Generator[_Item, None, None]:
    """The same items; each is made in a thread of its own while the caller works on the one before.

    What `items` raises is raised where the item was asked for. Close the iterator when it is left early.
    """
    with ThreadPoolExecutor(1, "sie-ahead") as thread:
        coming = thread.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = thread.submit(next, items, _END)
            yield item  # type: ignore[misc]  # it is not the end
