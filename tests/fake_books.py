"""A source with a login, in memory: `Books` answers as the test tells it, `connections` opens the host around it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography.fernet import Fernet
from pydantic import BaseModel, SecretStr

from closing_host.api.authorization import Account, AskFor, Authorized, AuthorizeRequest, Redirect, Step, Token
from closing_host.api.context import Connection, Context
from closing_host.api.errors import Denied
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Ledger
from closing_host.api.source import Origin, RateLimit, SourceInfo, from_setting
from closing_host.sources.facade import DataSource
from closing_host.sources.hooks import DESCRIBE, implemented
from closing_host.sources.registry import Registry
from closing_host.storage.audit import events
from closing_host.storage.engagements import Engagements
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections
from closing_host.transfers.logins import Logins
from stored_books import ANNA, SetClock, small_ledger

CALLBACK = "http://127.0.0.1:8710/callback"
EXAMPLE = Account("29302", "Exempel AB", "556000-4615", "29302")
OTHER = Account("70013", "Annan AB", "556036-0793", "70013")


class Installation(BaseModel):
    """What the application needs."""

    client_id: str
    client_secret: SecretStr
    address: str = "https://books.example"


class Per(BaseModel):
    """What a client may choose."""

    invoices: bool = True


class Question(BaseModel):
    """A form in the middle of a login."""

    pin: str


@dataclass
class Books:
    """A plugin object. `account` is who the next login reaches; `fails` is raised by an intent's next steps."""

    clock: Callable[[], Any]
    account: Account = EXAMPLE
    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[AuthorizeRequest] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    number: int = 0
    steps: tuple[str, ...] = ("redirect",)
    calls: bool = False

    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo(
            "Books",
            installation=Installation,
            engagement=Per,
            hosts=(from_setting("address"), Origin("https://login.example", authorization=True)),
            rate_limit=RateLimit(25, 5.0, ("client_id",)),
        )

    @hookimpl
    async def authorize(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        self.asked.append(request)
        self.connections.append(connection)
        if self.calls:
            await context.http.post("https://books.example/token")
        if request.intent in self.fails:
            raise self.fails[request.intent]
        if request.intent == "renew":
            return Authorized(Account(self.account.id), self.token())
        if request.intent == "check":
            return Authorized(self.account if request.token else None)
        if request.intent == "disconnect":
            assert request.token is not None
            self.revoked.append(request.token.renewal)
            return Authorized(None)
        taken = int(request.flow.get("step", "0"))
        if taken and "error" in (request.answer or {}):
            raise Denied
        if taken == len(self.steps):
            return Authorized(self.account, self.token())
        flow = {"step": str(taken + 1), "verifier": "canary-verifier"}
        if self.steps[taken] == "form":
            return AskFor(Question, flow)
        return Redirect(f"https://login.example/auth?state={request.state}", flow)

    def token(self) -> Token:
        self.number += 1
        expires_at = self.clock() + timedelta(hours=1)
        return Token(f"canary-access-{self.number}", f"canary-renewal-{self.number}", expires_at, rotates=True)

    @hookimpl
    async def import_ledger(self, request: Any, connection: Connection, context: Context) -> Ledger:
        return small_ledger(100)

    @hookimpl
    async def attachments(self, request: Any, connection: Connection, context: Context) -> None:
        raise NotImplementedError


class Files:
    """A source without login."""

    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo("Files")

    @hookimpl
    def import_ledger(self, request: Any) -> None:
        raise NotImplementedError


def loaded(id: str, plugin: object) -> DataSource:
    """The plugin object as a loaded source."""
    hooks = implemented(id, plugin)
    info = hooks[DESCRIBE]()
    return DataSource(id, "1.0", "books", info, {name: each for name, each in hooks.items() if name != DESCRIBE})


@dataclass
class Firm:
    """The host with one engagement and its source, set up but not connected."""

    store: Store
    clock: SetClock
    books: Books
    connections: Connections
    logins: Logins
    engagement_id: int

    def begin(self, engagement_id: int | None = None, session: str = "s") -> Any:
        return self.logins.begin(engagement_id or self.engagement_id, callback=CALLBACK, session=session, actor=ANNA)

    def complete(self, state: str | None, session: str = "s", **answer: str) -> Any:
        stated = {"state": state} if state is not None else {}
        return self.logins.complete({"code": "canary-code", **stated, **answer}, session=session, actor=ANNA)

    async def connect(self, engagement_id: int | None = None) -> Any:
        dialogue = await self.begin(engagement_id)
        return await self.complete(dialogue.state)

    def engagement(self, number: str | None, *, source_id: str = "books", name: str = "Exempel AB") -> int:
        with self.store.database.write() as connection:
            trail = self.store.trail(connection, ANNA)
            created = Engagements(connection).create(trail, name=name, source_id=source_id, organisation_number=number)
        return created.id

    def actions(self) -> list[str]:
        with self.store.database.read() as connection:
            return [str(each.action) for each in events(connection)][::-1]

    def view(self) -> Any:
        return self.connections.view(self.engagement_id)


def open_firm(folder: Path, *, number: str | None = "5560004615", keyring: Keyring | None = None) -> Firm:
    """A firm whose source is set up."""
    clock = SetClock()
    store = Store.open(folder, clock=clock)
    books = Books(clock)

    async def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    registry = Registry(MappingProxyType({"books": loaded("books", books), "files": loaded("files", Files())}))
    keys = keyring or Keyring((Fernet.generate_key().decode(),))
    connections = Connections(store, registry, keyring=keys, sleep=sleep, chance=lambda: 0.5)
    firm = Firm(store, clock, books, connections, Logins(connections), 0)
    connections.save_installation("books", Installation(client_id="id", client_secret=SecretStr("canary-secret")), ANNA)
    return replace(firm, engagement_id=firm.engagement(number))
