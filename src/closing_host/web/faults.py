"""What a page says when something goes wrong: in words, with the run that support can ask for, and nothing inward."""

import logging
from typing import Final

from starlette.responses import PlainTextResponse, Response

from closing_host.api.errors import (
    AuthorizationError,
    CapabilityMissing,
    ClosingError,
    DataError,
    SettingsError,
    TemporaryError,
)
from closing_host.runs.runner import Task
from closing_host.storage.runs import Runs
from closing_host.web.call import Call
from closing_host.web.security.sizes import BodyTooLarge

KIND: Final = "page"
"""Runs that are recorded for a page that failed unexpectedly."""

_STATUS: Final[tuple[tuple[type[ClosingError], int], ...]] = (
    (BodyTooLarge, 413),
    (AuthorizationError, 403),
    (SettingsError, 400),
    (TemporaryError, 503),
    (DataError, 422),
    (CapabilityMissing, 409),
)
_MISSING: Final = ("-unknown", "page-missing")
_LOG: Final = logging.getLogger(__name__)


def told(call: Call, error: ClosingError) -> Response:
    """An error that has words."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
    if error.code.endswith(_MISSING) and not isinstance(error, AuthorizationError):
        status = 404
    if error.code == "session-missing":
        return call.page("no_session.html", 403)
    return call.page("error.html", status, problem=error, run=error.run)


def unexpected(call: Call, error: Exception) -> Response:
    """A fault of our own: recorded as a failed run whose id the page shows; the trace goes to the log only (G-9)."""
    run = _recorded(call, error)
    _LOG.error("page failed, run %s", run, exc_info=error)
    fault = ClosingError("unexpected-fault", detail="")
    try:
        return call.page("error.html", 500, problem=fault, run=run)
    except Exception:
        _LOG.exception("the error page failed too, run %s", run)
        return PlainTextResponse(f"Internal error, run {run}.", 500)


def _recorded(call: Call, error: Exception) -> str:
    store, task = call.house.host.store, Task(KIND)
    try:
        with store.database.write() as connection:
            runs = Runs(connection, store.clock)
            run = runs.create(task.kind, by=call.session.actor if call.session else "")
            runs.start(run.id, owner=KIND)
            fault = ClosingError("unexpected-fault", detail=type(error).__name__)
            runs.finish(run.id, "failed", owner=KIND, error=fault)
            return run.id
    except ClosingError:  # the database itself may be what failed
        return ""
