"""Custody of tokens: renewed by one process at a time, stored before they are used, never guessed about (T 3b).

`Custody.live` is the only way to a token. Whoever finds it nearly over takes a lease (compare-and-set on generation
and lease epoch, on disk before the first byte goes out), renews outside of any database lock, and stores the next
generation; everybody else waits and adopts. What is not known is written down as not known: a renewal that was begun
and left no result is answered by one replay of the old token after 60 s, and no more.
"""

import asyncio
import logging
import os
import random
import secrets
import socket
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final, Protocol

from closing_host.api.authorization import Authorized, Token
from closing_host.api.errors import ClosingError, Expired, PluginFault, SourceUnavailable, TemporaryError, WrongCompany
from closing_host.sources.bearer import LiveToken
from closing_host.sources.pace import Chance, Sleep
from closing_host.storage.clock import Clock
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.credentials import CredentialRow, CredentialState
from closing_host.storage.secrets import Sealed
from closing_host.transfers.custody_rules import CALL_SECONDS, Refuse, Renew, Use, Wait, decide
from closing_host.transfers.vault import Vault

POINTS: Final = (
    "token.before_lease",
    "token.after_lease",
    "token.after_reply",
    "token.before_save_commit",
    "token.after_save",
    "token.before_uncertain",
    "token.after_uncertain",
    "token.before_refused",
    "token.after_refused",
    "token.after_aside",
    "token.after_adoption",
)
"""The places where a test lets the program die."""

_PATIENCE: Final = 90.0  # seconds that a caller waits for another's renewal, or for the replay
_SECOND_LOOK: Final = 2.0  # seconds after a refusal: a sibling may be about to store what it got

_LOG: Final = logging.getLogger(__name__)


class NotSent(Exception):
    """The renewal certainly did not reach the source; `cause` is what stopped it."""

    def __init__(self, cause: ClosingError) -> None:
        super().__init__(cause.code)
        self.cause: Final = cause


class Renewal(Protocol):
    """How one connection's token is renewed and revoked: the source's `authorize`, and the wire to it."""

    async def renew(self, token: Token) -> Authorized:
        """The next token and the account that it is for.

        Raises `Expired` when the source refuses for good and `NotSent` when nothing reached it. Whatever else is
        raised means that the outcome is unknown.
        """
        ...

    async def revoke(self, token: Token) -> None:
        """Make the token useless, as far as the source can. Raises `ClosingError` when that failed."""
        ...


class Custody:
    """The tokens of all connections. One for each process; threads and event loops may share it."""

    def __init__(
        self, vault: Vault, clock: Clock, *, sleep: Sleep = asyncio.sleep, chance: Chance = random.random
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._under_way: set[asyncio.Task[ClosingError | None]] = set()

    async def live(self, credential_id: str, renewal: Renewal, *, refused: int | None = None) -> LiveToken:
        """An access token that may be used now; a newer one than generation `refused`, when that got a 401.

        Raises `Expired` when somebody must log in (its code says why), `WrongCompany` when the renewed token is for
        another account, `TemporaryError` when it may work later, and what the database raises.
        """
        give_up = self._clock().timestamp() + _PATIENCE
        while True:
            row = await asyncio.to_thread(self._vault.current, credential_id)
            now = self._clock()
            match decide(row, now, refused=refused):
                case Use():
                    return self._usable(row)
                case Refuse(code, lost):
                    if lost:
                        await asyncio.to_thread(self._vault.settle, row, CredentialState.NEEDS_REAUTH, code)
                    raise Expired(code)
                case Wait(until):
                    wait = 0.05 + 0.2 * self._chance() if until is None else (until - now).total_seconds()
                    if now.timestamp() + wait > give_up:
                        raise TemporaryError("renewal-under-way", retry_after=wait)
                    await self._sleep(wait)
                case how:
                    failed = await self._to_its_end(self._renew(row, how, renewal))
                    if failed is None:
                        continue
                    if how.forced or row.expires_at is None or row.expires_at <= self._clock():
                        raise failed
                    return self._usable(row)

    def _usable(self, row: CredentialRow) -> LiveToken:
        return LiveToken(self._vault.open(row).access, row.generation)

    async def _to_its_end(self, work: Coroutine[Any, Any, ClosingError | None]) -> ClosingError | None:
        """Finish a renewal even if the caller is cancelled: a token must not be spent for nothing."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[ClosingError | None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.info("a renewal ended with %s", type(error).__name__)

    async def _renew(self, unleased: CredentialRow, how: Renew, renewal: Renewal) -> ClosingError | None:
        """Renew, unless somebody else was quicker. Returns the error of an attempt that left everything as it was."""
        token = self._vault.open(unleased)
        crashpoint("token.before_lease")
        row = await asyncio.to_thread(self._vault.take_lease, unleased, owner=self._owner, replay=how.replay)
        if row is None:
            return None
        crashpoint("token.after_lease")
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await renewal.renew(token)
            if answer.token is None:
                raise PluginFault("renewal-incomplete")
        except NotSent as error:
            state = CredentialState.AMBIGUOUS if how.replay else CredentialState.ACTIVE
            await asyncio.to_thread(self._vault.settle, row, state, error.cause.code, still_in_flight=how.replay)
            return error.cause
        except Expired as error:
            await self._refused(row, how, error)
            return None
        except (Exception, asyncio.CancelledError) as error:
            return await self._uncertain(row, how, error)
        # A source that states no new renewal token goes on with the old one (A13).
        fresh = replace(answer.token, renewal=answer.token.renewal or token.renewal)
        sealed = self._vault.sealed_next(row, fresh)
        crashpoint("token.after_reply")
        found = answer.account.id if answer.account else ""
        if found != row.account_id:
            await asyncio.to_thread(self._vault.quarantine, row, sealed, "renewal-for-another-account")
            await _attempt_to_revoke(renewal, fresh)
            raise WrongCompany("renewal-for-another-account", expected=row.account_id, found=found)
        await self._keep(row, fresh, sealed, forced=how.forced, renewal=renewal)
        return None

    async def _keep(self, row: CredentialRow, token: Token, sealed: Sealed, *, forced: bool, renewal: Renewal) -> None:
        """Store what came; if the database cannot, or another has the lease, set it aside to be stored soon."""
        try:
            if await asyncio.to_thread(self._vault.store_next, row, token, sealed, forced=forced):
                crashpoint("token.after_save")
                return
        except ClosingError as error:
            _LOG.critical("a renewed token could not be stored (%s); it is kept aside", error.code)
        await asyncio.to_thread(self._vault.set_aside, row, sealed)
        crashpoint("token.after_aside")
        if await asyncio.to_thread(self._vault.is_gone, row.id):  # disconnected meanwhile
            await asyncio.to_thread(self._vault.drop_aside, row.id)
            await _attempt_to_revoke(renewal, token)

    async def _refused(self, row: CredentialRow, how: Renew, error: Expired) -> None:
        """The source said no. A sibling may have been quicker; if none was, somebody must log in."""
        if (await asyncio.to_thread(self._vault.current, row.id, ours=row)).generation == row.generation:
            await self._sleep(_SECOND_LOOK)
            await asyncio.to_thread(self._vault.current, row.id, ours=row)
        crashpoint("token.before_refused")
        if how.replay:
            await asyncio.to_thread(self._vault.settle, row, CredentialState.NEEDS_REAUTH, "renewal-reply-lost")
        else:
            await asyncio.to_thread(self._vault.settle, row, CredentialState.REVOKED, error.code)
        crashpoint("token.after_refused")

    async def _uncertain(self, row: CredentialRow, how: Renew, error: BaseException) -> ClosingError | None:
        """Nobody knows whether the source renewed. A token that does not rotate has lost nothing by it."""
        _LOG.warning("a renewal ended without an answer: %s", type(error).__name__)
        told = error if isinstance(error, ClosingError) else SourceUnavailable("renewal-unanswered")
        crashpoint("token.before_uncertain")
        if not row.rotates:
            await asyncio.to_thread(self._vault.settle, row, CredentialState.ACTIVE, told.code)
        elif how.replay:
            await asyncio.to_thread(self._vault.settle, row, CredentialState.NEEDS_REAUTH, "renewal-reply-lost")
        else:
            await asyncio.to_thread(
                self._vault.settle, row, CredentialState.AMBIGUOUS, "renewal-unanswered", still_in_flight=True
            )
        crashpoint("token.after_uncertain")
        if isinstance(error, asyncio.CancelledError):
            raise error
        return None if row.rotates else told


class HeldCredential:
    """One connection's credential, as the wire wants it (`sources.bearer.Credential`)."""

    def __init__(self, custody: Custody, credential_id: str, renewal: Renewal) -> None:
        self._custody = custody
        self._id = credential_id
        self._renewal = renewal

    async def live(self) -> LiveToken:
        """See `Custody.live`."""
        return await self._custody.live(self._id, self._renewal)

    async def renewed(self, generation: int) -> LiveToken:
        """See `Custody.live`: a newer token than `generation`."""
        return await self._custody.live(self._id, self._renewal, refused=generation)


async def _attempt_to_revoke(renewal: Renewal, token: Token) -> None:
    try:
        await renewal.revoke(token)
    except ClosingError as error:
        _LOG.warning("a token that is not used could not be revoked: %s", error.code)
