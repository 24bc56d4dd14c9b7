"""Integrations, users, consents, codes and tokens: what Fortnox remembers about authorization."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from datasource_fortnox.simulator.company import ALL_SCOPES

__all__ = ["Client", "Code", "Consent", "OAuthState", "PendingLogin", "RefreshToken", "User"]


@dataclass
class Client:
    """An integration in the developer portal.

    ``redirect_uris`` empty means: any loopback address (the simulator's own convenience, not Fortnox's).
    ``scopes`` are those ticked in the portal (F 1.9); ``service_accounts`` is its "only administrator" setting.
    """

    client_id: str = "SimKlient001"
    secret: str = "SimHemlig1"
    name: str = "Bokslut"
    redirect_uris: tuple[str, ...] = ()
    scopes: frozenset[str] = ALL_SCOPES
    service_accounts: bool = True


@dataclass
class User:
    """Somebody who can log in. ``companies`` maps tenants to system administrator or not."""

    id: int
    login: str
    name: str
    companies: dict[int, bool] = field(default_factory=dict)
    password: str = "sommar"

    @property
    def email(self) -> str:
        """A made-up address."""
        return f"{self.login}@example.com"


@dataclass
class PendingLogin:
    """An authorization request between ``/auth`` and the redirect back."""

    id: str
    client_id: str
    redirect_uri: str
    sent_redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    offline: bool
    service: bool
    challenge: str = ""
    user_id: int | None = None


@dataclass
class Code:
    """An authorization code: 10 minutes, one use (F 1.1, D)."""

    value: str
    pending: PendingLogin
    tenant: int
    user_id: int
    expires: float
    used: bool = False


@dataclass
class Consent:
    """A standing consent; a service account's one serves client credentials until revoked (F 1.5)."""

    client_id: str
    tenant: int
    user_id: int
    scopes: frozenset[str]
    service: bool


@dataclass
class RefreshToken:
    """A refresh token: one use, replaced at each refresh (F 1.3). ``family`` starts with one consent."""

    value: str
    family: str
    client_id: str
    tenant: int
    user_id: int
    scopes: frozenset[str]
    expires: float
    lifetime: float
    used: bool = False
    revoked: bool = False
    issued_access: list[str] = field(default_factory=list)


class OAuthState:
    """Everything the authorization server keeps."""

    def __init__(self, seed: int, clients: Sequence[Client] | None, users: Sequence[User] | None) -> None:
        self.key = hashlib.sha256(f"fortnox-simulator/{seed}".encode()).digest()
        self.clients = {client.client_id: client for client in ([Client()] if clients is None else clients)}
        self.users = {user.id: user for user in users or ()}
        self.pending: dict[str, PendingLogin] = {}
        self.codes: dict[str, Code] = {}
        self.consents: dict[tuple[str, int], Consent] = {}
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.dead_access_tokens: set[str] = set()
        """``jti`` of access tokens that no longer work; by default nothing puts one here (F 12 [10])."""

    def add_user(self, user: User) -> User:
        """Let somebody log in."""
        self.users[user.id] = user
        return user

    def user_by_login(self, login: str, password: str) -> User | None:
        """The user with this name and password."""
        matching = (user for user in self.users.values() if (user.login, user.password) == (login, password))
        return next(matching, None)

    def authenticated(self, basic: tuple[str, str]) -> Client | None:
        """The client that HTTP Basic names, if the secret is right."""
        client = self.clients.get(basic[0])
        return client if client is not None and client.secret == basic[1] else None

    def revoke(self, client_id: str, tenant: int, *, access_too: bool) -> None:
        """Withdraw a company's consent, as a user does in Fortnox: refreshing and minting end."""
        self.consents.pop((client_id, tenant), None)
        for token in self.refresh_tokens.values():
            if (token.client_id, token.tenant) == (client_id, tenant):
                token.revoked = True
                if access_too:
                    self.dead_access_tokens.update(token.issued_access)

    def revoke_family(self, family: str) -> None:
        """End every refresh token that descends from one consent."""
        for token in self.refresh_tokens.values():
            if token.family == family:
                token.revoked = True
