"""Access tokens: HS256 JWTs with the claims of F 1.6; there is no public key, clients can only decode them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

__all__ = ["ACCESS_TOKEN_SECONDS", "AccessToken", "decode", "encode"]

ACCESS_TOKEN_SECONDS = 3600
"""F 1.3 (D, R)."""


@dataclass(frozen=True)
class AccessToken:
    """What the API needs of a valid token. ``expires`` is seconds since 1970."""

    jti: str
    client_id: str
    tenant: int
    user_id: int
    scopes: frozenset[str]
    expires: int


def encode(token: AccessToken, key: bytes) -> str:
    """The signed JWT; kilobytes long because of ``rightsAsJson`` (F 1.6, O)."""
    scopes = sorted(token.scopes)
    rights = json.dumps({scope: {"read": True, "write": True, "of": token.jti} for scope in scopes})
    claims = {
        "userId": token.user_id,
        "tenantId": token.tenant,
        "clientId": token.client_id,
        "rightsAsJson": base64.b64encode(gzip.compress(rights.encode(), mtime=0)).decode(),
        "scopes": scopes,
        "authsource": "OAUTH2",
        "id": token.jti,
        "jti": token.jti,
        "iss": "https://api.fortnox.se/oauth2",
        "aud": token.client_id,
        "sub": f"{token.user_id}@{token.tenant}",
        "exp": token.expires,
        "iat": token.expires - ACCESS_TOKEN_SECONDS,
        "token_type": "bearer",
        "scope": " ".join(scopes),
    }
    signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
    return f"{signed}.{_signature(signed, key)}"


def decode(text: str, key: bytes) -> AccessToken | None:
    """The token if its signature is ours, whether expired or not."""
    signed, _, signature = text.rpartition(".")
    if not hmac.compare_digest(_signature(signed, key).encode(), signature.encode()):
        return None
    payload = signed.partition(".")[2]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    scopes = frozenset(claims["scopes"])
    return AccessToken(claims["jti"], claims["clientId"], claims["tenantId"], claims["userId"], scopes, claims["exp"])


def _part(content: dict[str, Any]) -> str:
    text = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _signature(signed: str, key: bytes) -> str:
    digest = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
