"""What a failed read becomes: an answer that refuses, or a network error, as errors of the contract."""

from collections.abc import AsyncIterator
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from closing_host.api.errors import DataError, RateLimited, SourceUnavailable, TemporaryError
from closing_host.sources.bounds import AnswerTooLarge


def retry_after(response: httpx.Response, now: datetime) -> float | None:
    """The seconds to wait that the answer states, as a number or an HTTP date; None when it states none."""
    stated = response.headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        return max(0.0, (parsedate_to_datetime(stated) - now).total_seconds())
    except (TypeError, ValueError):  # not a date, or one without a zone
        return None


def refusal(response: httpx.Response, now: datetime) -> TemporaryError:
    """The error for an answer that says "not now": 429 or a server error."""
    wait = retry_after(response, now)
    if response.status_code == 429:
        return RateLimited("source-refuses-more", retry_after=wait, host=response.request.url.host)
    return SourceUnavailable(
        "source-failing", retry_after=wait, host=response.request.url.host, status=response.status_code
    )


def failure(error: httpx.RequestError, host: str) -> TemporaryError | DataError:
    """The error for a call to `host` that brought no whole answer."""
    reason = type(error).__name__
    if isinstance(error, AnswerTooLarge):
        return DataError("answer-too-large", host=host)
    if isinstance(error, httpx.DecodingError | httpx.RemoteProtocolError):
        return SourceUnavailable("answer-broken", host=host, reason=reason)
    if isinstance(error, httpx.TimeoutException):
        return SourceUnavailable("source-silent", host=host, reason=reason)
    return SourceUnavailable("source-unreachable", host=host, reason=reason)


def typed(response: httpx.Response) -> httpx.Response:
    """Let a streamed answer fail with our errors too; it cannot be asked for again half-way."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = _TypedStream(response.stream, response.request.url.host)
    return response


class _TypedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, host: str) -> None:
        self._inner = inner
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._inner:
                yield piece
        except httpx.RequestError as error:
            raise failure(error, self._host) from error

    async def aclose(self) -> None:
        await self._inner.aclose()
