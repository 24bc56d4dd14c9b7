"""A source's settings for the whole installation: filled in once by whoever runs the host, the secret ones sealed."""

from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy import delete, insert, select, update

from closing_host.api.errors import SettingsError
from closing_host.storage.audit import Action, Trail
from closing_host.storage.connection_tables import installation
from closing_host.storage.database import Connection
from closing_host.storage.secrets import Keyring, Owner, Sealed

Settings = TypeVar("Settings", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class InstallationSecrets:
    """The sealed part of one source's settings. `revision` counts how often they were saved."""

    source_id: str
    revision: int
    sealed: Sealed


class Installations:
    """The settings of every source, inside one transaction. Fields of type `SecretStr` are sealed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, trail: Trail, keyring: Keyring, source_id: str, settings: BaseModel) -> None:
        """Replace the source's settings. Raises `SecretUnreadable` when there is no key to seal with."""
        secret, open_ = _parted(settings)
        known = self._row(source_id)
        revision = 1 if known is None else known["revision"] + 1
        sealed = keyring.seal(secret, _owner(source_id, revision))
        values = {
            "settings": open_,
            "ciphertext": sealed.ciphertext,
            "key_id": sealed.key_id,
            "revision": revision,
            "saved_at": trail.clock(),
            "saved_by": trail.actor.name,
        }
        if known is None:
            self._connection.execute(insert(installation).values(source_id=source_id, **values))
        else:
            self._connection.execute(update(installation).where(installation.c.source_id == source_id).values(**values))
        trail.append(
            Action.INSTALLATION_SAVED,
            object=f"installation:{source_id}",
            details={"revision": revision, "fields": sorted(open_), "secret_fields": sorted(secret)},
        )

    def load(self, keyring: Keyring, source_id: str, model: type[Settings]) -> Settings | None:
        """The settings, None when there are none.

        Raises `SecretUnreadable` when no key opens the secret ones, and `SettingsError` when the source's model has
        changed so that they no longer fit it.
        """
        row = self._row(source_id)
        if row is None:
            return None
        secret = keyring.open(Sealed(row["ciphertext"], row["key_id"]), _owner(source_id, row["revision"]))
        try:
            return model.model_validate({**row["settings"], **secret})
        except ValidationError as error:
            fields = {str(each["loc"][0]) if each["loc"] else "": "setting-does-not-fit" for each in error.errors()}
            raise SettingsError(fields, source=source_id) from None  # the cause shows the values

    def remove(self, source_id: str) -> None:
        """Forget the source's settings."""
        self._connection.execute(delete(installation).where(installation.c.source_id == source_id))

    def secrets(self) -> tuple[InstallationSecrets, ...]:
        """The sealed part of each source's settings, by source."""
        rows = self._connection.execute(select(installation).order_by(installation.c.source_id)).mappings()
        return tuple(
            InstallationSecrets(row["source_id"], row["revision"], Sealed(row["ciphertext"], row["key_id"]))
            for row in rows
        )

    def reseal(self, found: InstallationSecrets, sealed: Sealed) -> bool:
        """Replace the ciphertext by the same secret under another key. False when it was saved anew meanwhile."""
        statement = (
            update(installation)
            .where(installation.c.source_id == found.source_id, installation.c.ciphertext == found.sealed.ciphertext)
            .values(ciphertext=sealed.ciphertext, key_id=sealed.key_id)
        )
        return self._connection.execute(statement).rowcount == 1

    def _row(self, source_id: str) -> Any:
        return (
            self._connection.execute(select(installation).where(installation.c.source_id == source_id))
            .mappings()
            .one_or_none()
        )


def _parted(settings: BaseModel) -> tuple[dict[str, str], dict[str, Any]]:
    """The secret fields with their values, and the other ones as JSON."""
    secret = {
        name: value.get_secret_value()
        for name in type(settings).model_fields
        if isinstance(value := getattr(settings, name), SecretStr)
    }
    return secret, settings.model_dump(mode="json", exclude=set(secret))


def _owner(source_id: str, revision: int) -> Owner:
    return Owner("installation", None, source_id, generation=revision)
