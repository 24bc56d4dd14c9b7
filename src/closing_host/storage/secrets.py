"""Secrets at rest: the keys, and how what they seal is bound to its owner (T 3b, L 7).

`MultiFernet` with several keys, the newest first: new secrets are sealed with it, old ones open with any. Fernet has
no associated data, so the owner stands inside the plaintext and is compared after opening: a ciphertext that was
moved to another row does not open there.

The keys come from the environment (`CLOSING_KEY`: one or more, separated by blanks or commas), else from a file
(`CLOSING_KEY_FILE`, or `key` in the user's configuration folder, never in the data folder): one key per line, blank
lines and lines that begin with # skipped. A missing or wrong key stops nothing but what needs it.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from platformdirs import user_config_path

from closing_host.api.errors import ClosingError
from closing_host.storage.canonical import canonical_json

_HEADING: Final = "# Keys of closing-host, newest first. Keep a copy in a safe place; without it every login is lost.\n"


@dataclass(frozen=True, slots=True)
class Owner:
    """What a secret belongs to. `kind` says which table; `generation` counts its versions."""

    kind: str
    engagement_id: int | None
    source_id: str
    account_id: str = ""
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as stored. `key_id` names the key (a part of its hash, of no use to open anything)."""

    ciphertext: str = field(repr=False)
    key_id: str


class SecretUnreadable(ClosingError):
    """The secret cannot be opened: no key, another key, or it belongs to another owner.

    `code` is "key-missing", "key-wrong" or "secret-misplaced", with the key's `place`. The host goes on; whoever
    needs the secret is told to bring the key back or to log in again.
    """

    code = "key-missing"
    exit_code = 2


class Keyring:
    """The keys in use. `problem` is "" or the code of what is wrong with where they should come from."""

    def __init__(self, keys: tuple[str, ...], *, place: str = "", problem: str = "") -> None:
        self._fernets: Final = tuple(Fernet(key) for key in keys)
        self._ids: Final = tuple(hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys)
        self.place: Final = place
        self.problem: Final = problem

    @property
    def newest(self) -> str:
        """The id of the key that seals; "" without keys."""
        return self._ids[0] if self._ids else ""

    def opens(self, key_id: str) -> bool:
        """Whether the key that sealed with this id is at hand."""
        return key_id in self._ids

    def seal(self, secret: Mapping[str, Any], owner: Owner) -> Sealed:
        """Seal what JSON can hold for `owner`. Raises `SecretUnreadable("key-missing")` without a key."""
        if not self._fernets:
            raise SecretUnreadable("key-missing", place=self.place)
        plain = canonical_json({"owner": asdict(owner), "secret": dict(secret)})
        return Sealed(self._fernets[0].encrypt(plain.encode()).decode(), self.newest)

    def open(self, sealed: Sealed, owner: Owner) -> dict[str, Any]:
        """The secret, if it was sealed for `owner`. Raises `SecretUnreadable`."""
        if not self._fernets:
            raise SecretUnreadable("key-missing", place=self.place)
        try:
            content = json.loads(MultiFernet(self._fernets).decrypt(sealed.ciphertext))
        except InvalidToken:
            raise SecretUnreadable("key-wrong", place=self.place) from None
        if content["owner"] != asdict(owner):
            raise SecretUnreadable("secret-misplaced", place=self.place)
        secret: dict[str, Any] = content["secret"]
        return secret

    def renewed(self, sealed: Sealed) -> Sealed:
        """The same secret under the newest key. Raises `SecretUnreadable`."""
        if not self._fernets:
            raise SecretUnreadable("key-missing", place=self.place)
        try:
            return Sealed(MultiFernet(self._fernets).rotate(sealed.ciphertext).decode(), self.newest)
        except InvalidToken:
            raise SecretUnreadable("key-wrong", place=self.place) from None


def default_key_file() -> Path:
    """`key` in the user's configuration folder."""
    return user_config_path("closing-host", appauthor=False) / "key"


def load_keyring(
    environment: Mapping[str, str], *, secrets_exist: Callable[[], bool], default: Path | None = None
) -> Keyring:
    """The keys from the environment, else from the file. Never raises: what is wrong stands in `Keyring.problem`.

    A file that is missing is made, with a new key, only when `secrets_exist` says that nothing is sealed yet: a new
    key cannot open old secrets, and would hide that the right one is to be brought back. No file is ever changed.
    """
    if stated := environment.get("CLOSING_KEY", "").replace(",", " "):
        return _parsed(stated.split(), place="CLOSING_KEY")
    path = Path(environment.get("CLOSING_KEY_FILE") or default or default_key_file())
    try:
        return _parsed(_lines(path), place=str(path))
    except FileNotFoundError:
        if secrets_exist():
            return Keyring((), place=str(path), problem="key-missing")
    except (OSError, UnicodeDecodeError):
        return Keyring((), place=str(path), problem="key-file-unreadable")
    try:
        return create_key_file(path)
    except OSError:
        return Keyring((), place=str(path), problem="key-file-not-writable")


def create_key_file(path: Path) -> Keyring:
    """Make the file with one new key, readable by its owner only. A file that exists is left as it is and read.

    Raises `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written whole under another name first: a second process must never read a file without its key.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_HEADING + Fernet.generate_key().decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return _parsed(_lines(path), place=str(path))


def _lines(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _parsed(keys: list[str], *, place: str) -> Keyring:
    try:
        if keys:
            return Keyring(tuple(keys), place=place)
    except ValueError:
        return Keyring((), place=place, problem="key-malformed")
    return Keyring((), place=place, problem="key-malformed")
