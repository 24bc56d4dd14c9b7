"""How a source is logged in to: the records of the `authorize` hook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

Intent = Literal["connect", "renew", "check", "disconnect"]

Operation = Literal["import", "attachments", "export"]


@dataclass(frozen=True, slots=True)
class Token:
    """A credential. The host stores it encrypted and is the only one to hold it outside `authorize`.

    `rotates`: renewing spends it, so an unknown outcome gets one replay; any other token is simply minted again.
    `expires_at` is when `access` ends (UTC), None when it does not. `scopes` as granted.
    """

    access: str = field(repr=False)
    renewal: str = field(default="", repr=False)
    expires_at: datetime | None = None
    rotates: bool = False
    scopes: frozenset[str] = frozenset()
    grant: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The company that the login reached. `id` is the source's stable key of it (such as a tenant id).

    `missing`: operations that the login cannot do (scope or licence), each with the source's words.
    """

    id: str
    name: str = ""
    organisation_number: str = ""
    number: str = ""
    missing: Mapping[Operation, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """One step of the dialogue. `intent`: `connect` (again too), `renew` (host only, under its lease), `check`
    (without an account it tests the installation settings), `disconnect`.

    `operations`: what this company shall be able to do; ask the least scope for them. `callback` is the host's
    address, `state` one-time. `flow` is what the source returned last time, kept encrypted; `answer` the callback's
    query or the form's fields; `token` the stored one for `renew`, `check` and `disconnect`.
    """

    intent: Intent
    operations: frozenset[Operation] = frozenset({"import"})
    callback: str = ""
    state: str = ""
    flow: Mapping[str, str] = field(default_factory=dict, repr=False)
    answer: Mapping[str, str] | None = field(default=None, repr=False)
    token: Token | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the user to `url`; `flow` comes back with the answer."""

    url: str
    flow: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskFor:
    """Show the form of `model`; its fields come back as the answer."""

    model: type[BaseModel]
    flow: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Authorized:
    """The dialogue has ended. For `renew` the account holds at least its id, which the host compares.
    For `disconnect` and `check` the token is None."""

    account: Account | None
    token: Token | None = None


Step = Redirect | AskFor | Authorized
