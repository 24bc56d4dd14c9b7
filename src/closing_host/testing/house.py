"""A real data folder for the tests that need the host's own custody of tokens: logins, storage, renewal."""

import asyncio
import base64
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from closing_host.api.authorization import Redirect
from closing_host.sources.registry import Registry
from closing_host.storage.audit import Actor
from closing_host.storage.connections import ConnectionRecord, ConnectionRecords
from closing_host.storage.engagements import Engagements
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.testing.bench import CALLBACK, Bench
from closing_host.transfers.access import SourceRenewal
from closing_host.transfers.connections import Connections
from closing_host.transfers.custody import Custody
from closing_host.transfers.logins import Connected, Dialogue, Logins

_ACTOR: Final = Actor("kit")
_SESSION: Final = "kit"
_CALLERS: Final = 10


@functools.cache
def _empty_folder() -> tempfile.TemporaryDirectory[str]:
    """A data folder as it is at first start, made once: laying the tables takes longer than a test."""
    folder = tempfile.TemporaryDirectory(prefix="closing-kit-")
    Store.open(Path(folder.name) / "data").close()
    return folder


@dataclass
class House:
    """One engagement whose source is the one under test."""

    bench: Bench
    connections: Connections
    engagement_id: int

    async def log_in(self, company: int) -> None:
        """The whole login as the host leads it. Raises what the host raises."""
        logins = Logins(self.connections)
        callback = str(getattr(self.bench.connection.installation, "callback", CALLBACK))
        now = await logins.begin(self.engagement_id, callback=callback, session=_SESSION, actor=_ACTOR)
        while not isinstance(now, Connected):
            if not isinstance(now, Dialogue):
                now = await logins.confirm(now.state, session=_SESSION, actor=_ACTOR)
                continue
            answer = await self.bench.answer(now.step, company)
            state = None if isinstance(now.step, Redirect) else now.state
            now = await logins.complete(answer, session=_SESSION, actor=_ACTOR, state=state)

    async def expire(self) -> datetime | None:
        """Let time pass until the token is over; None for one that does not end."""
        row = await asyncio.to_thread(self.connections.vault.current, self._credential)
        if row.expires_at is not None:
            self.bench.clock.advance((row.expires_at - self.bench.clock()).total_seconds() + 1)
        return row.expires_at

    async def ten_at_once(self) -> set[int]:
        """Ten calls want a token at the same time: the generations that they got."""
        record = self._record
        source, access = self.bench.source, self.connections.access
        connection = access.connection(source, None, record.account)
        renewal = SourceRenewal(access, source, connection)
        custody = Custody(self.connections.vault, self.bench.clock, sleep=self._sleep)
        tokens = await asyncio.gather(*(custody.live(self._credential, renewal) for _ in range(_CALLERS)))
        return {each.generation for each in tokens}

    async def _sleep(self, seconds: float) -> None:
        """Custody waits shortly for other callers, who take no time on the test's clock."""
        await (self.bench.clock.sleep(seconds) if seconds >= 1 else asyncio.sleep(0.002))

    @property
    def _record(self) -> ConnectionRecord:
        with self.connections.store.database.read() as connection:
            record = ConnectionRecords(connection).get(self.engagement_id)
        assert record is not None
        return record

    @property
    def _credential(self) -> str:
        credential = self._record.credential_id
        assert credential is not None
        return credential


@contextmanager
def open_house(bench: Bench) -> Iterator[House]:
    """A new data folder with one engagement; the source's calls go over the bench's line."""
    folder = bench.folder / "data"
    shutil.copytree(Path(_empty_folder().name) / "data", folder)
    keyring = Keyring((base64.urlsafe_b64encode(os.urandom(32)).decode(),))

    with Store.open(folder, clock=bench.clock) as store:
        registry = Registry(MappingProxyType({bench.source.id: bench.source}))
        connections = Connections(
            store, registry, keyring=keyring, sleep=bench.clock.sleep, network=lambda: (bench.line, bench.line)
        )
        if bench.connection.installation is not None:
            connections.save_installation(bench.source.id, bench.connection.installation, _ACTOR)
        with store.database.write() as transaction:
            made = Engagements(transaction).create(
                store.trail(transaction, _ACTOR), name="Exempel AB", source_id=bench.source.id
            )
        yield House(bench, connections, made.id)
