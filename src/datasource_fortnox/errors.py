"""What Fortnox refused, as errors of the contract: by its own code first, by the status second (F 3.6, F 3.7)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from closing_host.api.errors import (
    ClosingError,
    DataError,
    Expired,
    PermissionMissing,
    RateLimited,
    SourceUnavailable,
)

SYSTEM: Final = frozenset({1000003, 1000029})
LOGIN: Final = frozenset({2000310, 2000311})
_NOT_FOUND: Final = frozenset({2000423, *range(2000427, 2000440), 2001161, 2001403})
PERMISSIONS: Final[Mapping[int, str]] = {
    2000663: "fortnox-scope-missing",
    2001101: "fortnox-licence-missing",
    2001103: "fortnox-integration-licence-missing",
    **dict.fromkeys((2001339, 2001393, 2001427, 2002455, 2003275, 2003330), "fortnox-right-missing"),
}

_OPERATIONS: Final[Mapping[str, str]] = {
    "invoices": "attachments",
    "invoicepayments": "attachments",
    "supplierinvoices": "attachments",
    "supplierinvoicepayments": "attachments",
    "predefinedaccounts": "attachments",
    "settings": "export",
    "costcenters": "export",
    "projects": "export",
}


class Refused(DataError):
    """Fortnox understood the request and said no. `number` is Fortnox's error code, None when it gave none.

    Shown with Fortnox's own words (`detail`). `resource` is what was asked for, `trace` Fortnox's id of the request.
    """

    code = "fortnox-refused"

    def __init__(self, number: int | None, status: int, *, detail: str, resource: str, trace: str) -> None:
        super().__init__(
            detail=detail, number="" if number is None else number, status=status, resource=resource, trace=trace
        )
        self.number: Final = number
        self.status: Final = status


class NotFound(Refused):
    """What was asked for does not exist in this company or year."""

    code = "fortnox-not-found"


class NotPermitted(PermissionMissing):
    """A scope, a licence or a right inside Fortnox is missing: four codes, because the remedies differ (F 1.9)."""

    def __init__(self, code: str, operation: str, *, detail: str, **parameters: object) -> None:
        super().__init__(operation, detail=detail, **parameters)
        self.code = code

    def of(self, operation: str) -> "NotPermitted":
        """The same for another operation: one scope serves several."""
        stated = {name: value for name, value in self.parameters.items() if name != "operation"}
        return NotPermitted(self.code, operation, detail=self.detail, **stated)


class AnswerWrong(DataError):
    """Fortnox's answer lacks something that must be there, or holds a value that cannot be read.

    `resource` and `record` name the place, `field` the field in Fortnox's own spelling.
    """

    code = "fortnox-field-wrong"


def resource_of(response: httpx.Response) -> str:
    """What was asked for: the path below the version, such as `vouchers/A/42`."""
    return response.request.url.path.partition("/3/")[2].strip("/")


def unreadable(response: httpx.Response, reason: str) -> SourceUnavailable:
    """The error for a success that is not what was asked for."""
    return SourceUnavailable(
        "fortnox-answer-unreadable",
        resource=resource_of(response),
        status=response.status_code,
        reason=reason,
        trace=response.headers.get("X-Uid", ""),
    )


def refusal(response: httpx.Response, body: object) -> ClosingError | None:
    """The error that the answer states, or None for a success. `body` is its JSON, None when it has none."""
    status, resource, trace = response.status_code, resource_of(response), response.headers.get("X-Uid", "")
    if status == 429:
        return RateLimited("fortnox-too-many-calls", retry_after=retry_after(response), trace=trace)
    stated = error_information(body)
    if stated is None and response.is_success:
        return None
    number, message = stated or (None, "")
    detail = f"Fortnox {number}: {message}" if number is not None else message
    if number is not None and number in PERMISSIONS:
        operation = _OPERATIONS.get(resource.split("/")[0], "import")
        return NotPermitted(PERMISSIONS[number], operation, detail=detail, resource=resource)
    if number in LOGIN or (status == 401 and number is None):
        return Expired("fortnox-token-refused", detail=detail)
    if number in SYSTEM or status >= 500 or status == 408:
        return SourceUnavailable("fortnox-failing", detail=detail, resource=resource, status=status, trace=trace)
    if number in _NOT_FOUND or status == 404:
        return NotFound(number, status, detail=detail, resource=resource, trace=trace)
    if stated is None:
        return unreadable(response, "no error information")
    return Refused(number, status, detail=detail, resource=resource, trace=trace)


def error_information(body: object) -> tuple[int | None, str] | None:
    """Code and message of an `ErrorInformation` in either casing; None when there is none."""
    information = body.get("ErrorInformation") if isinstance(body, dict) else None
    if not isinstance(information, dict):
        return None
    lower = {str(name).lower(): value for name, value in information.items()}
    code = str(lower.get("code", ""))
    return int(code) if code.isascii() and code.isdigit() else None, str(lower.get("message") or "")


def retry_after(response: httpx.Response) -> float | None:
    """Seconds; a date is counted from the answer's own `Date`, so that our clock does not matter."""
    stated = response.headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit():
        return float(stated)
    try:
        sent = parsedate_to_datetime(response.headers["Date"]) if "Date" in response.headers else datetime.now(UTC)
        return max(0.0, (parsedate_to_datetime(stated) - sent).total_seconds())
    except (TypeError, ValueError):  # not dates, or without zone
        return None
