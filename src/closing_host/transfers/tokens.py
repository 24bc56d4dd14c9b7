"""Tokens as what is sealed, and the pair that waits to be stored."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from closing_host.api.authorization import Token
from closing_host.storage.canonical import canonical_json
from closing_host.storage.secrets import Sealed


def secret_of(token: Token) -> dict[str, Any]:
    """The token as JSON can hold it."""
    return {
        "access": token.access,
        "renewal": token.renewal,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
        "rotates": token.rotates,
        "scopes": sorted(token.scopes),
        "grant": token.grant,
    }


def token_of(secret: Mapping[str, Any]) -> Token:
    """The token that `secret_of` gave."""
    expires_at = secret["expires_at"]
    return Token(
        access=secret["access"],
        renewal=secret["renewal"],
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        rotates=secret["rotates"],
        scopes=frozenset(secret["scopes"]),
        grant=secret["grant"],
    )


@dataclass(frozen=True, slots=True)
class SetAside:
    """A renewed token that the database has not taken: sealed, with the generation and lease that it came under."""

    generation: int
    lease_epoch: int
    key_id: str
    ciphertext: str = field(repr=False)

    @classmethod
    def of(cls, sealed: Sealed, *, generation: int, lease_epoch: int) -> "SetAside":
        """`generation` is the new token's own."""
        return cls(generation, lease_epoch, sealed.key_id, sealed.ciphertext)

    @property
    def sealed(self) -> Sealed:
        """The token."""
        return Sealed(self.ciphertext, self.key_id)

    def to_bytes(self) -> bytes:
        """For the spill file."""
        return canonical_json(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, held: bytes) -> "SetAside | None":
        """What `to_bytes` gave; None when it is torn."""
        try:
            return cls(**json.loads(held))
        except (ValueError, TypeError):
            return None
