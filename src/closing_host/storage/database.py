"""Transactions. One `Database` per process; threads share it.

`write()` and `read()` give a connection inside a transaction that is committed when the block ends well and rolled
back otherwise. What the database says when it fails comes out as `closing_host.api.errors`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.storage.faults import database_fault
from closing_host.storage.sqlite import Mode, has_transaction, sqlite_engine, with_mode

__all__ = ["Connection", "Database", "after_commit"]

T = TypeVar("T")

_AFTER_COMMIT: Final = "closing_host_after_commit"


class Database:
    """The database file, with its pool of connections. `busy_timeout`: seconds to wait for another writer."""

    def __init__(self, path: Path, *, busy_timeout: float = 30.0) -> None:
        self.path: Final = path
        self.engine: Final = sqlite_engine(path, busy_timeout=busy_timeout)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start, so what it reads stays true until it commits.

        Raises `TemporaryError` `database-busy`, `ClosingError` `disk-full`, `disk-failed`, `database-damaged`.
        """
        with self.transaction("write") as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one instant, and cannot write. Never waits for a writer."""
        with self.transaction("read") as connection:
            yield connection

    def transact(self, work: Callable[[Connection], T], *, attempts: int = 3) -> T:
        """Run `work` in a write transaction; the whole of it again, at most `attempts` times, while others are busy.

        `work` must have no effect outside the database. (T E2)
        """
        for _ in range(attempts - 1):
            try:
                with self.write() as connection:
                    return work(connection)
            except TemporaryError as error:
                if error.code != "database-busy":
                    raise
        with self.write() as connection:
            return work(connection)

    @contextmanager
    def transaction(self, mode: Mode) -> Iterator[Connection]:
        """A transaction of the given kind; `write` and `read` are what callers want."""
        try:
            with self.engine.connect() as plain:
                connection = with_mode(plain, mode)
                actions: dict[str, Callable[[], None]] = {}
                connection.info[_AFTER_COMMIT] = actions
                with connection.begin():
                    yield connection
                    if not has_transaction(connection):
                        raise ClosingError("transaction-lost")
        except DBAPIError as error:
            if (fault := database_fault(error)) is not None:
                raise fault from error
            raise
        for action in actions.values():
            action()

    def close(self) -> None:
        """Close all connections; the last one folds the WAL into the file."""
        self.engine.dispose()


def after_commit(connection: Connection, name: str, action: Callable[[], None]) -> None:
    """Have `action` run once the transaction is committed, in place of an earlier one of the same `name`."""
    connection.info[_AFTER_COMMIT][name] = action
