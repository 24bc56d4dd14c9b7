"""Sources on their way: one that is slow to load, or hangs, holds up only who asks for it.

`Arriving` is what a registry shows of them: a mapping of the sources and a sequence of the problems that grow until
the last has loaded or was given up.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, overload

from closing_host.sources.facade import DataSource
from closing_host.sources.problems import PluginProblem

STALL: Final = 0.4
"""Seconds after which the next source begins to load though the one before has not ended. Not sooner: Python gives
threads that import the same modules at the same time half-made ones when these import each other."""

Load = Callable[[], DataSource | PluginProblem]
"""Loads one source, with an end: `loading.load` gives up in time. Never raises."""


class Loading:
    """One source on its way. `still`: the problem that is told while it loads."""

    def __init__(self, load: Load, still: PluginProblem) -> None:
        self._load: Final = load
        self._still: Final = still
        self._done: Final = threading.Event()
        self._ended: DataSource | PluginProblem = still

    def run(self) -> None:
        """Load it, here."""
        self._ended = self._load()
        self._done.set()

    def wait(self, seconds: float | None) -> bool:
        """Whether it has ended within `seconds`; None waits for as long as it takes."""
        return self._done.wait(seconds)

    def ended(self, until: float | None) -> DataSource | PluginProblem:
        """What it became; the problem that it still loads when that has not ended by `until` (monotonic)."""
        self.wait(None if until is None else max(0.0, until - time.monotonic()))
        return self._ended if self._done.is_set() else self._still

    @property
    def has_ended(self) -> bool:
        """It has loaded or was given up."""
        return self._done.is_set()


def begin(loadings: Iterable[Loading]) -> None:
    """Load them one after the other, each in a thread of its own, going on when one stalls. Returns at once."""

    def start_each() -> None:
        for loading in waiting:
            threading.Thread(target=loading.run, name="load a source", daemon=True).start()
            loading.wait(STALL)

    waiting = tuple(loadings)
    threading.Thread(target=start_each, name="load sources", daemon=True).start()


class Arriving(Mapping[str, DataSource]):
    """Those that have loaded, by id in alphabetical order. Asking for one by its id waits for that one.

    `until`: the instant (monotonic) up to which looking through them waits for those that still load; None waits for
    each as long as it takes.
    """

    def __init__(self, loadings: Mapping[str, Loading], until: float | None) -> None:
        self._loadings: Final = dict(sorted(loadings.items()))
        self._until: Final = until

    def __getitem__(self, id: str) -> DataSource:
        ended = self._loadings[id].ended(None)
        if isinstance(ended, PluginProblem):
            raise KeyError(id)
        return ended

    def __iter__(self) -> Iterator[str]:
        for id, loading in self._loadings.items():
            if isinstance(loading.ended(self._until), DataSource):
                yield id

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def have_ended(self) -> bool:
        """Nothing is loading any more."""
        return all(each.has_ended for each in self._loadings.values())

    def problems(self) -> tuple[PluginProblem, ...]:
        """What became problems, and what still loads."""
        ended = [each.ended(self._until) for each in self._loadings.values()]
        return tuple(each for each in ended if isinstance(each, PluginProblem))


class ArrivingProblems(Sequence[PluginProblem]):
    """`before`, which were found at once, and those of the sources that load."""

    def __init__(self, before: Sequence[PluginProblem], arriving: Arriving) -> None:
        self._before: Final = tuple(before)
        self._arriving: Final = arriving

    @overload
    def __getitem__(self, index: int) -> PluginProblem: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[PluginProblem, ...]: ...

    def __getitem__(self, index: int | slice) -> PluginProblem | tuple[PluginProblem, ...]:
        return (*self._before, *self._arriving.problems())[index]

    def __len__(self) -> int:
        return len(self._before) + len(self._arriving.problems())
