"""What the disk and the database say when they fail, as errors that a user can be told."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError

from closing_host.api.errors import ClosingError, TemporaryError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_LOST: Final = ("no such table: ", "no such column: ")


def database_fault(error: DBAPIError) -> ClosingError | None:
    """The error to show: `database-busy`, `disk-full`, `disk-failed`, `database-damaged`; None for a bug of ours."""
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    if extended is None:  # another database: it tells by class only
        return TemporaryError("database-busy", detail=str(error.orig)) if isinstance(error, OperationalError) else None
    code = extended & 0xFF  # the low byte is the class, the rest says more (BUSY_SNAPSHOT, IOERR_WRITE ...)
    detail = str(error.orig)
    if code in _BUSY:
        return TemporaryError("database-busy", detail=detail)
    if code == sqlite3.SQLITE_FULL:
        return ClosingError("disk-full", detail=detail)
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return ClosingError("disk-failed", detail=detail)
    # At our revision every table and column is there; one that is not was lost to damage in the schema's own text.
    if code in _DAMAGED or detail.startswith(_LOST):
        return ClosingError("database-damaged", detail=detail)
    return None


@contextmanager
def disk_faults() -> Iterator[None]:
    """Turn `OSError` inside the block into `disk-full` or `disk-failed`."""
    try:
        yield
    except OSError as error:
        code = "disk-full" if error.errno in _FULL else "disk-failed"
        raise ClosingError(code, detail=str(error)) from error
