"""Which accounts of a sheet are asked for, and in which order: the same on the pages as in commands (P 7.2)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from closing_host.closing.standing import Standing

if TYPE_CHECKING:
    from closing_host.engagements.reconciling import AccountLine

Only = Literal["differences", "open", "changed"]
Sort = Literal["account", "name", "closing", "difference", "status"]

_GRAVEST_FIRST: Final = (Standing.CHANGED, Standing.NOT_STARTED, Standing.STARTED, Standing.DONE)

WANTED: Final[Mapping[Only, "Callable[[AccountLine], bool]"]] = {
    "differences": lambda line: bool(line.difference),
    "open": lambda line: line.standing is not Standing.DONE,
    "changed": lambda line: line.standing is Standing.CHANGED,
}
"""*Endast differenser*, *Ej klara*, *Ändrade*."""

KEYS: Final[Mapping[Sort, "Callable[[AccountLine], Any]"]] = {
    "account": lambda line: line.account,
    "name": lambda line: (line.name.casefold(), line.account),
    "closing": lambda line: (-abs(line.closing), line.account),
    "difference": lambda line: (line.difference is None, -abs(line.difference or 0), line.account),
    "status": lambda line: (_GRAVEST_FIRST.index(line.standing), line.account),
}
"""Amounts: the largest first, whichever way they stand, and none at all last; statuses: what wants work first."""
