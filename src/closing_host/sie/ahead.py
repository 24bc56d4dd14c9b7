"""Work done ahead in threads, while the caller is busy with what was done before; results come in order."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final, TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

THREADS: Final = max(2, min(4, os.cpu_count() or 1))
"""More would hold more pieces in memory than they save time."""


def ahead(work: Callable[[_Item], _Done], items: Iterable[_Item]) -> Generator[_Done, None, None]:
    """`work(item)` for each of `items`, in their order; at most `THREADS` are under way or waiting to be taken.

    What `work` raises is raised where its result is due. Items are drawn in the caller's thread. Close the generator
    when it is left early: that ends the threads. A single item is worked on in the caller's thread: another would
    first have to compile every pattern for itself, which takes a third of the time that a small file takes.
    """
    coming: deque[Future[_Done]] = deque()
    drawn = iter(items)
    first = list(islice(drawn, THREADS))
    if len(first) == 1:
        yield work(first[0])
        return
    with ThreadPoolExecutor(THREADS, "sie-ahead") as threads:
        coming.extend(threads.submit(work, item) for item in first)
        while coming:
            done = coming.popleft().result()
            coming.extend(threads.submit(work, item) for item in islice(drawn, 1))
            yield done
