"""The line to the fake server: counts what is sent, and spoils it where a test says so."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import httpx

from closing_host.sources.bearer import READS
from closing_host.storage.clock import Clock

Act = Callable[[], Awaitable[httpx.Response]]
"""Has the server answer the request."""

Fault = Callable[[httpx.Request, Act], Awaitable[httpx.Response]]
"""What happens to one request instead of an answer."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it arrived. `at`: seconds since 1970 on the test's clock."""

    method: str
    url: httpx.URL
    at: float

    @property
    def is_read(self) -> bool:
        """Whether it can have changed nothing."""
        return self.method in READS


@dataclass(slots=True)
class _Planned:
    fault: Fault
    skip: int
    times: int
    writes_only: bool

    def takes(self, sent: Sent) -> bool:
        if self.writes_only and sent.is_read:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times == 0:
            return False
        self.times -= 1
        return True


class Line(httpx.AsyncBaseTransport):
    """Gives requests to the fake server's transport. Nothing here opens a socket."""

    def __init__(self, server: httpx.AsyncBaseTransport, clock: Clock) -> None:
        self._server: Final = server
        self._clock: Final = clock
        self._planned: list[_Planned] = []
        self.sent: Final[list[Sent]] = []

    def spoil(self, fault: Fault, *, at: int = 1, times: int = -1, writes_only: bool = False) -> None:
        """From the `at`-th request from now on (of the writes, if so said) let `fault` happen `times` times; -1: to
        all."""
        self._planned.append(_Planned(fault, at - 1, times, writes_only))

    def heal(self) -> None:
        """No more faults."""
        self._planned.clear()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        await request.aread()
        sent = Sent(request.method, request.url, self._clock().timestamp())
        self.sent.append(sent)

        async def act() -> httpx.Response:
            answer = await self._server.handle_async_request(request)
            content = await answer.aread()
            headers = [each for each in answer.headers.raw if each[0].lower() != b"content-encoding"]
            return httpx.Response(answer.status_code, headers=headers, content=content, request=request)

        for planned in self._planned:
            if planned.takes(sent):
                return await planned.fault(request, act)
        return await act()
