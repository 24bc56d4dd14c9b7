"""Work done ahead in threads, while the caller is busy with what was done before; results come in order."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final, TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")

THREADS: Final = min(4, os.cpu_count() or 1)
"""More would hold more pieces in memory than they save time."""


def ahead(work: Callable[[_Item], _Done], items: Iterable[_Item]) -> Generator[_Done, None, None]:
    """`work(item)` for each of `items`, in their order; at most `THREADS` are under way or waiting to be taken.

    What `work` raises is raised where its result is due. Items are drawn in the caller's thread. Close the generator
    when it is left early: that ends the threads.
    """
    coming: deque[Future[_Done]] = deque()
    drawn = iter(items)
    with ThreadPoolExecutor(THREADS, "sie-ahead") as threads:
        coming.extend(threads.submit(work, item) for item in islice(drawn, THREADS))
        while coming:
            done = coming.popleft().result()
            coming.extend(threads.submit(work, item) for item in islice(drawn, 1))
            yield done
