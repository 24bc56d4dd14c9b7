"""What a token endpoint answered: a token, a refusal, or nothing that can be told (RFC 6749 5, T A13, F 1.4).

Bodies are read as JSON whatever their content type says, because servers label them wrongly (F 1.4). An answer
that cannot be read raises `SourceUnavailable`: the server may have acted all the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from closing_host.api.authorization import Token
from closing_host.api.errors import AuthorizationError, RateLimited, SourceUnavailable

_LONGEST = 300  # characters of the server's own words that we repeat
_LONGEST_LIFE = 10 * 366 * 86400  # seconds; anything beyond is not a lifetime but a mistake


@dataclass(frozen=True, slots=True)
class Refusal:
    """The server said no. `error` is its code, "" when its answer names none; `words` its description."""

    error: str
    words: str
    status: int


def stated(answer: Mapping[str, object], name: str) -> str:
    """A text of the answer, "" when it is absent or no text."""
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def words(description: str) -> str:
    """The server's own words in one line, short enough to be shown beside ours."""
    return " ".join(description.split())[:_LONGEST]


def read_answer(response: httpx.Response, now: datetime) -> Mapping[str, object] | Refusal:
    """The JSON object of a success, or the refusal.

    Raises `RateLimited` and `SourceUnavailable` (5xx, 408, or a success that holds no JSON object), and
    `AuthorizationError("oauth-endpoint-wrong")` when something other than a token endpoint answered.
    """
    status, host = response.status_code, response.request.url.host
    if status == 429:
        raise RateLimited("oauth-too-many", retry_after=_retry_after(response, now), host=host)
    if status >= 500 or status == 408:
        raise SourceUnavailable("oauth-failing", retry_after=_retry_after(response, now), host=host, status=status)
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        return Refusal(stated(answer, "error"), words(stated(answer, "error_description")), status)
    if response.is_success and isinstance(answer, dict):
        return answer
    if response.is_success:
        raise SourceUnavailable("oauth-answer-unreadable", host=host, status=status)
    if status == 401:
        return Refusal("invalid_client", "", status)
    raise AuthorizationError("oauth-endpoint-wrong", address=_address(response), status=status)


def read_token(answer: Mapping[str, object], *, started: datetime, lifetime: timedelta, known: Token) -> Token:
    """The token that a success states. `known` gives what the answer may leave out: renewal, scopes, grant.

    It ends at `started` (when the request left) + `expires_in`, or + `lifetime` when no usable number is stated.
    Raises `SourceUnavailable` when there is no access token.
    """
    access = stated(answer, "access_token")
    if not access:
        raise SourceUnavailable("oauth-token-absent")
    scopes = stated(answer, "scope").split()
    return Token(
        access,
        renewal=stated(answer, "refresh_token") or known.renewal,
        expires_at=started + (_seconds(answer.get("expires_in")) or lifetime),
        rotates=known.rotates,
        scopes=frozenset(scopes) or known.scopes,
        grant=known.grant,
    )


def _seconds(value: object) -> timedelta | None:
    """A lifetime stated as number or text; None for anything else, or nothing that a clock could count."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST_LIFE:
        return None
    return timedelta(seconds=value)


def _retry_after(response: httpx.Response, now: datetime) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):  # not a date, or one without zone
        return None


def _address(response: httpx.Response) -> str:
    return str(response.request.url.copy_with(query=None))
