"""Login dialogues: from the choice of a source to a connection with the right company (P 7.7, T A7, A11).

    begin → Dialogue(Redirect | AskFor) → the user answers → complete → Connected
                                                                      → Unconfirmed → confirm → Connected

The token that comes at the end lies in quarantine until the company is compared; a refused one is revoked, and the
connection that there was is not touched. The state that travels through the browser is random, stored as a hash,
bound to session, user and engagement, holds for ten minutes and works once; a reload shows the first result again.
"""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from closing_host.api.authorization import Account, AskFor, Authorized, AuthorizeRequest, Redirect, Step, Token
from closing_host.api.errors import AuthorizationError, CapabilityMissing, ClosingError, PluginFault, WrongCompany
from closing_host.storage.audit import Actor
from closing_host.storage.connections import LoginRecord
from closing_host.storage.engagements import Engagement, Engagements
from closing_host.transfers.access import SourceRenewal
from closing_host.transfers.connections import Connections, ConnectionView
from closing_host.transfers.login_keeping import LoginKeeping, Turn


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The user's turn: send them to the `Redirect`'s address, or show the `AskFor`'s form and give its fields with
    `state` to `complete`."""

    state: str
    step: Redirect | AskFor


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection is made."""

    view: ConnectionView


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The login reached this company; nothing says that it is the engagement's. Ask, then `confirm` or `decline`."""

    state: str
    account: Account


Progress = Dialogue | Connected | Unconfirmed


class Logins:
    """The dialogues of all engagements."""

    def __init__(self, connections: Connections) -> None:
        self._all = connections
        self._access = connections.access
        self._kept = LoginKeeping(connections.store, connections.keyring)

    async def begin(self, engagement_id: int, *, callback: str, session: str, actor: Actor) -> Progress:
        """Begin a login to the engagement's source. `callback`: the host's address that the user comes back to;
        `session`: what tells this browser, or this run of the command line, from any other.

        Raises `CapabilityMissing` for a source without login, `SettingsError` for one that is not set up,
        `SecretUnreadable` without a key, and what the source raises.
        """
        engagement = await asyncio.to_thread(self._engagement, engagement_id)
        source = self._all.sources.source(engagement.source_id)
        if "authorize" not in source.operations:
            raise CapabilityMissing("source-without-login", source=source.info.name)
        for left in await asyncio.to_thread(self._kept.sweep):
            await self._discard(left)
        operations = await asyncio.to_thread(self._all.wanted, engagement)
        request = AuthorizeRequest("connect", operations, callback, secrets.token_urlsafe(32))
        return await self._step(Turn(engagement, source, request, session, actor))

    async def complete(
        self, answer: Mapping[str, str], *, session: str, actor: Actor, state: str | None = None
    ) -> Progress:
        """Take the answer: the query that came back to the callback, or a form's fields with its `state`.

        Raises `AuthorizationError`: `login-unknown`, `login-other-session`, `login-too-late`, `login-under-way`,
        `login-went-on`, `login-without-state`; `WrongCompany`; and what the source raises. A reload raises the same.
        """
        state = state or answer.get("state", "")
        if not state:
            await self._explain(answer, session, actor)
        record = await asyncio.to_thread(self._kept.take, state, session, actor)
        if record.result is not None:
            return await asyncio.to_thread(self._again, record, state)
        try:
            return await self._step(await asyncio.to_thread(self._turn, record, answer, session, actor), state)
        except ClosingError as error:
            await asyncio.to_thread(self._kept.refused, record, actor, error)
            raise

    async def confirm(self, state: str, *, session: str, actor: Actor) -> Connected:
        """Yes, the company that the login reached is the engagement's. Raises like `complete`."""
        record, account = await asyncio.to_thread(self._kept.unconfirmed, state, session, actor)
        try:
            return await asyncio.to_thread(self._made, record, account, actor)
        except WrongCompany as other:  # somebody else connected it in the meantime
            await self._discard(record)
            await asyncio.to_thread(self._kept.refused, record, actor, other)
            raise

    async def decline(self, state: str, *, session: str, actor: Actor) -> None:
        """No, it is another company: the token is revoked and forgotten. Raises like `complete`."""
        record, _ = await asyncio.to_thread(self._kept.unconfirmed, state, session, actor)
        await self._discard(record)
        await asyncio.to_thread(self._kept.refused, record, actor, AuthorizationError("login-declined"))

    async def _step(self, turn: Turn, state: str | None = None) -> Progress:
        """Have the source take its step, and do what follows from it. `state`: that of the step that it answers."""
        step = await self._authorize(turn)
        if isinstance(step, Redirect | AskFor):
            await asyncio.to_thread(self._kept.wait, turn, step)
            return Dialogue(turn.request.state, step)
        if step.account is None or step.token is None:
            raise PluginFault("login-incomplete", source=turn.source.info.name)
        record, match = await asyncio.to_thread(self._kept.arrived, turn, step.account, step.token)
        if isinstance(match, WrongCompany):
            await self._discard(record, step.token)
            raise match
        if match == "unknown":
            return Unconfirmed(state or turn.request.state, step.account)
        return await asyncio.to_thread(self._made, record, step.account, turn.actor)

    async def _explain(self, answer: Mapping[str, str], session: str, actor: Actor) -> NoReturn:
        """An answer that names no dialogue opens nothing; but the source may know what it means (F 1.1)."""
        record = await asyncio.to_thread(self._kept.latest, session, actor)
        turn = await asyncio.to_thread(self._turn, record, answer, session, actor)
        step = await self._authorize(turn)
        if isinstance(step, Authorized) and step.token is not None:
            await self._revoke(turn.engagement, record.source_id, step.token)
        raise AuthorizationError("login-without-state")

    async def _discard(self, record: LoginRecord, token: Token | None = None) -> None:
        """Revoke a quarantined token, as far as the source can, and delete it."""
        assert record.credential_id is not None
        with suppress(ClosingError):
            held = token or self._all.vault.open(await asyncio.to_thread(self._all.vault.current, record.credential_id))
            engagement = await asyncio.to_thread(self._engagement, record.engagement_id)
            await self._revoke(engagement, record.source_id, held)
        await asyncio.to_thread(self._kept.remove, record)

    async def _revoke(self, engagement: Engagement, source_id: str, token: Token) -> None:
        with suppress(ClosingError):
            source = self._all.sources.source(source_id)
            connection = self._access.connection(source, engagement, None)
            await SourceRenewal(self._access, source, connection).revoke(token)

    async def _authorize(self, turn: Turn) -> Step:
        connection = await asyncio.to_thread(self._access.connection, turn.source, turn.engagement, None)
        return await self._access.authorize(turn.source, turn.request, connection)

    def _turn(self, record: LoginRecord, answer: Mapping[str, str], session: str, actor: Actor) -> Turn:
        """The next step of a dialogue. It gets a state of its own: the one before is used up."""
        request = AuthorizeRequest(
            "connect",
            record.operations,
            record.callback,
            secrets.token_urlsafe(32),
            self._kept.flow(record),
            dict(answer),
        )
        source = self._all.sources.source(record.source_id)
        return Turn(self._engagement(record.engagement_id), source, request, session, actor, record)

    def _made(self, record: LoginRecord, account: Account, actor: Actor) -> Connected:
        self._kept.make(record, account, actor)
        return Connected(self._all.view(record.engagement_id))

    def _again(self, record: LoginRecord, state: str) -> Progress:
        """What came of it the first time."""
        assert record.result is not None
        match record.result["kind"]:
            case "connected":
                return Connected(self._all.view(record.engagement_id))
            case "unconfirmed":
                return Unconfirmed(state, Account(**record.result["account"]))
            case "went-on":
                raise AuthorizationError("login-went-on")
        result = record.result
        raise AuthorizationError(result["code"], detail=result["detail"], **result["parameters"])

    def _engagement(self, engagement_id: int) -> Engagement:
        with self._all.store.database.read() as connection:
            return Engagements(connection).get(engagement_id)
