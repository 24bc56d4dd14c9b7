"""Remembering a world and going back to it: how a test runs a thousand stories from one beginning.

Building demo companies takes longer than copying them; a world that is connected and imported from takes far longer.
The copy is one pickle, in which the clock stands for itself, because companies share it with the world.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datasource_fortnox.simulator.world import World

__all__ = ["Memory", "recall", "remember"]

_CLOCK = "clock"


@dataclass(frozen=True)
class Memory:
    """A world at one moment: everything but its plan of faults, which is empty, and its way of being reached."""

    moment: datetime
    content: bytes


def remember(world: World) -> Memory:
    """What the world holds now. ValueError while something is planned: an action to come cannot be copied."""
    with world.lock:
        if world.pending or world.faults.rules:
            raise ValueError("a world with planned faults or edits cannot be remembered")
        state = (world.companies, world.oauth, world.log, world.window.seen, world.switches, world.random)
        written = io.BytesIO()
        _Writer(written, world.clock).dump(state)
        return Memory(world.clock.now(), written.getvalue())


def recall(world: World, memory: Memory) -> None:
    """Make the world what it was, its time included; what is planned is forgotten."""
    with world.lock:
        world.forget_plans()
        state = _Reader(io.BytesIO(memory.content), world.clock).load()
        world.companies, world.oauth, world.log, world.window.seen, world.switches, world.random = state
        world.clock.set(memory.moment)
        world.faults.clear()


class _Writer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, clock: object) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._clock = clock

    def persistent_id(self, obj: Any) -> str | None:
        return _CLOCK if obj is self._clock else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, clock: object) -> None:
        super().__init__(file)
        self._clock = clock

    def persistent_load(self, pid: Any) -> object:
        return self._clock
