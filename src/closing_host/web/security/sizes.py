"""A body that is larger than its route takes is refused before anything parses it (T F10)."""

from typing import Final

from starlette.requests import Request
from starlette.types import Message, Receive

from closing_host.api.errors import ClosingError

SMALL: Final = 64 * 1024
"""Bytes that an ordinary form may have."""


class BodyTooLarge(ClosingError):
    """The request's body is larger than `limit` MB."""

    code = "body-too-large"


def limited(request: Request, limit: int) -> Request:
    """The request, whose body raises `BodyTooLarge` beyond `limit` bytes; at once when its length says so."""
    stated = request.headers.get("content-length", "0")
    if not stated.isdigit() or int(stated) > limit:
        raise too_large(limit)
    return Request(request.scope, _counted(request.receive, limit))


def too_large(limit: int) -> BodyTooLarge:
    """The error, with the limit in MB (at least 1)."""
    return BodyTooLarge(limit=max(1, limit // 2**20))


def _counted(receive: Receive, limit: int) -> Receive:
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > limit:
            raise too_large(limit)
        return message

    return counted
