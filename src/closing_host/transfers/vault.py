"""Where tokens lie: the sealed rows, and aside in memory and the spill file what the database would not take."""

import logging
from dataclasses import replace
from typing import Final

from closing_host.api.authorization import Token
from closing_host.api.errors import ClosingError, Expired
from closing_host.storage.audit import SYSTEM, Action
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.credentials import CredentialRow, Credentials, CredentialState
from closing_host.storage.database import Connection
from closing_host.storage.secrets import Keyring, Sealed, SecretUnreadable
from closing_host.storage.spill import Spill
from closing_host.storage.store import Store
from closing_host.transfers.custody_rules import LEASE
from closing_host.transfers.tokens import SetAside, secret_of, token_of

_PAD: Final = 4096  # bytes that a token may grow by from one renewal to the next

_LOG: Final = logging.getLogger(__name__)


class Vault:
    """The rows of tokens, opened and stored. Blocking: `custody` calls it in threads."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring
        self._spill = Spill(store.folder.path / "spill")
        self._aside: dict[str, SetAside] = {}

    def current(self, credential_id: str, *, ours: CredentialRow | None = None) -> CredentialRow:
        """The row as it stands, after storing what was set aside for it. Raises `Expired` when there is none.

        `ours`: the row under our own lease, when we hold it; nobody else's lease is overridden.
        """
        row = self._read(credential_id)
        if row is not None and row.state is not CredentialState.ACTIVE and row.ciphertext is not None:
            row = self._with_what_was_aside(row, ours)
        if row is None:
            raise Expired("authorization-missing")
        return row

    def open(self, row: CredentialRow) -> Token:
        """The row's token. Raises `Expired` when there is none, or no key opens it."""
        if row.sealed is None:
            raise Expired("authorization-missing")
        try:
            return token_of(self._keyring.open(row.sealed, row.owner))
        except SecretUnreadable as error:
            raise Expired(error.code, place=error.parameters.get("place", "")) from error

    def take_lease(self, row: CredentialRow, *, owner: str, replay: bool) -> CredentialRow | None:
        """Begin a renewal: the row under our lease, or None when somebody was quicker.

        Room for the new token is taken in the database and beside it first, so that a full disk fails here, while
        the old token is still good. Raises what `Database.write` raises.
        """
        self._spill.reserve(row.id)
        now = self._store.clock()

        def work(connection: Connection) -> bool:
            return Credentials(connection).take_lease(
                row, owner=owner, now=now, until=now + LEASE, replay=replay, pad=len(row.ciphertext or "") + _PAD
            )

        taken = self._store.database.transact(work)
        return replace(row, lease_epoch=row.lease_epoch + 1) if taken else None

    def sealed_next(self, row: CredentialRow, token: Token) -> Sealed:
        """`token` sealed as the generation after `row`'s."""
        return self._keyring.seal(secret_of(token), replace(row.owner, generation=row.generation + 1))

    def store_next(self, row: CredentialRow, token: Token, sealed: Sealed, *, forced: bool) -> bool:
        """Store the generation after `row`'s. False when the row is no longer ours to change."""

        def work(connection: Connection) -> bool:
            saved = Credentials(connection).save(
                row,
                sealed,
                expires_at=token.expires_at,
                rotates=token.rotates,
                forced=forced,
                now=self._store.clock(),
            )
            if saved:
                self._tell(connection, Action.CREDENTIAL_RENEWED, row, "")
            crashpoint("token.before_save_commit")
            return saved

        return self._store.database.transact(work)

    def set_aside(self, row: CredentialRow, sealed: Sealed) -> None:
        """Keep what the database did not take, so that `current` can store it later, here or in another process."""
        aside = SetAside.of(sealed, generation=row.generation + 1, lease_epoch=row.lease_epoch)
        self._aside[row.id] = aside
        try:
            self._spill.keep(row.id, aside.to_bytes())
        except ClosingError as error:
            _LOG.critical("the spill file failed too (%s): a token lives in this process only", error.code)

    def settle(self, row: CredentialRow, state: CredentialState, reason: str, *, still_in_flight: bool = False) -> None:
        """End a renewal without a new token. Nothing happens when the lease was lost meanwhile."""
        since = row.inflight_since or self._store.clock() if still_in_flight else None

        def work(connection: Connection) -> None:
            if Credentials(connection).settle(row, state, reason, inflight_since=since):
                self._tell(connection, _TOLD[state], row, reason)

        self._store.database.transact(work)

    def quarantine(self, row: CredentialRow, sealed: Sealed, reason: str) -> None:
        """Store a renewed token that belongs to another account where nobody uses it."""

        def work(connection: Connection) -> None:
            if Credentials(connection).quarantine(row, sealed, reason):
                self._tell(connection, Action.CREDENTIAL_QUARANTINED, row, reason)

        self._store.database.transact(work)

    def is_gone(self, credential_id: str) -> bool:
        """Whether the token was deleted, by disconnecting."""
        row = self._read(credential_id)
        return row is None or row.ciphertext is None

    def drop_aside(self, credential_id: str) -> None:
        """Forget what was set aside."""
        self._aside.pop(credential_id, None)
        self._spill.clear(credential_id)

    def remove_aside(self, credential_id: str) -> None:
        """Forget what was set aside and give its room back."""
        self._aside.pop(credential_id, None)
        self._spill.remove(credential_id)

    def _read(self, credential_id: str) -> CredentialRow | None:
        with self._store.database.read() as connection:
            return Credentials(connection).read(credential_id)

    def _with_what_was_aside(self, row: CredentialRow, ours: CredentialRow | None) -> CredentialRow | None:
        aside = self._aside.get(row.id)
        if aside is None:
            held = self._spill.read(row.id)
            aside = SetAside.from_bytes(held) if held else None
        if aside is None:
            return row
        if aside.generation == row.generation + 1:
            origin = replace(row, lease_epoch=ours.lease_epoch if ours else aside.lease_epoch)
            try:
                token = token_of(self._keyring.open(aside.sealed, replace(row.owner, generation=aside.generation)))
            except SecretUnreadable:
                return row
            if not self.store_next(origin, token, aside.sealed, forced=False):
                return row  # somebody renews right now; it is stored when they have ended
            crashpoint("token.after_adoption")
        self.drop_aside(row.id)
        return self._read(row.id)

    def _tell(self, connection: Connection, action: Action, row: CredentialRow, reason: str) -> None:
        self._store.trail(connection, SYSTEM).append(
            action,
            engagement_id=row.engagement_id,
            object=f"credential:{row.id}",
            details={"generation": row.generation, "reason": reason, "source": row.source_id},
        )


_TOLD: Final = {
    CredentialState.ACTIVE: Action.CREDENTIAL_NOT_RENEWED,
    CredentialState.AMBIGUOUS: Action.CREDENTIAL_UNCERTAIN,
    CredentialState.NEEDS_REAUTH: Action.CREDENTIAL_LOST,
    CredentialState.REVOKED: Action.CREDENTIAL_LOST,
}
