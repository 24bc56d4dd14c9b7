"""Where one test runs: the source on the host's facade and wire, the fake server, and a clock that stands."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx

from closing_host.api.authorization import Account, AskFor, Authorized, AuthorizeRequest, Redirect, Step, Token
from closing_host.api.context import Connection, Progress
from closing_host.api.errors import Expired
from closing_host.api.source import SourceInfo
from closing_host.sources.bearer import Credential, LiveToken
from closing_host.sources.context import HostContext, running_context
from closing_host.sources.facade import DataSource
from closing_host.sources.origins import declared_origins
from closing_host.sources.pace import Allowance, Lane, Pace
from closing_host.sources.wire import Wire, pace_key
from closing_host.storage.paces import PaceRow
from closing_host.testing import guard
from closing_host.testing.clock import SteppedClock
from closing_host.testing.line import Line
from closing_host.testing.loading import load_source, secrets_of, settings
from closing_host.testing.rules import broken
from closing_host.testing.server import FakeServer
from closing_host.transfers.access import HOOK_OF

T = TypeVar("T")

CALLBACK: Final = "http://127.0.0.1:8710/callback"
"""Where logins come back to, unless the installation's settings have a field `callback`."""

_STEPS: Final = 5


class _Rows:
    """The shared pace in memory."""

    def __init__(self) -> None:
        self._held: dict[str, PaceRow] = {}

    def change(self, key: str, step: Callable[[PaceRow | None], tuple[PaceRow, T]]) -> T:
        self._held[key], answer = step(self._held.get(key))
        return answer


@dataclass(slots=True)
class Login:
    """A connection to one company: what the source gets of it, and its token (None without login)."""

    connection: Connection
    token: Token | None = None
    renewals: int = 0

    @property
    def account(self) -> Account | None:
        """The connected company."""
        return self.connection.account


@dataclass
class Bench:
    """One test's world. `secrets`: every secret that has been seen so far; `tokens`: the access tokens among them."""

    source: DataSource
    connection: Connection
    clock: SteppedClock
    folder: Path
    server: FakeServer | None
    line: Line
    attempts: guard.Attempts
    runner: asyncio.Runner
    secrets: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    rows: _Rows = field(default_factory=_Rows)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end on the test's loop."""
        return self.runner.run(work)

    @property
    def fake(self) -> FakeServer:
        """The fake server, for tests that apply only where there is one."""
        if self.server is None:
            broken("Your test class names no `server`.", "Set `server = YourFakeServer`, a subclass of `FakeServer`.")
        return self.server

    def described(self) -> SourceInfo:
        """The source's answer to `describe_source`, asked anew."""
        plugin: Any = next(iter(self.source.hooks.values())).get_hookimpls()[0].plugin
        with guard.watched(self.attempts):
            answer: SourceInfo = plugin.describe_source()
        return answer

    @asynccontextmanager
    async def wire(self, login: Login | None, *, lane: Lane = "bulk") -> AsyncIterator[Wire]:
        """The host's wire over the fake server's line; without `login` it carries no credential."""
        connection, limit = login.connection if login else self.connection, self.source.info.rate_limit
        pace = None
        if limit is not None:
            account_id = connection.account.id if connection.account else ""
            key = pace_key(self.source.id, self.source.info, connection.installation, account_id)
            allowance = Allowance.of(limit)
            pace = Pace(self.rows, key, allowance, clock=self.clock, sleep=self.clock.sleep, chance=_half)
        credential: Credential | None = _Held(self, login) if login is not None and login.token else None
        async with Wire(
            declared_origins(self.source.info, connection.installation),
            clock=self.clock,
            pace=pace,
            credential=credential,
            token_header=self.source.info.token_header,
            lane=lane,
            sleep=self.clock.sleep,
            chance=_half,
            network=lambda: (self.line, self.line),
        ) as http:
            yield http

    @contextmanager
    def context(self, http: httpx.AsyncClient | None, progress: Progress | None = None) -> Iterator[HostContext]:
        """A context for one call of a hook; what runs inside is watched."""
        with (
            running_context(
                self.source.id, http=http, progress=progress or _unheard, clock=self.clock, inside=self.folder
            ) as context,
            guard.watched(self.attempts),
        ):
            yield context

    async def call(self, hook: str, request: object, login: Login, progress: Progress | None = None) -> Any:
        """Call `hook` as the host does, over the connection of `login`."""
        async with self.wire(login) as http:
            with self.context(http, progress) as context:
                if hook == "list_years":
                    return await self.source.list_years(login.connection, context)
                method: Callable[..., Any] = getattr(self.source, hook)
                return await method(request, login.connection, context)

    async def authorize(self, request: AuthorizeRequest, connection: Connection | None = None) -> Step:
        """One step of a dialogue, as the host takes it: no credential on the wire."""
        async with self.wire(None, lane="interactive") as http:
            with self.context(http) as context:
                step = await self.source.authorize(request, connection or self.connection, context)
        if isinstance(step, Authorized) and step.token is not None:
            self.tokens.add(step.token.access)
            self.secrets.update(each for each in (step.token.access, step.token.renewal) if each)
        return step

    def asked(self, **changes: Any) -> AuthorizeRequest:
        """The first request of a login: all that the source can do, as the host asks for it."""
        operations = frozenset(each for each, hook in HOOK_OF.items() if hook in self.source.operations)
        callback = str(getattr(self.connection.installation, "callback", CALLBACK))
        asked = AuthorizeRequest("connect", operations, callback, secrets.token_urlsafe(24))
        return replace(asked, **changes)

    async def begin(self) -> tuple[AuthorizeRequest, Redirect | AskFor]:
        """The first step of a login, and the request that it answered."""
        request = self.asked()
        step = await self.authorize(request)
        if isinstance(step, Authorized):
            broken("Your `authorize` is `Authorized` before anybody has logged in.", "Return a `Redirect` or `AskFor`.")
        return request, step

    async def answer(self, step: Redirect | AskFor, company: int = 0) -> Mapping[str, str]:
        """What the user does about `step`."""
        if isinstance(step, Redirect):
            return await self.fake.log_in(step.url, company)
        return self.fake.fill_in(step.model, company)

    async def connect(self, company: int = 0) -> Login:
        """The whole dialogue; for a source without login just the connection."""
        if "authorize" not in self.source.operations:
            return Login(self.connection)
        request, step = await self.begin()
        for _ in range(_STEPS):
            self.secrets.update(each for name, each in step.flow.items() if "verifier" in name)
            answer = await self.answer(step, company)
            if isinstance(step, Redirect) and "code" in answer:
                self.secrets.add(answer["code"])
            request = replace(request, flow=step.flow, answer=answer)
            following = await self.authorize(request)
            if isinstance(following, Authorized):
                return self._made(following)
            step = following
        broken(f"Your `authorize` has not ended after {_STEPS} steps.", "Return `Authorized` when the login is done.")

    def _made(self, step: Authorized) -> Login:
        if step.account is None or step.token is None:
            broken(
                "Your `authorize` ended a login without an account or without a token.",
                "Return `Authorized(account, token)` when the user has logged in.",
            )
        return Login(replace(self.connection, account=step.account), step.token)


class _Held:
    """A login's token for the wire: renewed by the source when it is over or refused, as the host's custody does."""

    def __init__(self, bench: Bench, login: Login) -> None:
        self._bench = bench
        self._login = login

    async def live(self) -> LiveToken:
        """The token, renewed if its time is over."""
        token = self._login.token
        assert token is not None
        if token.expires_at is not None and token.expires_at <= self._bench.clock():
            return await self.renewed(self._login.renewals)
        return LiveToken(token.access, self._login.renewals)

    async def renewed(self, generation: int) -> LiveToken:
        """The next token; `Expired` when there is none."""
        login = self._login
        if login.renewals == generation:
            request = AuthorizeRequest("renew", token=login.token)
            step = await self._bench.authorize(request, login.connection)
            if not isinstance(step, Authorized) or step.token is None:
                raise Expired("renewal-incomplete")
            assert login.token is not None
            login.token = replace(step.token, renewal=step.token.renewal or login.token.renewal)
            login.renewals += 1
        assert login.token is not None
        return LiveToken(login.token.access, login.renewals)


@contextmanager
def open_bench(
    source: DataSource | object,
    folder: Path,
    *,
    server: type[FakeServer] | None = None,
    installation: Mapping[str, Any] | None = None,
    engagement: Mapping[str, Any] | None = None,
) -> Iterator[Bench]:
    """A bench for one test; `source` as in `DataSourceTests.source`."""
    loaded = source if isinstance(source, DataSource) else load_source(source)
    connection = Connection(
        settings(loaded.info.engagement, engagement or {}, "engagement"),
        settings(loaded.info.installation, installation or {}, "installation"),
    )
    clock = SteppedClock()
    made = server(clock) if server is not None else None
    line = Line(made.transport() if made is not None else httpx.MockTransport(_nobody), clock)
    attempts = guard.Attempts(clock)
    hidden = {each for each in secrets_of(connection.installation, connection.settings) if each}
    with guard.installed(), asyncio.Runner() as runner:
        bench = Bench(loaded, connection, clock, folder, made, line, attempts, runner, hidden)
        yield bench


def _nobody(request: httpx.Request) -> httpx.Response:
    return httpx.Response(404, request=request)


def _unheard(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody follows."""


def _half() -> float:
    return 0.5
