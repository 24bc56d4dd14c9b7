"""The opened house: the data folder, the sources and the acting user, which every use-case takes first."""

import asyncio
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from closing_host.runs.runner import sweep
from closing_host.sources.pace import Sleep
from closing_host.sources.registry import Registry, discover
from closing_host.storage.audit import Actor
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections


@dataclass(frozen=True)
class Host:
    """What is open. `safe_mode` loads no sources, so that books can be read when a source stands in the way.

    `sleep` is how calls to sources wait for their turn; it goes with the store's clock. `soon`: seconds that the host
    waits for its sources when it looks through them; those that take longer join it later (`registry.discover`).
    """

    store: Store
    actor: Actor
    safe_mode: bool = False
    sleep: Sleep = asyncio.sleep
    soon: float | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        actor: Actor,
        *,
        safe_mode: bool = False,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
        soon: float | None = None,
    ) -> Self:
        """Open the data folder (created when needed) and declare interrupted what a dead process left running.

        Raises what `Store.open` raises.
        """
        store = Store.open(folder, clock=clock)
        sweep(store)
        return cls(store, actor, safe_mode, sleep, soon)

    @cached_property
    def sources(self) -> Registry:
        """The data sources, found at first use."""
        return discover(safe_mode=self.safe_mode, soon=self.soon)

    @cached_property
    def connections(self) -> Connections:
        """The connections to the sources, opened at first use."""
        return Connections(self.store, self.sources, sleep=self.sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()
