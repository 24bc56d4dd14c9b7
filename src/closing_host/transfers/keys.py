"""The keys of this installation: found at start, changed while the host runs, replaced when they are lost (T A16, A17).

Changing the key: put a new one in front of the old ones, run `reseal`, then take the old ones away. It may be
interrupted anywhere, since both open until it is done.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action, Actor
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.credentials import CredentialRow, Credentials, CredentialState
from closing_host.storage.database import Connection
from closing_host.storage.installation import Installations, InstallationSecrets
from closing_host.storage.secrets import Keyring, Sealed, SecretUnreadable, create_key_file, load_keyring
from closing_host.storage.store import Store


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many secrets were sealed anew, and how many no key at hand opens."""

    changed: int
    unreadable: int


def open_keyring(store: Store, environment: Mapping[str, str] | None = None, *, default: Path | None = None) -> Keyring:
    """The keys for `store`; made at the first start. Never raises for a missing or wrong key (`Keyring.problem`)."""

    def secrets_exist() -> bool:
        with store.database.read() as connection:
            return Credentials(connection).secrets_exist()

    return load_keyring(
        os.environ if environment is None else environment, secrets_exist=secrets_exist, default=default
    )


def reseal(store: Store, keyring: Keyring, actor: Actor) -> Resealed:
    """Seal everything with the newest key, one secret for each transaction, so that it can be stopped and go on."""
    changed = unreadable = 0
    for change in _changes(store, keyring):
        try:
            changed += store.database.transact(change)
        except SecretUnreadable:
            unreadable += 1
        crashpoint("key.after_secret")
    if changed:
        with store.database.write() as connection:
            details = {"key": keyring.newest, "changed": changed, "unreadable": unreadable}
            store.trail(connection, actor).append(Action.SECRETS_RESEALED, details=details)
    return Resealed(changed, unreadable)


def _changes(store: Store, keyring: Keyring) -> Iterator[Callable[[Connection], bool]]:
    with store.database.read() as connection:
        credentials = Credentials(connection).sealed()
        installations = Installations(connection).secrets()

    def credential(row: CredentialRow, sealed: Sealed) -> Callable[[Connection], bool]:
        return lambda connection: Credentials(connection).reseal(row, keyring.renewed(sealed))

    def installation(found: InstallationSecrets) -> Callable[[Connection], bool]:
        return lambda connection: Installations(connection).reseal(found, keyring.renewed(found.sealed))

    for row in credentials:
        if row.sealed is not None and row.key_id != keyring.newest:
            yield credential(row, row.sealed)
    for found in installations:
        if found.sealed.key_id != keyring.newest:
            yield installation(found)


def replace_lost_key(store: Store, keyring: Keyring, actor: Actor) -> Keyring:
    """Give up what no key at hand opens, and make a key file if there is none. Returns the keys as they are then.

    The books are not touched; the connections concerned ask for a login and the sources' secrets must be stated
    again. Only for a user who has said that the old key will not come back. Raises `ClosingError`
    `key-file-not-writable`.
    """
    with store.database.write() as connection:
        credentials, installations = Credentials(connection), Installations(connection)
        lost = [row for row in credentials.sealed() if not keyring.opens(row.key_id)]
        for row in lost:
            credentials.forget(row.id, CredentialState.NEEDS_REAUTH, "key-lost")
        sources = [each.source_id for each in installations.secrets() if not keyring.opens(each.sealed.key_id)]
        for source_id in sources:
            installations.remove(source_id)
        store.trail(connection, actor).append(
            Action.SECRETS_FORGOTTEN, details={"credentials": len(lost), "sources": sources}
        )
    if keyring.problem != "key-missing":
        return keyring
    try:
        return create_key_file(Path(keyring.place))
    except OSError as error:
        raise ClosingError("key-file-not-writable", detail=str(error), place=keyring.place) from error
