"""A body that is larger than its route takes is refused before anything parses it (T F10)."""

from typing import Final

from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from closing_host.api.errors import ClosingError

SMALL: Final = 64 * 1024
"""Bytes that an ordinary form may have."""


class BodyTooLarge(ClosingError):
    """The request's body is larger than `limit` MB."""

    code = "body-too-large"


class LimitedBody:
    """Counts a request's body. `request` reads no further than `limit` bytes; `exceeded` says that it was cut off.

    The parsers close the files that they have begun when they meet their own exception, so that one ends them.
    """

    def __init__(self, request: Request, limit: int) -> None:
        self._receive = request.receive
        self._limit = limit
        self._got = 0
        self.exceeded = False
        self.request: Final = Request(request.scope, self._counted)

    def refuse_stated(self) -> None:
        """Raises `BodyTooLarge` at once when the request's stated length is too large, or no number."""
        stated = self.request.headers.get("content-length", "0")
        if not stated.isdigit() or int(stated) > self._limit:
            raise self.too_large()

    def too_large(self) -> BodyTooLarge:
        """The error, with the limit in MB (at least 1)."""
        return BodyTooLarge(limit=max(1, self._limit // 2**20))

    async def _counted(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        if self._got > self._limit:
            self.exceeded = True
            raise MultiPartException("too large")
        return message
