"""What a page says when something goes wrong: in words, with the run that support can ask for, and nothing inward."""

import logging
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final, TypeVar

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
from closing_host.web.log import where
from closing_host.web.security.sizes import BodyTooLarge

KIND: Final = "page"
"""Runs that are recorded for a page that refused or failed, so that support can be told which."""

_STATUS: Final[tuple[tuple[type[ClosingError], int], ...]] = (
    (BodyTooLarge, 413),
    (AuthorizationError, 403),
    (SettingsError, 400),
    (TemporaryError, 503),
    (DataError, 422),
    (CapabilityMissing, 409),
)
T = TypeVar("T")

_WITHOUT_BOOKS: Final = ("year-without-books", "entry-year-without-books")
_MISSING: Final = ("-unknown", "page-missing")
_LOG: Final = logging.getLogger(__name__)


def told(call: Call, error: ClosingError, status: int = 0) -> Response:
    """An error that has words; a user's is recorded as a failed run, unless it was a run's already.

    `status`: instead of the error's own.
    """
    if error.code == "session-missing":
        return call.page("no_session.html", 403)
    if error.code in _WITHOUT_BOOKS:
        return _without_books(call, str(error.parameters["year"]))
    run = error.run or (_recorded(call, error) if call.session else "")
    return call.page("error.html", status or _status(error), problem=error, run=run)


def _without_books(call: Call, stated: str) -> Response:
    """A year that was added and whose books have not come: nothing failed, and the page leads to the import."""
    year = call.desk.year(stated)
    standing = call.desk.standing()
    return call.page(
        "year_none.html",
        404,
        engagement=call.desk.engagement,
        year=year,
        begun=year.year_start <= call.desk.now.date(),
        place="source" if standing.way in ("file", None) else "import",
    )


def _status(error: ClosingError) -> int:
    if error.code.endswith(_MISSING) and not isinstance(error, AuthorizationError):
        return 404
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def unexpected(call: Call, error: Exception) -> Response:
    """A fault of our own: recorded as a failed run whose id the page shows; where it arose goes to the log (G-9)."""
    run = _told_in_log(call, error)
    fault = ClosingError("unexpected-fault", detail="")
    try:
        return call.page("error.html", 500, problem=fault, run=run)
    except Exception as another:
        _LOG.error("the error page failed too, run %s: %s", run, where(another))
        return PlainTextResponse(f"Internal error, run {run}.", 500)


async def guarded(call: Call, parts: AsyncIterable[T]) -> AsyncIterator[T]:
    """The parts of an answer that is sent bit by bit. A fault on the way is recorded like any other, and breaks the
    answer off, so that nobody takes what came for the whole. Raises `BrokenOff`."""
    try:
        async for part in parts:
            yield part
    except Exception as error:
        _told_in_log(call, error)
        raise BrokenOff from None


class BrokenOff(Exception):
    """The answer could not be sent to its end; the log's line before says why."""


def _told_in_log(call: Call, error: Exception) -> str:
    run = _recorded(call, ClosingError("unexpected-fault", detail=type(error).__name__))
    _LOG.error("page failed, run %s: %s", run, where(error))
    return run


def _recorded(call: Call, error: ClosingError) -> str:
    store, task = call.house.host.store, Task(KIND)
    try:
        with store.database.write() as connection:
            runs = Runs(connection, store.clock)
            run = runs.create(task.kind, by=call.session.actor if call.session else "")
            runs.start(run.id, owner=KIND)
            runs.finish(run.id, "failed", owner=KIND, error=error)
            return run.id
    except ClosingError:  # the database itself may be what failed
        return ""
