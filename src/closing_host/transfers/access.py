"""One source as one installation and company reach it: its settings, the wire to it, and its token's renewal."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pydantic import BaseModel, ValidationError

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Operation, Step, Token
from closing_host.api.context import Connection
from closing_host.api.errors import ClosingError, Expired, PluginFault, SettingsError
from closing_host.sources.bearer import Credential
from closing_host.sources.context import running_context
from closing_host.sources.facade import DataSource
from closing_host.sources.origins import declared_origins
from closing_host.sources.pace import Allowance, Chance, Lane, Pace, Sleep
from closing_host.sources.wire import Network, Wire, pace_key, sockets
from closing_host.storage.engagements import Engagement
from closing_host.storage.installation import Installations
from closing_host.storage.paces import Paces
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.custody import NotSent

HOOK_OF: Final[dict[Operation, str]] = {
    "import": "import_ledger",
    "attachments": "attachments",
    "export": "export_voucher",
}
"""Which hook does what a company may be able to do."""


class Access:
    """What the host needs around every call to a source. One for each process."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        *,
        sleep: Sleep = asyncio.sleep,
        chance: Chance = random.random,
        network: Network = sockets,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._paces = Paces(store.database)
        self._sleep = sleep
        self._chance = chance
        self._network = network

    def installation(self, source: DataSource) -> BaseModel | None:
        """The source's installation settings, None when it declares none.

        Raises `SettingsError` when they are not filled in or do not fit, and `SecretUnreadable`.
        """
        model = source.info.installation
        if model is None:
            return None
        with self._store.database.read() as connection:
            found = Installations(connection).load(self._keyring, source.id, model)
        if found is not None:
            return found
        try:
            return model()  # a model with a default for everything needs no set-up
        except ValidationError as error:
            fields = {str(each["loc"][0]): "setting-missing" for each in error.errors() if each["loc"]}
            raise SettingsError(fields, source=source.info.name) from None

    def connection(self, source: DataSource, engagement: Engagement | None, account: Account | None) -> Connection:
        """The connection as the source sees it. Raises like `installation`."""
        model, settings = source.info.engagement, None
        if model is not None:
            try:
                settings = model.model_validate(dict(engagement.settings) if engagement else {})
            except ValidationError as error:
                fields = {str(each["loc"][0]): "setting-does-not-fit" for each in error.errors() if each["loc"]}
                raise SettingsError(fields, source=source.info.name) from None
        return Connection(settings, self.installation(source), account)

    @asynccontextmanager
    async def wire(
        self, source: DataSource, connection: Connection, *, credential: Credential | None = None, lane: Lane
    ) -> AsyncIterator[Wire]:
        """The wire of one piece of work. Raises `SettingsError` for an address that cannot be called."""
        pace, limit = None, source.info.rate_limit
        if limit is not None:
            account_id = connection.account.id if connection.account else ""
            key = pace_key(source.id, source.info, connection.installation, account_id)
            pace = Pace(
                self._paces,
                key,
                Allowance.of(limit),
                clock=self._store.clock,
                sleep=self._sleep,
                chance=self._chance,
            )
        async with Wire(
            declared_origins(source.info, connection.installation),
            clock=self._store.clock,
            pace=pace,
            credential=credential,
            token_header=source.info.token_header,
            lane=lane,
            sleep=self._sleep,
            chance=self._chance,
            network=self._network,
        ) as http:
            yield http

    async def authorize(self, source: DataSource, request: AuthorizeRequest, connection: Connection) -> Step:
        """One step of a dialogue. Raises what the source raises; for a renewal that went nowhere, `NotSent`."""
        async with self.wire(source, connection, lane="interactive") as http:
            with running_context(
                source.id, http=http, clock=self._store.clock, inside=self._store.folder.tmp
            ) as context:
                try:
                    return await source.authorize(request, connection, context)
                except Expired:
                    raise
                except ClosingError as error:
                    if request.intent == "renew" and not http.may_have_written:
                        raise NotSent(error) from error
                    raise


class SourceRenewal:
    """Renews and revokes one connection's token through its source (`custody.Renewal`)."""

    def __init__(self, access: Access, source: DataSource, connection: Connection) -> None:
        self._access = access
        self._source = source
        self._connection = connection

    async def renew(self, token: Token) -> Authorized:
        """The next token. See `custody.Renewal.renew`."""
        step = await self._access.authorize(self._source, AuthorizeRequest("renew", token=token), self._connection)
        if not isinstance(step, Authorized):
            raise PluginFault("renewal-incomplete", source=self._source.info.name)
        return step

    async def revoke(self, token: Token) -> None:
        """Have the source revoke the token. Raises `ClosingError`."""
        await self._access.authorize(self._source, AuthorizeRequest("disconnect", token=token), self._connection)
