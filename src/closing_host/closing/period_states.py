"""Where the periods of a year stand (P 7.2): locked ones are the year's first ones, and what follows an unlocked one
waits for it."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from closing_host.closing.periods import Period

PeriodState = Literal["not-started", "started", "paused", "locked"]
"""*Ej påbörjad*, *Påbörjad*, *Pausad* (an earlier one was unlocked and is not locked again), *Låst*."""

ENTERABLE: Final[frozenset[PeriodState]] = frozenset({"not-started", "started"})
"""In which something may be entered."""


def period_states(
    periods: Sequence[Period], started: Collection[str], locked: Collection[str], unlocked: Collection[str]
) -> tuple[PeriodState, ...]:
    """The state of each period, in their order. All by key: `started` ones, those `locked` now, and those that were
    `unlocked` and are not locked again."""
    states: list[PeriodState] = []
    waiting = False
    for each in periods:
        if each.key in locked:
            states.append("locked")
        elif waiting:
            states.append("paused" if each.key in {*started, *unlocked} else "not-started")
        else:
            states.append("started" if each.key in {*started, *unlocked} else "not-started")
        waiting = waiting or each.key in unlocked
    return tuple(states)
