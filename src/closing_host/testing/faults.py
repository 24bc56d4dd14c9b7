"""What can happen to one request. Each is a `line.Fault`, or makes one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping

import httpx

from closing_host.testing.line import Act, Fault


def answered(status: int, body: str = "", content_type: str = "application/json", **headers: str) -> Fault:
    """The server (or something before it) answers this and does nothing."""

    async def fault(request: httpx.Request, act: Act) -> httpx.Response:
        stated: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(
            status, headers={"Content-Type": content_type, **stated}, content=body.encode(), request=request
        )

    return fault


async def unreachable(request: httpx.Request, act: Act) -> httpx.Response:
    """No connection is made."""
    raise httpx.ConnectError("All connection attempts failed", request=request)


def refused(tokens: Collection[str]) -> Fault:
    """A token is not accepted, in whatever header it stands; requests without one are answered as ever."""

    async def fault(request: httpx.Request, act: Act) -> httpx.Response:
        if any(token in value for value in request.headers.values() for token in tokens):
            return httpx.Response(401, request=request)
        return await act()

    return fault


def after(meet: Callable[[], None]) -> Fault:
    """No fault: a request is answered when `meet` has come back, which may take a while."""

    async def fault(request: httpx.Request, act: Act) -> httpx.Response:
        await asyncio.to_thread(meet)
        return await act()

    return fault


async def lost_answer(request: httpx.Request, act: Act) -> httpx.Response:
    """The server does what it was asked; its answer never arrives."""
    await act()
    raise httpx.ReadTimeout("", request=request)


async def cut_off(request: httpx.Request, act: Act) -> httpx.Response:
    """The connection ends in the middle of the answer."""
    answer = await act()
    return httpx.Response(answer.status_code, headers=_typed(answer), stream=_Torn(answer.content, request))


async def cut_short(request: httpx.Request, act: Act) -> httpx.Response:
    """The answer's second half is missing, and nothing in HTTP shows it."""
    answer = await act()
    half = answer.content[: len(answer.content) // 2]
    return httpx.Response(answer.status_code, headers=_typed(answer), content=half, request=request)


def hanging(happens: Callable[[], object]) -> Fault:
    """No answer ever comes; `happens` is called when the request arrives."""

    async def fault(request: httpx.Request, act: Act) -> httpx.Response:
        happens()
        await asyncio.Event().wait()
        raise AssertionError

    return fault


def _typed(answer: httpx.Response) -> dict[str, str]:
    return {"Content-Type": answer.headers.get("Content-Type", "")}


class _Torn(httpx.AsyncByteStream):
    def __init__(self, content: bytes, request: httpx.Request) -> None:
        self._content = content
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content[: len(self._content) // 2]
        raise httpx.RemoteProtocolError("peer closed connection without complete body", request=self._request)
