"""What `context.http` does with good answers and bad ones (T D1-D9, F 3.6)."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import BaseModel

from closing_host.api.errors import (
    ClosingError,
    DataError,
    Expired,
    PluginFault,
    RateLimited,
    SettingsError,
    SourceUnavailable,
)
from closing_host.api.source import Origin, RateLimit, SourceInfo, TokenHeader, from_setting
from closing_host.sources.bearer import LiveToken
from closing_host.sources.origins import authorization_origins, declared_origins
from closing_host.sources.pace import Allowance, Pace
from closing_host.sources.wire import Limits, Wire, pace_key
from pacing import Rows, Time
from raw_server import http_answer, raw_server

pytestmark = pytest.mark.anyio

ORIGIN = "https://books.example:443"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

Handler = Callable[[httpx.Request], httpx.Response]


class Waits:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return datetime.fromtimestamp(NOW.timestamp() + sum(self.slept), UTC)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Tokens:
    """A credential whose renewals are counted; `ends` makes renewal fail."""

    def __init__(self, *, ends: bool = False) -> None:
        self.generation = 1
        self.renewals = 0
        self._ends = ends

    async def live(self) -> LiveToken:
        return LiveToken(f"token-{self.generation}", self.generation)

    async def renewed(self, generation: int) -> LiveToken:
        self.renewals += 1
        if self._ends:
            raise Expired
        self.generation = generation + 1
        return await self.live()


def wire(
    handler: Handler,
    waits: Waits | None = None,
    *,
    credential: Tokens | None = None,
    pace: Pace | None = None,
    limits: Limits | None = None,
    token_header: TokenHeader | None = None,
) -> Wire:
    waits = waits or Waits()
    pool = httpx.MockTransport(handler)
    return Wire(
        frozenset({ORIGIN}),
        clock=waits.clock,
        sleep=waits.sleep,
        chance=lambda: 1.0,
        credential=credential,
        pace=pace,
        limits=limits,
        token_header=token_header or TokenHeader(),
        network=lambda: (pool, pool),
    )


def answers(*each: httpx.Response | Exception) -> Handler:
    """Give these in turn, the last one for ever."""
    left = list(each)

    def handler(request: httpx.Request) -> httpx.Response:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return handler


# --- reads are tried again, and end in an answer or in an error of ours


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_read_is_tried_again_until_it_is_answered(status: int) -> None:
    waits = Waits()
    async with wire(answers(httpx.Response(status), httpx.Response(200, text="books")), waits) as http:
        assert (await http.get("https://books.example/3/sie/4")).text == "books"
    assert waits.slept == [0.5]


async def test_waits_between_tries_grow_and_the_last_failure_is_told() -> None:
    waits = Waits()
    async with wire(answers(httpx.Response(503, headers={"Retry-After": "3"})), waits) as http:
        with pytest.raises(SourceUnavailable) as failed:
            await http.get("https://books.example/3/x")
    assert waits.slept == [3.0, 3.0, 3.0, 4.0]
    assert failed.value.code == "source-failing"
    assert failed.value.parameters == {"host": "books.example", "status": 503}


async def test_a_server_error_that_stays_is_handed_over_with_its_body() -> None:
    async with wire(answers(httpx.Response(500, json={"code": 1000003}))) as http:
        assert (await http.get("https://books.example/3/x")).json() == {"code": 1000003}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("refused"), "source-unreachable"),
        (httpx.ReadError("reset"), "source-unreachable"),
        (httpx.ReadTimeout("slow"), "source-silent"),
        (httpx.RemoteProtocolError("half"), "answer-broken"),
    ],
)
async def test_a_read_that_never_gets_through_ends_in_a_typed_error(error: Exception, code: str) -> None:
    async with wire(answers(error)) as http:
        with pytest.raises(SourceUnavailable) as failed:
            await http.get("https://books.example/3/x?code=secret")
    assert failed.value.code == code
    assert "secret" not in str(failed.value)


async def test_a_try_that_would_start_too_late_is_not_waited_for() -> None:
    waits = Waits()
    patience = Limits(patience={"interactive": 10.0, "bulk": 10.0})
    async with wire(answers(httpx.Response(503, headers={"Retry-After": "60"})), waits, limits=patience) as http:
        with pytest.raises(SourceUnavailable) as failed:
            await http.get("https://books.example/3/x")
    assert (waits.slept, failed.value.retry_after) == ([], 60.0)


async def test_a_wait_stated_as_a_date_is_understood() -> None:
    stated = httpx.Response(429, headers={"Retry-After": "Sun, 01 Mar 2026 12:00:07 GMT"})
    waits = Waits()
    async with wire(answers(stated, httpx.Response(200)), waits) as http:
        await http.get("https://books.example/3/x")
    assert waits.slept == [7.0]


# --- everything else is sent once


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ReadTimeout("lost"), httpx.ReadTimeout),
        (httpx.WriteError("reset"), httpx.WriteError),
        (httpx.ConnectError("refused"), SourceUnavailable),
        (httpx.ConnectTimeout("slow"), SourceUnavailable),
        (httpx.PoolTimeout("busy"), SourceUnavailable),
    ],
)
async def test_a_write_is_sent_once_and_its_error_tells_whether_it_was(
    method: str, error: httpx.HTTPError, told: type[Exception]
) -> None:
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        raise error

    async with wire(handler) as http:
        with pytest.raises(told):
            await http.request(method, "https://books.example/3/vouchers")
        assert http.may_have_written is (told is not SourceUnavailable)
    assert sent == [method]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_write_that_is_refused_is_handed_over(status: int) -> None:
    async with wire(answers(httpx.Response(status))) as http:
        assert (await http.post("https://books.example/3/vouchers")).status_code == status


# --- the credential


async def test_a_refused_read_renews_once_and_is_sent_again() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(401 if request.headers["Authorization"].endswith("1") else 200)

    tokens = Tokens()
    async with wire(handler, credential=tokens) as http:
        assert (await http.get("https://books.example/3/x")).status_code == 200
    assert seen == ["Bearer token-1", "Bearer token-2"]


async def test_the_token_stands_where_the_source_says() -> None:
    seen: list[httpx.Headers] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200)

    async with wire(handler, credential=Tokens(), token_header=TokenHeader("X-Api-Key", "")) as http:
        await http.get("https://books.example/3/x")
    assert (seen[0]["X-Api-Key"], "Authorization" in seen[0]) == ("token-1", False)


async def test_a_read_refused_twice_ends_the_matter() -> None:
    tokens = Tokens()
    async with wire(answers(httpx.Response(401)), credential=tokens) as http:
        with pytest.raises(Expired) as refused:
            await http.get("https://books.example/3/x")
    assert (refused.value.code, tokens.renewals) == ("authorization-refused", 1)


@pytest.mark.parametrize("ends", [False, True])
async def test_a_refused_write_renews_but_is_not_sent_again(ends: bool) -> None:
    tokens = Tokens(ends=ends)
    async with wire(answers(httpx.Response(401)), credential=tokens) as http:
        assert (await http.post("https://books.example/3/vouchers")).status_code == 401
    assert tokens.renewals == 1


async def test_nobody_can_take_the_credential_off() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers["Authorization"])

    async with wire(handler, credential=Tokens()) as http:
        assert (await http.get("https://books.example/3/x", auth=("me", "you"))).text == "Bearer token-1"
        assert (await http.get("https://books.example/3/x", auth=None)).text == "Bearer token-1"


async def test_a_streamed_read_fails_with_our_errors_too() -> None:
    async def half(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(b"half", length=1000))
        writer.close()

    async with raw_server(half) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        with pytest.raises(SourceUnavailable) as failed:
            async with http.stream("GET", server.origin) as response:
                await response.aread()
    assert failed.value.code == "answer-broken"


# --- only declared addresses (D7, H6)


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/",
        "https://books.example.evil.example/",
        "https://books.example:8443/",
        "http://books.example/",
        "https://books.example./",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://me:you@books.example/",
        "ftp://books.example/",
    ],
)
async def test_an_address_that_was_not_declared_is_never_called(address: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was called")

    async with wire(handler, credential=Tokens()) as http:
        with pytest.raises(PluginFault) as refused:
            await http.get(address)
    assert refused.value.code == "address-not-declared"


async def test_a_redirect_is_an_answer_and_not_followed() -> None:  # D7
    moved = httpx.Response(302, headers={"Location": "https://evil.example/"})
    async with wire(answers(moved), credential=Tokens()) as http:
        response = await http.get("https://books.example/3/x", follow_redirects=True)
    assert response.status_code == 302


def test_certificates_are_always_checked() -> None:  # D8
    import ssl

    from closing_host.sources import wire as module

    for pool in module.sockets():
        assert isinstance(pool, httpx.AsyncHTTPTransport)
        context = pool._pool._ssl_context
        assert context is not None
        assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


class Settings(BaseModel):
    base: str = ""
    client_id: str = "abc"


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        ("https://api.example/3", "https://api.example:443"),
        ("https://API.example:8443", "https://api.example:8443"),
        ("http://localhost:9000/", "http://localhost:9000"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
async def test_a_declared_setting_names_the_origin(base: str, origin: str) -> None:
    info = SourceInfo("x", hosts=(from_setting("base", authorization=True), Origin("https://b.example")))
    assert declared_origins(info, Settings(base=base)) == {origin, "https://b.example:443"}
    assert authorization_origins(info, Settings(base=base)) == {origin}


@pytest.mark.parametrize(
    "base",
    [
        "https://api.example:port",
        "",
        "api.example",
        "http://api.example",
        "http://10.0.0.1",
        "ftp://x",
        "https://u:p@x",
        "https://x?y",
        "https://[",
    ],
)
async def test_a_setting_that_is_no_usable_address_is_a_settings_error(base: str) -> None:
    with pytest.raises(SettingsError) as refused:
        declared_origins(SourceInfo("x", hosts=(from_setting("base"),)), Settings(base=base))
    assert refused.value.fields == {"base": "address-wrong"}


async def test_a_source_that_declares_no_address_is_at_fault() -> None:
    with pytest.raises(PluginFault):
        declared_origins(SourceInfo("x", hosts=(Origin("http://api.example"),)), None)


# --- the pace


async def test_the_pace_has_one_name_per_application_and_account() -> None:
    info = SourceInfo("x", rate_limit=RateLimit(25, 5.0, ("client_id",)))
    keys = {
        pace_key("x", info, Settings(client_id=client), account)
        for client in ("one", "two")
        for account in ("1", "2")
        for _ in range(2)
    }
    assert len(keys) == 4
    assert not any("one" in key for key in keys)


async def test_a_refusal_slows_everybody_down_and_the_read_waits_for_its_turn() -> None:
    rows, time = Rows(), Time()
    pace = Pace(rows, "k", Allowance.of(RateLimit(25, 5.0)), clock=time.clock, sleep=time.sleep, chance=lambda: 1.0)
    handler = answers(httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200))
    pool = httpx.MockTransport(handler)
    async with Wire(
        frozenset({ORIGIN}), clock=time.clock, pace=pace, sleep=time.sleep, network=lambda: (pool, pool)
    ) as http:
        await http.get("https://books.example/3/x")
    assert rows.held["k"].rate == pytest.approx(2.25)
    assert sum(time.slept) == pytest.approx(7.0)


async def test_a_write_refused_by_the_pace_was_not_sent() -> None:
    rows, time = Rows(), Time()
    pace = Pace(rows, "k", Allowance.of(RateLimit(25, 5.0)), clock=time.clock, sleep=time.sleep, chance=lambda: 1.0)
    await pace.refused(time.now, 120.0)

    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("it was sent")

    pool = httpx.MockTransport(handler)
    async with Wire(
        frozenset({ORIGIN}), clock=time.clock, pace=pace, sleep=time.sleep, network=lambda: (pool, pool)
    ) as http:
        with pytest.raises(RateLimited):
            await http.post("https://books.example/3/vouchers")


async def test_a_guard_is_asked_before_a_writes_first_byte_after_all_waiting_and_never_for_reads() -> None:
    rows, time = Rows(), Time()
    pace = Pace(rows, "k", Allowance.of(RateLimit(25, 5.0)), clock=time.clock, sleep=time.sleep, chance=lambda: 1.0)
    asked: list[float] = []
    reached: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        reached.append(request.method)
        return httpx.Response(200)

    def guard() -> None:
        asked.append(sum(time.slept))
        if len(asked) == 2:
            raise SourceUnavailable("lease-lost")

    pool = httpx.MockTransport(handler)
    async with Wire(
        frozenset({ORIGIN}), clock=time.clock, pace=pace, sleep=time.sleep, network=lambda: (pool, pool)
    ) as http:
        http.guard = guard
        await http.get("https://books.example/3/x")
        await http.post("https://books.example/3/vouchers")
        with pytest.raises(SourceUnavailable):
            await http.post("https://books.example/3/vouchers")
        http.guard = None
        await http.post("https://books.example/3/vouchers")
    assert reached == ["GET", "POST", "POST"]
    assert asked == pytest.approx([1 / 4.5, 2 / 4.5], abs=0.01)  # each after its turn had come


# --- bounds (D5, D6) and connections (D9), over real sockets

QUICK = Limits(read=0.3, write=0.3, size=100_000, tries=1)


async def test_a_body_that_never_ends_is_stopped_at_the_deadline() -> None:  # D5
    async def drip(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    started = asyncio.get_running_loop().time()
    async with raw_server(drip) as server, Wire(frozenset({server.origin}), clock=lambda: NOW, limits=QUICK) as http:
        with pytest.raises(SourceUnavailable) as failed:
            await http.get(server.origin)
        with pytest.raises(httpx.ReadTimeout):
            await http.post(server.origin)
    assert failed.value.code == "source-silent"
    assert asyncio.get_running_loop().time() - started < 1.6


async def test_headers_that_never_come_are_stopped_at_the_deadline() -> None:  # D5
    async def silent(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")

    async with raw_server(silent) as server, Wire(frozenset({server.origin}), clock=lambda: NOW, limits=QUICK) as http:
        with pytest.raises(SourceUnavailable):
            await http.get(server.origin)


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_that_is_too_large_is_stopped_also_when_packed(packed: bool) -> None:  # D5
    body = b"0" * 100_001 if not packed else gzip.compress(b"0" * 50_000_000)
    headers = ["Content-Encoding: gzip"] if packed else []
    sent = 0

    async def huge(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        sent += 1
        writer.write(http_answer(body, *headers))

    limits = Limits(size=100_000, tries=5)
    async with raw_server(huge) as server, Wire(frozenset({server.origin}), clock=lambda: NOW, limits=limits) as http:
        with pytest.raises(DataError) as failed:
            await http.get(server.origin)
    assert (failed.value.code, sent) == ("answer-too-large", 1)


async def test_a_packed_answer_is_unpacked() -> None:
    async def packed(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(gzip.compress(b"books" * 1000), "Content-Encoding: gzip"))

    async with raw_server(packed) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        assert (await http.get(server.origin)).content == b"books" * 1000
        assert b"accept-encoding: gzip\r\n" in server.requests[0].lower()


@pytest.mark.parametrize(
    "answer",
    [
        http_answer(b"", "Content-Encoding: gzip"),
        http_answer(b"", "Content-Encoding: identity", status="204 No Content"),
    ],
)
async def test_an_empty_answer_may_call_itself_packed(answer: bytes) -> None:
    async def empty(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with raw_server(empty) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        assert (await http.get(server.origin)).content == b""


BROKEN = {
    "length too long": http_answer(b"short", length=1000),
    "length not a number": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbooks",
    "length negative": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nbooks",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nbooks",
    "half a status line": b"HTTP/1.1 20",
    "not HTTP": b"220 smtp.example ESMTP\r\n\r\n",
    "nothing": b"",
    "chunk size not a number": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbooks\r\n",
    "last chunk missing": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbooks\r\n",
    "not gzip": http_answer(b"books", "Content-Encoding: gzip"),
    "gzip cut": http_answer(gzip.compress(b"books" * 100)[:-9], "Content-Encoding: gzip"),
    "gzip damaged": http_answer(gzip.compress(b"books" * 100)[:-8] + b"12345678", "Content-Encoding: gzip"),
    "packing not asked for": http_answer(b"books", "Content-Encoding: br"),
    "header without colon": b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n",
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_answer_is_a_typed_error(fault: str) -> None:  # D6
    async def broken(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(BROKEN[fault])
        await writer.drain()
        writer.close()

    async with raw_server(broken) as server, Wire(frozenset({server.origin}), clock=lambda: NOW, limits=QUICK) as http:
        with pytest.raises(SourceUnavailable):
            await http.get(server.origin)
        with pytest.raises(httpx.RequestError):
            await http.post(server.origin)


async def test_a_length_that_is_too_short_gives_what_was_stated_and_harms_no_other_answer() -> None:  # D6
    async def short(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(b"books and more", length=5))

    async with raw_server(short) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        assert [(await http.get(server.origin)).text for _ in range(3)] == ["books"] * 3


async def test_text_in_another_charset_is_still_text() -> None:  # D6
    async def latin(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer("Åkeri".encode("latin-1"), "Content-Type: text/plain; charset=no-such"))

    async with raw_server(latin) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        assert (await http.get(server.origin)).content == b"\xc5keri"


async def test_reads_share_a_connection_and_each_write_has_its_own() -> None:  # D9
    async def fine(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(b"ok"))

    async with raw_server(fine) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        for _ in range(3):
            await http.get(server.origin)
        assert server.connections == 1
        for _ in range(3):
            await http.post(server.origin, json={})
        assert server.connections == 4


async def test_a_kept_connection_that_the_server_closed_never_harms_a_write() -> None:  # D9
    async def close_after(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(b"ok"))
        await writer.drain()
        writer.close()  # without saying so beforehand

    async with raw_server(close_after) as server, Wire(frozenset({server.origin}), clock=lambda: NOW) as http:
        for _ in range(5):
            await http.get(server.origin)
            assert (await http.post(server.origin)).status_code == 200
    assert len(server.requests) == 10


# --- nothing secret in the logs (A12, G9)


async def test_no_secret_reaches_the_logs_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def fine(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(http_answer(b"canary-body"))

    class Canary(Tokens):
        async def live(self) -> LiveToken:
            return LiveToken("canary-token", 1)

    async with raw_server(fine) as server:
        origins = frozenset({server.origin})
        async with Wire(origins, clock=lambda: NOW, credential=Canary()) as http:
            await http.get(server.origin + "/callback?code=canary-code&state=canary-state#canary-fragment")
            await http.post(server.origin, data={"refresh_token": "canary-renewal"})
    for refusal in (401, 403, 429, 500, 503):
        for error in (None, httpx.ConnectError("x"), httpx.ReadTimeout("x")):
            async with wire(answers(error or httpx.Response(refusal)), credential=Canary()) as http:
                try:
                    await http.get("https://books.example/?code=canary-code")
                except ClosingError as told:
                    logging.getLogger("test").warning("%s %r", told, told)
    logging.getLogger("httpx").info("a line without parameters")
    assert "HTTP Request" in caplog.text
    assert "a line without parameters" in caplog.text
    assert "canary" not in caplog.text
    assert "canary" not in repr(LiveToken("canary", 1))
