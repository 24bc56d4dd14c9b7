"""What a fault does: how often the request is executed, when, and how its answer ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

__all__ = ["Action", "Ending", "PlanError", "catalogue", "named"]


class PlanError(ValueError):
    """A plan that names no known fault, phase, selector or edit."""


class Ending(Enum):
    """How the exchange ends. All but the first three need a raw socket or the in-process transport."""

    NORMAL = "normal"
    ANSWER = "answer"
    CHANGED = "changed"
    REFUSED = "refused"
    UNKNOWN_HOST = "unknown_host"
    TLS_FAILURE = "tls_failure"
    RESET = "reset"
    RESET_IN_BODY = "reset_in_body"
    CLOSED = "closed"
    TIMEOUT = "timeout"
    HALF_STATUS_LINE = "half_status_line"
    TRUNCATED = "truncated"
    LENGTH_TOO_SHORT = "length_too_short"
    LENGTH_TOO_LONG = "length_too_long"
    SLOW_HEADERS = "slow_headers"
    SLOW_BODY = "slow_body"
    BAD_GZIP = "bad_gzip"
    INFORMATIONAL = "informational"

    @property
    def wire(self) -> bool:
        """Whether an ASGI server cannot make it."""
        return self not in {Ending.NORMAL, Ending.ANSWER, Ending.CHANGED}


@dataclass(frozen=True)
class Action:
    """One fault. ``commits`` is how often the request is executed (0, 1, 2), ``commit_after_s`` when if not at once.

    ``status``, ``body``, ``content_type``, ``headers`` and ``code`` form an ANSWER; ``change`` names a CHANGED reply
    (`reshape`); ``delay_s`` passes before the answer; ``hold_s`` is how long a socket is kept open (real seconds),
    ``piece_s`` the pause between pieces of a slow answer (real seconds).
    """

    name: str
    ending: Ending = Ending.NORMAL
    commits: int = 1
    commit_after_s: float | None = None
    delay_s: float = 0.0
    status: int = 500
    body: str = ""
    content_type: str = "text/html; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    change: str = ""
    value: Any = None
    hold_s: float = 120.0
    piece_s: float = 0.05


_HTML_502 = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_JSON_500 = '{"ErrorInformation":{"error":1,"message":"System exception","code":1000003}}'
_UNAUTHORIZED = '{"message":"unauthorized"}'
_JSON = "application/json"


def _answer(
    name: str, status: int, body: str, content_type: str = "text/html; charset=UTF-8", commits: int = 0
) -> Action:
    return Action(name, Ending.ANSWER, commits, status=status, body=body, content_type=content_type)


def _error(code: int, message: str) -> str:
    return f'{{"ErrorInformation":{{"error":1,"message":"{message}","code":{code}}}}}'


catalogue: dict[str, Action] = {
    action.name: action
    for action in (
        # POST voucher (T 4.3)
        Action("N1", Ending.REFUSED, 0),
        Action("N2", Ending.UNKNOWN_HOST, 0),
        Action("N3", Ending.TLS_FAILURE, 0),
        Action("N4", Ending.RESET, 0),
        Action("N5", Ending.RESET_IN_BODY, 0),
        Action("N6", Ending.CLOSED, 0),
        Action("N7", Ending.TIMEOUT, 0),
        Action("N8", Ending.TIMEOUT, 1),
        Action("N9", Ending.TIMEOUT, 1, commit_after_s=90.0),
        Action("N10", Ending.RESET, 1),
        Action("N11", Ending.HALF_STATUS_LINE, 1),
        Action("N12", Ending.TRUNCATED, 1),
        Action("N13", Ending.LENGTH_TOO_SHORT, 1),
        Action("N14", Ending.LENGTH_TOO_LONG, 1),
        Action("N15", Ending.CHANGED, 1, change="malformed_json"),
        Action("N16", Ending.ANSWER, 1, status=200, body="", content_type=_JSON),
        _answer("N17", 502, _HTML_502, commits=1),
        _answer("N18", 502, _HTML_502),
        _answer("N19", 500, _JSON_500, _JSON, commits=1),
        _answer("N20", 500, _JSON_500, _JSON),
        _answer("N21", 429, "Too Many Requests", "text/plain;charset=UTF-8"),
        _answer("N22", 401, _UNAUTHORIZED, _JSON),
        _answer("N23", 400, _error(2000401, "Perioden är låst."), _JSON),
        Action("N24", Ending.NORMAL, 2),
        # Token endpoint
        Action("K1", Ending.RESET, 1),
        Action("K2", Ending.RESET, 0),
        _answer("K3", 200, "<html><body>Service page</body></html>", commits=1),
        Action("K4", Ending.CHANGED, 1, change="drop_field", value="refresh_token"),
        Action("K5", Ending.CHANGED, 1, change="expires_in", value="3600"),
        _answer("K6", 400, '{"error":"invalid_grant","error_description":"Invalid refresh token"}'),
        _answer("K7", 429, "Too Many Requests", "text/plain;charset=UTF-8"),
        _answer("K8", 500, ""),
        Action("K9", Ending.CHANGED, 1, change="other_tenant"),
        Action("K10", Ending.CHANGED, 1, change="reduced_scope", value="bookkeeping"),
        Action("K11", Ending.NORMAL, 1, change="replay_revokes_family"),
        Action("K12", Ending.NORMAL, 1, delay_s=45.0),
        # Any route
        Action("drop_connection", Ending.RESET, 1),
        Action("close", Ending.CLOSED, 1),
        Action("slow_headers", Ending.SLOW_HEADERS, 1),
        Action("slow_body", Ending.SLOW_BODY, 1),
        Action("bad_gzip", Ending.BAD_GZIP, 1),
        Action("informational", Ending.INFORMATIONAL, 1),
        Action("truncated_content", Ending.CHANGED, 1, change="truncated"),
        Action("byte_order_mark", Ending.CHANGED, 1, change="byte_order_mark"),
        Action("latin1", Ending.CHANGED, 1, change="latin1"),
        Action("not_a_number", Ending.CHANGED, 1, change="not_a_number"),
        Action("drop_field", Ending.CHANGED, 1, change="drop_field", value="Comments"),
        Action("set_fields", Ending.CHANGED, 1, change="set_fields", value={"Comments": None}),
        Action("repeat_first_page", Ending.CHANGED, 1, change="repeat_first_page"),
        Action("lose_last_item", Ending.CHANGED, 1, change="lose_last_item"),
        Action("unsorted", Ending.CHANGED, 1, change="unsorted"),
        Action("error_as_200", Ending.ANSWER, 0, status=200, body=_JSON_500, content_type=_JSON),
        _answer("maintenance", 503, "<html><body>Service Unavailable</body></html>"),
        _answer("licence", 403, _error(2001101, "Det finns ingen aktiv licens."), _JSON),
        _answer("no_route", 404, _error(2000762, "No such route"), _JSON),
        replace(_answer("redirect", 302, ""), headers={"Location": "https://other.example/3/vouchers"}),
    )
}
"""Faults by name: N1-N24 and K1-K12 of T 4.3, and others by what they do."""


def named(name: str) -> Action:
    """The fault of this name; raises `PlanError`."""
    if name not in catalogue:
        raise PlanError(f"no fault {name!r}; known: {', '.join(catalogue)}")
    return catalogue[name]
