"""What a data source may raise, and what the host then does.

A source raises these classes and nothing else; whatever else escapes a hook becomes a `PluginFault`. Each error
has a stable `code`, the parameters of its message, and an optional hint that names the next step. The words stand
in the catalogues (`closing_host.locale`), keyed by `code`, in Swedish and English; a source's own codes stand in
the catalogue that it ships. `detail` is what the source itself said, shown beside our words and never instead.
"""

from collections.abc import Mapping
from typing import ClassVar, Final


class ClosingError(Exception):
    """Root of the tree: something the user can be told in words. The host shows it and stops the operation."""

    code: str = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, code: str | None = None, /, *, detail: str = "", **parameters: object) -> None:
        if code is not None:
            self.code = code
        self.detail: Final = detail
        self.parameters: Final[Mapping[str, object]] = parameters
        self.run = ""
        """The run in which it happened; set by the host."""
        super().__init__(self.code)

    def __str__(self) -> str:
        """Code and parameters: for logs and tests, never for a user."""
        stated = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{self.code}({stated})" + (f": {self.detail}" if self.detail else "")


class SettingsError(ClosingError):
    """Settings are wrong. The host shows the form again with each field's error. `fields`: field name to code."""

    code = "settings-wrong"
    exit_code = 2

    def __init__(self, fields: Mapping[str, str], *, detail: str = "", **parameters: object) -> None:
        super().__init__(detail=detail, fields=", ".join(sorted(fields)), **parameters)
        self.fields: Final[Mapping[str, str]] = dict(fields)


class AuthorizationError(ClosingError):
    """Login or consent does not hold. The host keeps the old connection and asks the user to log in."""

    code = "authorization-failed"
    exit_code = 3


class Expired(AuthorizationError):
    """The token is gone, revoked or its renewal was refused. The connection becomes *Återkallad*."""

    code = "authorization-expired"


class Denied(AuthorizationError):
    """The user said no, or the source refused the login. Back to the step before."""

    code = "authorization-denied"


class PermissionMissing(AuthorizationError):
    """A scope or licence is missing. `operation` names what cannot be done; the host offers to do without it."""

    code = "permission-missing"

    def __init__(self, operation: str, *, detail: str = "", **parameters: object) -> None:
        super().__init__(detail=detail, operation=operation, **parameters)
        self.operation: Final = operation


class WrongCompany(AuthorizationError):
    """Another company answered than the engagement's. The host refuses, revokes and shows both."""

    code = "wrong-company"


class TemporaryError(ClosingError):
    """May work later. `retry_after`: seconds, when the source stated them. The host retries reads, never writes."""

    code = "temporary"
    exit_code = 4

    def __init__(
        self,
        code: str | None = None,
        *,
        retry_after: float | None = None,
        detail: str = "",
        **parameters: object,
    ) -> None:
        super().__init__(code, detail=detail, **parameters)
        self.retry_after: Final = retry_after


class RateLimited(TemporaryError):
    """Too many calls. The host waits as told and slows down."""

    code = "rate-limited"


class SourceUnavailable(TemporaryError):
    """Network failure, time-out or a server error of the source."""

    code = "source-unavailable"


class DataError(ClosingError):
    """The data breaks the rules so that nothing can be imported. The host stores nothing and keeps the old books.

    Parameters name the place: `file`, `line` and `column`, or `record`.
    """

    code = "data-wrong"
    exit_code = 5


class UnsupportedFormat(DataError):
    """A format that the source does not read. The host names the sources that may."""

    code = "format-unsupported"


class CapabilityMissing(ClosingError):
    """The operation was asked of a source that does not implement it, or the company lacks it."""

    code = "capability-missing"
    exit_code = 7


class PluginFault(ClosingError):
    """A source raised what it should not, or returned what it may not. The cause is kept; the log has the trace.

    Made by the host, never raised by a source.
    """

    code = "plugin-fault"
    exit_code = 8
