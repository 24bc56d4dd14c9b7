"""Where the periods of a year stand (P 7.2): locked ones are the year's first ones, and what follows an unlocked one
waits for it, whether it was started or not."""

from collections.abc import Collection, Sequence
from typing import Literal

from closing_host.closing.periods import Period

PeriodState = Literal["not-started", "started", "paused", "locked"]
"""*Ej påbörjad*, *Påbörjad*, *Pausad* (an earlier one was unlocked and is not locked again), *Låst*."""


def waiting_periods(periods: Sequence[Period], unlocked: Collection[str]) -> frozenset[str]:
    """The keys of those that wait: an earlier one is among the `unlocked`, which are not locked again."""
    after = (at for at, each in enumerate(periods, 1) if each.key in unlocked)
    return frozenset(each.key for each in periods[next(after, len(periods)) :])


def period_states(
    periods: Sequence[Period], started: Collection[str], locked: Collection[str], unlocked: Collection[str]
) -> tuple[PeriodState, ...]:
    """The state of each period, in their order. All by key: `started` ones, those `locked` now, and those that were
    `unlocked` and are not locked again."""
    waiting, begun = waiting_periods(periods, unlocked), {*started, *unlocked}

    def state(key: str) -> PeriodState:
        if key in locked:
            return "locked"
        if key not in begun:
            return "not-started"
        return "paused" if key in waiting else "started"

    return tuple(state(each.key) for each in periods)
