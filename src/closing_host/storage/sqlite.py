"""All that is peculiar to SQLite (T 0.10, libraries.md 4)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, create_engine, event

from closing_host.api.errors import ClosingError

_MODE: Final = "closing_host_mode"
Mode = Literal["read", "write", "tables"]
"""What a transaction is for: reading, writing, or changing the tables (then foreign keys are checked at the end)."""


def sqlite_engine(path: Path, *, busy_timeout: float) -> Engine:
    """An engine on the file: WAL, full sync (a commit survives a power cut), foreign keys, our own BEGIN."""
    # Unlimited overflow: a thread that waits for the write lock must not keep readers from a connection.
    engine = create_engine(f"sqlite:///{path}", max_overflow=-1)

    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred, and breaks read-then-write
        for setting in (f"busy_timeout={int(busy_timeout * 1000)}", "journal_mode=wal", "synchronous=full"):
            connection.execute(f"PRAGMA {setting}")

    def begin(connection: Connection) -> None:
        mode: Mode = connection.get_execution_options()[_MODE]
        driver = driver_connection(connection)
        driver.execute(f"PRAGMA foreign_keys={'off' if mode == 'tables' else 'on'}")
        driver.execute(f"PRAGMA query_only={'on' if mode == 'read' else 'off'}")
        # Deferred and then writing fails at once with BUSY_SNAPSHOT, whatever the timeout (T 0.10).
        connection.exec_driver_sql("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")

    def refuse_without_transaction(connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:
        # On a full disk SQLite has already rolled back: what followed would be committed piece by piece.
        if not statement.startswith("BEGIN") and not driver_connection(connection).in_transaction:
            raise ClosingError("transaction-lost")

    event.listen(engine, "connect", configure)
    event.listen(engine, "begin", begin)
    event.listen(engine, "before_cursor_execute", refuse_without_transaction)
    return engine


def with_mode(connection: Connection, mode: Mode) -> Connection:
    """The connection, told what its next transaction is for."""
    return connection.execution_options(**{_MODE: mode})


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def has_transaction(connection: Connection) -> bool:
    """Whether the transaction that we began is still open."""
    return driver_connection(connection).in_transaction


def broken_reference(connection: Connection) -> str | None:
    """The first table with a row whose foreign key points nowhere, or None."""
    row = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return None if row is None else str(row[0])


def damage(path: Path) -> str | None:
    """What SQLite finds wrong in the file's structure, or None (T E6). Reads the whole file."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if answer == "ok" else str(answer)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, as of one instant, into the new file `target`, with no WAL beside it."""
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
        origin.backup(copy)
        copy.execute("PRAGMA journal_mode=delete")
