"""What is computed of one state of the books and not again, as pages keep it between requests."""

from collections.abc import Callable, Hashable
from typing import Any


class Kept:
    """To be given as `keep` to what computes figures, for as long as the books stay as they are."""

    def __init__(self) -> None:
        self._made: dict[tuple[Hashable, ...], Any] = {}

    def __call__(self, what: tuple[Hashable, ...], make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]
