"""Connections: what state each engagement's is in, the way through it to the source, its use, check and end."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Operation
from closing_host.api.context import Connection
from closing_host.api.errors import ClosingError, Expired, PluginFault
from closing_host.sources.facade import DataSource
from closing_host.sources.pace import Chance, Lane, Sleep
from closing_host.sources.registry import Registry
from closing_host.sources.wire import Network, Wire, sockets
from closing_host.storage.audit import Action, Actor, Trail
from closing_host.storage.connections import ConnectionRecord, ConnectionRecords, LoginRecords, Use
from closing_host.storage.credentials import Credentials, CredentialState
from closing_host.storage.database import Connection as Transaction
from closing_host.storage.engagements import Engagement, Engagements
from closing_host.storage.installation import Installations
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.access import HOOK_OF, Access, SourceRenewal
from closing_host.transfers.company_match import compare
from closing_host.transfers.custody import Custody, HeldCredential
from closing_host.transfers.keys import open_keyring
from closing_host.transfers.thirty_days import (
    USABLE,
    ConnectionState,
    Lifecycle,
    days_left,
    state,
    valid_until,
    warning,
)
from closing_host.transfers.vault import Vault

_LOST: Final = frozenset({CredentialState.NEEDS_REAUTH, CredentialState.REVOKED, CredentialState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as the user sees it. `reason`: the message code of why a lost one is lost, else "".

    `warning`: 14, 7 or 3 when so few of the `days_left` remain. `without`: operations that the user does without.
    """

    engagement_id: int
    source_id: str
    state: ConnectionState
    account: Account | None = None
    consented_at: datetime | None = None
    consented_by: str = ""
    valid_until: datetime | None = None
    days_left: int = 0
    warning: int | None = None
    imported_at: datetime | None = None
    exported_at: datetime | None = None
    without: frozenset[Operation] = frozenset()
    reason: str = ""

    @property
    def usable(self) -> bool:
        """Whether the source may be called."""
        return self.state in USABLE


@dataclass(frozen=True, slots=True)
class OpenConnection:
    """A connection in use: what the hooks of `source` want, besides a context made with `http`."""

    source: DataSource
    connection: Connection
    http: Wire


@dataclass(frozen=True, slots=True)
class Disconnected:
    """`problem`: "" when the source revoked the login, else the code of why it could not."""

    problem: str = ""


class Connections:
    """All connections of a data folder. One for each process; threads and event loops may share it."""

    def __init__(
        self,
        store: Store,
        sources: Registry,
        *,
        keyring: Keyring | None = None,
        environment: Mapping[str, str] | None = None,
        sleep: Sleep = asyncio.sleep,
        chance: Chance = random.random,
        network: Network = sockets,
    ) -> None:
        self.store: Final = store
        self.sources: Final = sources
        self.keyring: Final = keyring or open_keyring(store, os.environ if environment is None else environment)
        self.access: Final = Access(store, self.keyring, sleep=sleep, chance=chance, network=network)
        self.vault: Final = Vault(store, self.keyring)
        self.custody: Final = Custody(self.vault, store.clock, sleep=sleep, chance=chance)

    def view(self, engagement_id: int) -> ConnectionView:
        """The engagement's connection. Raises `ClosingError` `engagement-unknown`."""
        with self.store.database.read() as connection:
            return self._view(connection, Engagements(connection).get(engagement_id))

    def views(self) -> tuple[ConnectionView, ...]:
        """Every engagement that has or had a connection, in the order of engagements."""
        with self.store.database.read() as connection:
            connected = {each.engagement_id for each in ConnectionRecords(connection).all()}
            return tuple(self._view(connection, each) for each in Engagements(connection).all() if each.id in connected)

    def warnings(self) -> tuple[ConnectionView, ...]:
        """Those of them that run out soon, have run out, or are lost."""
        told = (ConnectionState.EXPIRED, ConnectionState.REVOKED)
        return tuple(each for each in self.views() if each.warning is not None or each.state in told)

    @asynccontextmanager
    async def open(self, engagement_id: int, *, lane: Lane = "bulk") -> AsyncIterator[OpenConnection]:
        """The way to the engagement's source. `lane` "interactive" when somebody waits at the screen.

        A source without login needs no connection. Raises `Expired` (`connection-not-connected`,
        `connection-expired` and so on, one for each unusable state; for a lost login the reason), `SettingsError`,
        `CapabilityMissing`.
        """
        engagement, record, view = await asyncio.to_thread(self._read, engagement_id)
        source = self.sources.source(engagement.source_id)
        if "authorize" not in source.operations:
            connection = self.access.connection(source, engagement, None)
            async with self.access.wire(source, connection, lane=lane) as http:
                yield OpenConnection(source, connection, http)
            return
        if record is None or record.credential_id is None or not view.usable:
            code = view.reason or f"connection-{view.state}"
            raise Expired(code, source=source.info.name, place=self.keyring.place)
        connection = self.access.connection(source, engagement, record.account)
        credential = HeldCredential(self.custody, record.credential_id, SourceRenewal(self.access, source, connection))
        async with self.access.wire(source, connection, credential=credential, lane=lane) as http:
            yield OpenConnection(source, connection, http)

    def used(self, engagement_id: int, use: Use, actor: Actor) -> ConnectionView:
        """Note a successful import or export: the only thing that renews the 30 days."""
        with self.store.database.write() as connection:
            renewed_by_use(self.store.trail(connection, actor), engagement_id, use)
        return self.view(engagement_id)

    async def check(
        self, engagement_id: int, actor: Actor, *, operations: frozenset[Operation] | None = None
    ) -> Account:
        """Ask the source which company the login reaches now, and compare (before each import and batch, T 3b).

        `operations`: what is tried as well, each a call or more; by default all that the company shall be able to
        do. What the login cannot do is noted. Raises `WrongCompany`, `Expired`, `TemporaryError` and what the source
        raises.
        """
        async with self.open(engagement_id, lane="interactive") as opened:
            engagement, record, _ = await asyncio.to_thread(self._read, engagement_id)
            assert record is not None
            assert record.credential_id is not None
            renewal = SourceRenewal(self.access, opened.source, opened.connection)
            await self.custody.live(record.credential_id, renewal)
            token = self.vault.open(await asyncio.to_thread(self.vault.current, record.credential_id))
            request = AuthorizeRequest(
                "check", self.wanted(engagement) if operations is None else operations, token=token
            )
            step = await self.access.authorize(opened.source, request, opened.connection)
        if not isinstance(step, Authorized) or step.account is None:
            raise PluginFault("check-incomplete", source=opened.source.info.name)
        compare(engagement, record.source_id, step.account, record, None)
        return step.account

    async def disconnect(self, engagement_id: int, actor: Actor) -> Disconnected:
        """Revoke the token as far as the source can, and delete it. The books and the log stay (P 7.7)."""
        engagement, record, _ = await asyncio.to_thread(self._read, engagement_id)
        if record is None or record.credential_id is None:
            return Disconnected()
        problem = ""
        try:
            source = self.sources.source(record.source_id)
            connection = self.access.connection(source, engagement, record.account)
            row = await asyncio.to_thread(self.vault.current, record.credential_id)
            await SourceRenewal(self.access, source, connection).revoke(self.vault.open(row))
        except ClosingError as error:
            problem = error.code
        await asyncio.to_thread(self._end, record, actor, problem)
        return Disconnected(problem)

    async def check_installation(self, source_id: str, settings: BaseModel | None = None) -> None:
        """Have the source test `settings`, or the stored ones. Raises `SettingsError` by field and `TemporaryError`."""
        source = self.sources.source(source_id)
        model = source.info.engagement
        installation = settings if settings is not None else self.access.installation(source)
        connection = Connection(model() if model else None, installation, None)
        await self.access.authorize(source, AuthorizeRequest("check"), connection)

    def save_installation(self, source_id: str, settings: BaseModel, actor: Actor) -> None:
        """Store the source's installation settings. Raises `SecretUnreadable` `key-missing`."""
        with self.store.database.write() as connection:
            trail = self.store.trail(connection, actor)
            Installations(connection).save(trail, self.keyring, source_id, settings)

    def set_without(self, engagement_id: int, operations: frozenset[Operation], actor: Actor) -> None:
        """*Koppla utan …*: what this company shall do without, until it is set anew. Holds from the next login."""
        with self.store.database.write() as connection:
            engagement = Engagements(connection).get(engagement_id)
            ConnectionRecords(connection).set_without(engagement_id, engagement.source_id, operations)
            self.store.trail(connection, actor).append(
                Action.CONNECTION_CHOICE,
                engagement_id=engagement_id,
                object=f"connection:{engagement_id}",
                details={"without": sorted(operations)},
            )

    def wanted(self, engagement: Engagement) -> frozenset[Operation]:
        """What the company shall be able to do: all that the source offers, less what it does without."""
        source = self.sources.source(engagement.source_id)
        with self.store.database.read() as connection:
            without = ConnectionRecords(connection).without(engagement.id, engagement.source_id)
        return frozenset(each for each, hook in HOOK_OF.items() if hook in source.operations) - without

    def _read(self, engagement_id: int) -> tuple[Engagement, ConnectionRecord | None, ConnectionView]:
        with self.store.database.read() as connection:
            engagement = Engagements(connection).get(engagement_id)
            return engagement, ConnectionRecords(connection).get(engagement_id), self._view(connection, engagement)

    def _view(self, connection: Transaction, engagement: Engagement) -> ConnectionView:
        records = ConnectionRecords(connection)
        record = records.get(engagement.id)
        asked_at = LoginRecords(connection).waiting_since(engagement.id)
        now = self.store.clock()
        if record is None or record.source_id != engagement.source_id:
            life = Lifecycle(asked_at=asked_at)
            return ConnectionView(engagement.id, engagement.source_id, state(life, now))
        reason = self._why_lost(connection, record)
        used = [each for each in (record.imported_at, record.exported_at) if each is not None]
        life = Lifecycle(
            record.consented_at, max(used, default=None), record.ended_at, lost=bool(reason), asked_at=asked_at
        )
        return ConnectionView(
            engagement.id,
            record.source_id,
            state(life, now),
            record.account,
            record.consented_at,
            record.consented_by,
            valid_until(life),
            days_left(life, now),
            warning(life, now),
            record.imported_at,
            record.exported_at,
            records.without(engagement.id, record.source_id),
            reason,
        )

    def _why_lost(self, connection: Transaction, record: ConnectionRecord) -> str:
        """ "" when the token may be used, or the connection ended anyway."""
        row = Credentials(connection).read(record.credential_id) if record.credential_id else None
        if row is None:
            return "" if record.ended_at else "authorization-missing"
        if row.state in _LOST:
            return row.reason or "authorization-expired"
        if row.ciphertext is None:
            return "authorization-missing"
        if self.keyring.opens(row.key_id):
            return ""
        return "key-wrong" if self.keyring.newest else "key-missing"

    def _end(self, record: ConnectionRecord, actor: Actor, problem: str) -> None:
        assert record.credential_id is not None
        with self.store.database.write() as connection:
            ConnectionRecords(connection).end(record, self.store.clock())
            Credentials(connection).remove(record.credential_id)
            self.store.trail(connection, actor).append(
                Action.CONNECTION_ENDED,
                engagement_id=record.engagement_id,
                object=f"connection:{record.engagement_id}",
                details={"source": record.source_id, "account": record.account.id, "problem": problem},
            )
        self.vault.remove_aside(record.credential_id)


def renewed_by_use(trail: Trail, engagement_id: int, use: Use) -> None:
    """Prolong the engagement's connection in the caller's transaction, if it has one. For a *successful* use only."""
    if ConnectionRecords(trail.connection).used(engagement_id, use, trail.clock()):
        trail.append(
            Action.CONNECTION_USED,
            engagement_id=engagement_id,
            object=f"connection:{engagement_id}",
            details={"use": use},
        )
