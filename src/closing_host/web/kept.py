"""What was read or computed lately, kept in memory up to so many bytes; what was asked for last stays longest."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")


class Kept:
    """Values by key, which names all that they depend on: a key's value never changes, so nothing is ever stale.

    Holds at most `limit` bytes, by the sizes that it is told, but always the value that was made last.
    """

    def __init__(self, limit: int) -> None:
        self._limit: Final = limit
        self._values: Final[OrderedDict[Hashable, tuple[Any, int]]] = OrderedDict()
        self._held = 0
        self._making: Final[dict[Hashable, threading.Lock]] = {}
        self._lock: Final = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The value of `key`; `make` gives it the first time, once also when several threads ask, and again after it
        was pushed out. Raises what `make` raises, and then keeps nothing."""
        with self._lock:
            if (known := self._known(key)) is not None:
                return known[0]  # type: ignore[no-any-return]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if (known := self._known(key)) is not None:
                    return known[0]  # type: ignore[no-any-return]
            try:
                made = make()
                self._keep(key, made, size(made))
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return made

    @property
    def held(self) -> int:
        """Bytes of all that is kept."""
        return self._held

    def _known(self, key: Hashable) -> tuple[Any, int] | None:
        if key in self._values:
            self._values.move_to_end(key)
        return self._values.get(key)

    def _keep(self, key: Hashable, made: object, size: int) -> None:
        with self._lock:
            self._held += size - self._values.pop(key, (None, 0))[1]
            self._values[key] = (made, size)
            while self._held > self._limit and len(self._values) > 1:
                self._held -= self._values.popitem(last=False)[1][1]
