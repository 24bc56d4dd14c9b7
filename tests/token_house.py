"""A stored token and an issuer that hands out the next ones, on a clock that moves when somebody sleeps."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet

from closing_host.api.authorization import Account, Authorized, Token
from closing_host.api.errors import ClosingError, Expired
from closing_host.sources.bearer import LiveToken
from closing_host.storage.audit import AuditEvent, events
from closing_host.storage.credentials import CredentialRow, Credentials, owner_of
from closing_host.storage.engagements import Engagements
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.custody import Custody
from closing_host.transfers.tokens import secret_of
from closing_host.transfers.vault import Vault
from stored_books import ANNA, SetClock

KEY = Fernet.generate_key().decode()
ID = "c" * 32


@dataclass
class Issuer:
    """A token endpoint with rotation: each renewal token works once. `script` is tried before each answer.

    `before` is run when a call arrives, `after` when it has been granted but not yet answered; either may raise.
    """

    clock: Callable[[], datetime]
    rotates: bool = True
    account: str = "29302"
    lifetime: timedelta = timedelta(hours=1)
    number: int = 1
    calls: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    states_renewal: bool = True
    revoke_fails: bool = False

    def token(self) -> Token:
        return Token(
            access=f"access-{self.number}",
            renewal=f"renewal-{self.number if self.rotates else 1}" if self.states_renewal else "",
            expires_at=self.clock() + self.lifetime,
            rotates=self.rotates,
            scopes=frozenset({"bookkeeping"}),
            grant="refresh_token" if self.rotates else "client_credentials",
        )

    async def renew(self, token: Token) -> Authorized:
        self.calls.append(token.renewal)
        await asyncio.sleep(0)
        self.before()
        if self.rotates and token.renewal != f"renewal-{self.number}":
            raise Expired("oauth-renewal-refused")
        self.number += 1
        self.after()
        return Authorized(Account(self.account), self.token())

    async def revoke(self, token: Token) -> None:
        self.revoked.append(token.renewal)
        if self.revoke_fails:
            raise ClosingError("source-unreachable")


@dataclass
class House:
    """One engagement with one stored token."""

    store: Store
    clock: SetClock
    issuer: Issuer
    keyring: Keyring
    slept: list[float] = field(default_factory=list)

    def custody(self, keyring: Keyring | None = None) -> Custody:
        """A custody as another process has it."""
        return Custody(Vault(self.store, keyring or self.keyring), self.clock, sleep=self.sleep, chance=lambda: 0.5)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds >= 1:  # short waits are for others, who take no time on this clock
            self.clock.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0.001)

    async def live(self, custody: Custody | None = None, *, refused: int | None = None) -> LiveToken:
        return await (custody or self.custody()).live(ID, self.issuer, refused=refused)

    def row(self) -> CredentialRow:
        with self.store.database.read() as connection:
            row = Credentials(connection).read(ID)
        assert row is not None
        return row

    def change(self, **values: object) -> None:
        """Set columns of the row, as a test wants the world to be."""
        from sqlalchemy import update

        from closing_host.storage.connection_tables import credential

        with self.store.database.write() as connection:
            connection.execute(update(credential).values(**values))

    def told(self) -> list[str]:
        """The audited actions on tokens, oldest first."""
        return [str(each.action) for each in self.events() if each.object.startswith("credential:")]

    def events(self) -> tuple[AuditEvent, ...]:
        with self.store.database.read() as connection:
            return events(connection)[::-1]


def open_house(
    folder: Path, *, rotates: bool = True, clock: SetClock | None = None, left: timedelta = timedelta(0)
) -> House:
    """A house whose access token has `left` to go: over, unless stated."""
    clock = clock or SetClock()
    store = Store.open(folder, clock=clock)
    issuer = Issuer(clock, rotates=rotates)
    keyring = Keyring((KEY,))
    token = issuer.token()
    with store.database.write() as connection:
        created = Engagements(connection).create(
            store.trail(connection, ANNA), name="Exempel AB", source_id="books", organisation_number="5560004615"
        )
        owner = owner_of(created.id, "books", issuer.account, 1)
        credentials = Credentials(connection)
        credentials.insert_quarantined(
            id=ID,
            owner=owner,
            sealed=keyring.seal(secret_of(token), owner),
            expires_at=token.expires_at,
            rotates=rotates,
            now=clock(),
        )
        credentials.promote(ID)
    clock.advance(timedelta(hours=1) - left)
    return House(store, clock, issuer, keyring)
