"""One process of the product: an opened host on a data folder, reaching the simulator without sockets."""

import asyncio
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from cryptography.fernet import Fernet

from closing_host.engagements.host import Host
from closing_host.runs.runner import sweep
from closing_host.sources.registry import Registry, discover
from closing_host.storage.audit import Actor
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections
from export_world.death import Life
from export_world.network import Line
from export_world.witness import Transactions
from shared_statements import share

KEY = Fernet.generate_key().decode()
KEYS = Keyring((KEY,))
ANNA = Actor("anna")


@cache
def sources() -> Registry:
    """The installed sources, loaded once."""
    return discover(only=["fortnox", "sie4"])


@dataclass(frozen=True)
class SimulatedHost(Host):
    """A host whose network is the simulator, and whose waiting moves the clock."""

    line: Line = field(kw_only=True)
    life: Life = field(kw_only=True)

    @cached_property
    def sources(self) -> Registry:
        return sources()

    @cached_property
    def connections(self) -> Connections:
        transport = self.line.of(self.life)
        connections = Connections(
            self.store,
            self.sources,
            keyring=KEYS,
            sleep=self.sleep,
            chance=lambda: 0.5,
            network=lambda: (transport, transport),
        )
        # The shared row of the pace, in memory: the rules are the product's own, and its database has other tests.
        connections.access._paces = self.line.paces  # type: ignore[assignment]
        return connections


class Process:
    """An opened host that can die."""

    def __init__(self, folder: Path, line: Line, actor: Actor = ANNA) -> None:
        self.life = Life()
        clock = line.simulator.clock

        async def sleep(seconds: float) -> None:
            self.life.check()
            clock.advance(seconds + 0.001)  # the clock knows microseconds only
            await asyncio.sleep(0)
            self.life.check()

        store = Store.open(folder, clock=clock.now)
        sweep(store)
        self.host = SimulatedHost(store, actor, sleep=sleep, line=line, life=self.life)
        share(store.database.engine)
        self.life.bind(store.database.engine)
        self.transactions = Transactions(store.database.engine)

    def close(self) -> None:
        """End in order; of a dead one, give back what the operating system would take: files and locks."""
        self.host.store.close()
