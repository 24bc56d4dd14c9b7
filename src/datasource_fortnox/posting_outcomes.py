"""What became of a voucher that was sent: for certain not booked, refused, booked, or nobody knows (T 3a step 6).

Only what proves that nothing was booked counts as such. Whatever is not in the table is raised: it may have been
booked, and must be looked for before anybody sends it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from closing_host.api.errors import AuthorizationError, ClosingError, SourceUnavailable
from closing_host.api.vouchers import NotApplied
from datasource_fortnox.errors import LOGIN, SYSTEM, AnswerWrong, error_information, retry_after
from datasource_fortnox.models import Voucher
from datasource_fortnox.rest import json_value, unwrap


@dataclass(frozen=True, slots=True)
class Refusal:
    """Fortnox's own code and words for a voucher that it did not book."""

    number: int
    message: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: object
    number: int | None
    message: str
    retry_after: float | None

    @classmethod
    def read(cls, response: httpx.Response) -> "_Answer":
        body = json_value(response.content)
        number, message = error_information(body) or (None, "")
        return cls(response.status_code, body, number, message, retry_after(response))

    @property
    def detail(self) -> str:
        return self.message if self.number is None else f"Fortnox {self.number}: {self.message}"


def _unauthorized(answer: _Answer) -> bool:
    """Fortnox's own form of a 401 (F 3.6); one from a gateway proves nothing."""
    stated = isinstance(answer.body, dict) and isinstance(answer.body.get("message"), str)
    return answer.number in LOGIN or (answer.number is None and stated)


_Become = Callable[[_Answer], NotApplied | Refusal]

_TABLE: Final[tuple[tuple[frozenset[int], Callable[[_Answer], bool], _Become], ...]] = (
    # statuses, what the body must be, what it means; the first row that fits decides
    (
        frozenset({429}),
        lambda answer: True,
        lambda answer: NotApplied("fortnox-too-many-calls", answer.detail, answer.retry_after),
    ),
    (frozenset({401}), _unauthorized, lambda answer: NotApplied("fortnox-login-not-accepted", answer.detail)),
    (
        frozenset({400, 403}),
        lambda answer: answer.number in LOGIN,
        lambda answer: NotApplied("fortnox-login-not-accepted", answer.detail),
    ),
    (
        frozenset({400, 403, 404, 409, 422}),
        lambda answer: answer.number is not None and answer.number not in SYSTEM,
        lambda answer: Refusal(answer.number or 0, answer.message),
    ),
)


def judged(response: httpx.Response) -> Voucher | Refusal | NotApplied:
    """The answer's meaning. Raises `SourceUnavailable` `fortnox-outcome-unclear` when it leaves open what happened."""
    answer = _Answer.read(response)
    for statuses, fits, become in _TABLE:
        if answer.status in statuses and fits(answer):
            return become(answer)
    if response.is_success and isinstance(answer.body, dict) and "ErrorInformation" not in answer.body:
        try:
            return unwrap(answer.body, "Voucher", Voucher)
        except AnswerWrong as error:
            raise _unclear(response, str(error)) from error
    raise _unclear(response, answer.detail)


def _unclear(response: httpx.Response, said: str) -> SourceUnavailable:
    stated = (f"HTTP {response.status_code}", response.headers.get("X-Uid", ""), said)
    return SourceUnavailable("fortnox-outcome-unclear", detail=", ".join(filter(None, stated)))


def not_sent(error: ClosingError) -> NotApplied:
    """What stopped a voucher on its way out: an error of the client that carries it."""
    if isinstance(error, AuthorizationError):
        return NotApplied("fortnox-login-not-accepted", error.detail or error.code)
    return NotApplied.because(error)
