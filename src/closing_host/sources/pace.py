"""The shared pace: how fast one application may call one account, kept together by every process (T 3d).

Paced, not counted: calls start at even distances of 1/rate, because a counter lets its whole burst arrive twice
within the server's window when the network delays some of it (T 0.7, L 6). The rate is nine tenths of what the
source declares; it halves when the source says 429 and rises slowly again. `take` and `refuse` are the rules, pure
functions over one row; `Pace` runs them against the shared row.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal, Protocol, TypeVar

from closing_host.api.errors import RateLimited
from closing_host.api.source import RateLimit
from closing_host.storage.clock import Clock
from closing_host.storage.paces import PaceRow

Lane = Literal["interactive", "bulk"]
"""`interactive`: somebody looks at the screen and waits. `bulk`: imports and everything else."""

Sleep = Callable[[float], Awaitable[None]]
Chance = Callable[[], float]
"""An even draw from [0, 1)."""

_Answer = TypeVar("_Answer")

_USE: Final = 0.9  # of what is declared: 4.5/s for 25 per 5 s, which stays at 24 in a window with 0.2 s of jitter
_FLOOR: Final = 1 / 9  # of the top rate: 0.5/s for 4.5/s
_RISE: Final = 1 / 22.5  # of the top rate: +0.2/s for 4.5/s
_CLEAN: Final = 10.0  # seconds without a refusal that earn one rise
_FIRST_WAIT: Final = 5.0
_LONGEST_WAIT: Final = 60.0
_TURNS: Final = 3  # interactive calls in a row before a waiting bulk call gets its turn: a quarter for either lane
_CLOCKS_DIFFER: Final = 1.0  # seconds by which clocks of several machines may differ without one being set back
_TICK: Final = 0.001  # seconds; a shorter sleep may leave a clock of microseconds where it was
_GRACE: Final = 0.15  # seconds for which a waiting caller's place is kept past the moment when it may start


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a declared limit allows: rates in calls per second."""

    top: float
    floor: float
    rise: float

    @classmethod
    def of(cls, limit: RateLimit) -> "Allowance":
        """Nine tenths of the declared calls, evenly spread."""
        top = _USE * limit.calls / limit.seconds
        return cls(top, top * _FLOOR, top * _RISE)

    def fresh(self, now: float) -> PaceRow:
        """The row before the first call."""
        return PaceRow(self.top, now, 0.0, now, 0, 0, 0.0, 0.0, now)


def take(row: PaceRow, allowance: Allowance, lane: Lane, now: float) -> tuple[PaceRow, float]:
    """Let one call of `lane` start, or say how many seconds to wait before asking again (0: start now).

    Nobody books ahead, so a fall in the rate reaches every waiting caller. While both lanes wait, the interactive
    one goes first, but of four calls in a row at least one is bulk: each lane has a quarter reserved.
    """
    row = _risen(_on_time(row, now), allowance, now)
    if now < row.free_at:
        return _waiting(row, lane, row.free_at), row.free_at - now
    other_waits = now < (row.bulk_until if lane == "interactive" else row.interactive_until)
    own_turn = (row.in_a_row < _TURNS) == (lane == "interactive")
    if other_waits and not own_turn:
        return _waiting(row, lane, now), _GRACE / 3
    row = replace(row, free_at=now + 1 / row.rate, touched_at=now)
    if lane == "interactive":
        return replace(row, in_a_row=min(row.in_a_row + 1, _TURNS), interactive_until=0.0), 0.0
    return replace(row, in_a_row=0, bulk_until=0.0), 0.0


def refuse(
    row: PaceRow, allowance: Allowance, now: float, *, sent_at: float, retry_after: float | None, chance: float
) -> PaceRow:
    """Note that the source said 429 to a call sent at `sent_at`: nobody calls for a while, then everybody slower.

    `retry_after` seconds are honoured; without them the wait is 5 s, doubled for each refusal in a row up to 60 s,
    times `chance` in [0, 1) (full jitter). Calls that were already on their way when the rate fell are the same
    incident: they do not halve it again.
    """
    row = _risen(_on_time(row, now), allowance, now)
    if sent_at >= row.fell_at:
        row = replace(row, rate=max(row.rate / 2, allowance.floor), strikes=row.strikes + 1, fell_at=now)
    if retry_after is None:
        retry_after = min(_FIRST_WAIT * 2 ** min(row.strikes - 1, 10), _LONGEST_WAIT) * chance
    free_at = max(row.free_at, now + retry_after, now + 1 / row.rate)
    return replace(row, free_at=free_at, clean_from=free_at, touched_at=now)


def _risen(row: PaceRow, allowance: Allowance, now: float) -> PaceRow:
    """One step up for each clean stretch; the first one ends the row of refusals."""
    steps = int((now - row.clean_from) // _CLEAN)
    if steps <= 0 or (row.strikes == 0 and row.rate >= allowance.top):
        return replace(row, rate=min(row.rate, allowance.top))
    rate = min(row.rate + steps * allowance.rise, allowance.top)
    return replace(row, rate=rate, strikes=0, clean_from=row.clean_from + steps * _CLEAN)


def _on_time(row: PaceRow, now: float) -> PaceRow:
    """When the clock was set back, move every instant back with it: nobody waits for an hour that comes again."""
    back = row.touched_at - now
    if back <= _CLOCKS_DIFFER:
        return row
    return replace(
        row,
        free_at=row.free_at - back,
        fell_at=row.fell_at - back,
        clean_from=row.clean_from - back,
        interactive_until=row.interactive_until - back,
        bulk_until=row.bulk_until - back,
        touched_at=now,
    )


def _waiting(row: PaceRow, lane: Lane, start: float) -> PaceRow:
    if lane == "interactive":
        return replace(row, interactive_until=start + _GRACE)
    return replace(row, bulk_until=start + _GRACE)


class Rows(Protocol):
    """Where the shared row is kept: `closing_host.storage.paces.Paces`, or a dictionary in a simulation."""

    def change(self, key: str, step: Callable[[PaceRow | None], tuple[PaceRow, _Answer]]) -> _Answer:
        """Replace the row of `key` by what `step` makes of it, atomically."""
        ...


class Pace:
    """The pace of one application and account. `key` names both (`wire.pace_key`)."""

    def __init__(
        self, rows: Rows, key: str, allowance: Allowance, *, clock: Clock, sleep: Sleep, chance: Chance
    ) -> None:
        self._rows = rows
        self._key = key
        self._allowance = allowance
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    async def turn(self, lane: Lane, deadline: float) -> float:
        """Wait until one call may start; returns that instant (seconds since 1970).

        `deadline` is the latest instant at which a start is of use. Raises `RateLimited("source-busy")` with
        `until` and `retry_after` as soon as it is known that the start would come later.
        """
        while True:
            start, now = await asyncio.to_thread(self._rows.change, self._key, lambda row: self._take(row, lane))
            if start <= now:
                return now
            if start > deadline:
                until = datetime.fromtimestamp(start, UTC)
                raise RateLimited("source-busy", retry_after=start - now, until=until.isoformat(timespec="seconds"))
            await self._sleep(max(start - now, _TICK))

    async def refused(self, sent_at: float, retry_after: float | None) -> None:
        """Tell everybody that the source answered 429 to the call that started at `sent_at`."""
        chance = self._chance()

        def step(row: PaceRow | None) -> tuple[PaceRow, None]:
            now = self._now()
            before = row or self._allowance.fresh(now)
            after = refuse(before, self._allowance, now, sent_at=sent_at, retry_after=retry_after, chance=chance)
            return after, None

        await asyncio.to_thread(self._rows.change, self._key, step)

    def _take(self, row: PaceRow | None, lane: Lane) -> tuple[PaceRow, tuple[float, float]]:
        # Read here, under the row's lock: read before it, two callers could overtake each other in time.
        now = self._now()
        after, wait = take(row or self._allowance.fresh(now), self._allowance, lane, now)
        return after, (now + wait, now)

    def _now(self) -> float:
        return self._clock().timestamp()
