"""The fake server that an author gives for a source that calls one. It behaves well; the kit makes all the faults."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import BaseModel

from closing_host.api.subledger import Side
from closing_host.api.vouchers import VoucherRecord
from closing_host.testing.statements import Books


class FakeServer:
    """Subclass it: answer requests, and say what you hold. One is made for each test, so state may live on it.

    Requests arrive at `handle` whatever their origin is (nothing opens a socket); for an ASGI application, return
    `httpx.ASGITransport(app)` from `transport` instead. `log_in` and `fill_in` do what the user does. The rest states
    the truth that the source's answers are held against. What a source cannot do needs no method here; what is missing
    for a hook that it does implement is told by name, and its tests are not collected.
    """

    companies: ClassVar[int] = 1
    """How many companies it holds, numbered from 0. With two, tests see what happens when another one answers."""

    rate_limit: ClassVar[tuple[int, float] | None] = None
    """Calls per seconds as the server's owner counts them: never exceeded on the test's clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        """The test's time, which stands until the host waits. Take the time from nowhere else."""

    def transport(self) -> httpx.AsyncBaseTransport:
        """What requests are given to."""
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        raise NotImplementedError(f"{type(self).__name__} has neither `handle` nor `transport`")

    async def log_in(self, url: str, company: int = 0) -> Mapping[str, str]:
        """The user follows the `Redirect` to `url`, logs in, chooses `company` and approves: the query with which the
        browser comes back to the callback."""
        raise NotImplementedError

    async def deny(self, url: str) -> Mapping[str, str]:
        """The user follows the `Redirect` to `url` and says no. By default the answer of RFC 6749 4.1.2.1."""
        state = parse_qs(urlsplit(url).query).get("state", [""])[0]
        return {"error": "access_denied", "state": state}

    def fill_in(self, model: type[BaseModel], company: int = 0) -> Mapping[str, str]:
        """The user fills in the form of an `AskFor` (an API key, say): its fields."""
        raise NotImplementedError

    def books(self, company: int = 0) -> Books:
        """The facts of the year that is imported, with `start` and `end`."""
        raise NotImplementedError

    def hold(self, vouchers: int) -> None:
        """Replace the vouchers of company 0's year by so many small ones (0, or 20,000)."""
        raise NotImplementedError

    def open_items(self, side: Side, day: date) -> Mapping[str, int]:
        """What is open at the end of `day` in company 0: document number to öre, without those where nothing is."""
        raise NotImplementedError

    def booked(self) -> Sequence[VoucherRecord]:
        """The vouchers that were booked in company 0 by calls since the server was made."""
        raise NotImplementedError


def has(server: type[FakeServer] | None, ability: str) -> bool:
    """Whether the author's class overrides the method `ability`."""
    return server is not None and getattr(server, ability) is not getattr(FakeServer, ability)
