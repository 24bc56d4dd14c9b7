"""The wire to a source: what `context.http` is.

An `httpx.AsyncClient` that carries the connection's credential, keeps the shared pace, calls declared origins only,
follows no redirect, bounds every answer and tries reads again (design 2.6, T D1-D9, F 3.6).

**Reads** (GET, HEAD) are tried again after a network failure, 429, 500, 502, 503 and 504, and end in an answer or in
an error of `closing_host.api.errors`. A 500 that stays is handed over as it is, because its body may hold the
source's own code. **Everything else is sent once**: an `httpx` error then means that the outcome is unknown, while a
`ClosingError` means that nothing was sent (no connection was made, say). A write always goes over a connection of its
own, so that a kept one which the server has just closed cannot leave its outcome unknown.
"""

import asyncio
import hashlib
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Self

import httpx
from pydantic import BaseModel

from closing_host.api.errors import ClosingError, DataError, PluginFault, RateLimited, TemporaryError
from closing_host.api.source import SourceInfo, TokenHeader
from closing_host.sources.bearer import READS, Bearer, Credential
from closing_host.sources.bounds import BoundedTransport
from closing_host.sources.crossing import AcrossStream, across
from closing_host.sources.failures import failure, refusal, retry_after, typed
from closing_host.sources.origins import origin_of
from closing_host.sources.pace import Chance, Lane, Pace, Sleep
from closing_host.sources.redaction import quiet_logs
from closing_host.storage.canonical import canonical_json
from closing_host.storage.clock import Clock

Network = Callable[[], tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport]]
"""Gives a wire its two transports: one for reads, one for everything else."""

_AGAIN: Final = frozenset({500, 502, 503, 504})
_START_BY: Final = "closing_host.start_by"
_GUARD: Final = "closing_host.guard"
_BEARER: Final = TokenHeader()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much. Seconds and bytes.

    `patience`: how long after it was asked for a call may still start, counting waits for the pace and between
    tries. `write` and `read` bound one try from its first byte to the answer's last; `silence` is the longest gap.
    """

    patience: dict[Lane, float] = field(default_factory=lambda: {"interactive": 20.0, "bulk": 300.0})
    connect: float = 5.0
    silence: float = 60.0
    write: float = 60.0
    read: float = 600.0
    size: int = 512 * 1024 * 1024
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 8.0


def pace_key(source_id: str, info: SourceInfo, installation: BaseModel | None, account_id: str) -> str:
    """The name of the shared pace: one for each application (its identifying fields) and account.

    Hashed, because the fields may be secret.
    """
    names = info.rate_limit.application if info.rate_limit else ()
    application = [str(getattr(installation, name, "")) for name in names]
    return hashlib.sha256(canonical_json([source_id, application, account_id]).encode()).hexdigest()


class Wire(httpx.AsyncClient):
    """The client of one connection and one piece of work. Use as `async with`.

    `origins`: from `origins.declared_origins`. `pace`: None when the source declares no limit. `credential`: None
    in `authorize`; `token_header` says where it stands. `network` is what it goes over: sockets, unless a test brings
    something else.
    """

    def __init__(
        self,
        origins: frozenset[str],
        *,
        clock: Clock,
        pace: Pace | None = None,
        credential: Credential | None = None,
        token_header: TokenHeader = _BEARER,
        lane: Lane = "interactive",
        limits: Limits | None = None,
        sleep: Sleep = asyncio.sleep,
        chance: Chance = random.random,
        network: Network | None = None,
    ) -> None:
        quiet_logs()
        self._limits = limits or Limits()
        self._clock = clock
        self._lane = lane
        self._sleep = sleep
        self._chance = chance
        self._paced = pace is not None
        self.may_have_written = False
        """Whether a write may have reached the source: anything was sent that it has not refused with 429."""
        self.guard: Callable[[], None] | None = None
        """Called before the first byte of every write, after all waiting; what it raises keeps the write from going."""
        self.under_way = 0
        """Calls that have not ended, for who watches whether a hook is alive."""
        self._home: asyncio.AbstractEventLoop | None = None
        self._bearer = Bearer(credential, token_header) if credential else None
        super().__init__(
            transport=_Line(origins, self._limits, (network or sockets)(), pace=pace, lane=lane, clock=clock),
            timeout=httpx.Timeout(self._limits.silence, connect=self._limits.connect),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._home = asyncio.get_running_loop()
        return self

    async def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        """Send, by the rules of this module, from any loop. A redirect is an answer like any other."""
        home = self._home
        if home is None or home is asyncio.get_running_loop():
            return await self._sent(request, stream=stream, **options)
        await request.aread()  # a body that the source makes piece by piece is made on its own loop
        response = await across(home, lambda: self._sent(request, stream=stream, **options))
        if stream:
            assert isinstance(response.stream, httpx.AsyncByteStream)
            response.stream = AcrossStream(response.stream, home)
        return response

    async def _sent(self, request: httpx.Request, **options: Any) -> httpx.Response:
        self.under_way += 1
        try:
            return await self._by_the_rules(request, **options)
        finally:
            self.under_way -= 1

    async def _by_the_rules(self, request: httpx.Request, *, stream: bool, **options: Any) -> httpx.Response:
        options["follow_redirects"] = False
        if self._bearer is not None:
            options["auth"] = self._bearer
        request.extensions[_START_BY] = self._clock().timestamp() + self._limits.patience[self._lane]
        if request.method not in READS:
            request.extensions[_GUARD] = self.guard
            return await self._write(request, stream=stream, **options)
        tried = 0
        while True:
            tried += 1
            try:
                response = await super().send(request, stream=stream, **options)
            except httpx.RequestError as error:
                problem = failure(error, request.url.host)
                if isinstance(problem, DataError):
                    raise problem from error
            else:
                if response.status_code != 429 and response.status_code not in _AGAIN:
                    return typed(response) if stream else response
                last = tried == self._limits.tries
                if response.status_code == 500 and (last or tried == 2):
                    return typed(response) if stream else response
                await response.aclose()
                problem = refusal(response, self._clock())
            if tried == self._limits.tries:
                raise problem
            await self._wait(request, problem, tried)

    async def _write(self, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            response = await super().send(request, **options)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise failure(error, request.url.host) from error
        except ClosingError:
            raise
        except BaseException:
            self.may_have_written = True
            raise
        if response.status_code != 429:
            self.may_have_written = True
        return response

    async def _wait(self, request: httpx.Request, problem: TemporaryError, tried: int) -> None:
        """Wait before the next try. A shared pace knows of a 429 already and makes everybody wait for it."""
        if isinstance(problem, RateLimited) and self._paced:
            return
        wait = min(self._limits.first_wait * 2 ** (tried - 1), self._limits.longest_wait) * (1 + self._chance()) / 2
        wait = max(wait, problem.retry_after or 0.0)
        if self._clock().timestamp() + wait > request.extensions[_START_BY]:
            raise problem
        await self._sleep(wait)


class _Line(httpx.AsyncBaseTransport):
    """One try: the address is checked, the pace kept, and the right pool used."""

    def __init__(
        self,
        origins: frozenset[str],
        limits: Limits,
        pools: tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport],
        *,
        pace: Pace | None,
        lane: Lane,
        clock: Clock,
    ) -> None:
        self._origins = origins
        self._pace = pace
        self._lane = lane
        self._clock = clock
        self._reads = BoundedTransport(pools[0], seconds=limits.read, size=limits.size)
        self._writes = BoundedTransport(pools[1], seconds=limits.write, size=limits.size)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = origin_of(request.url)
        if origin not in self._origins or request.url.userinfo:
            raise PluginFault("address-not-declared", address=origin)
        pool = self._reads if request.method in READS else self._writes
        started = await self._pace.turn(self._lane, request.extensions[_START_BY]) if self._pace else None
        if (guard := request.extensions.get(_GUARD)) is not None:
            guard()
        response = await pool.handle_async_request(request)
        if self._pace is None or started is None:
            return response
        if response.status_code == 429:
            await self._pace.refused(started, retry_after(response, self._clock()))
        return response

    async def aclose(self) -> None:
        await self._reads.aclose()
        await self._writes.aclose()


def sockets() -> tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport]:
    """HTTP/1.1, certificates checked; a pool that keeps connections for reads and one that never does."""
    return (
        httpx.AsyncHTTPTransport(verify=_certificates()),
        httpx.AsyncHTTPTransport(verify=_certificates(), limits=httpx.Limits(max_keepalive_connections=0)),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Loaded once: it takes longer than a call."""
    return httpx.create_ssl_context()
