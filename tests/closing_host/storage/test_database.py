import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.storage.columns import UtcDateTime
from closing_host.storage.database import Connection, Database
from closing_host.storage.faults import database_fault, disk_faults
from closing_host.storage.runs import Runs
from closing_host.storage.tables import engagement
from stored_books import World, opened

SQLITE, POSTGRESQL = make_url("sqlite://").get_dialect()(), make_url("postgresql://").get_dialect()()


def pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_every_connection_is_set_up_for_safety(world: World) -> None:
    with world.store.database.write() as connection:
        assert pragma(connection, "journal_mode") == "wal"
        assert pragma(connection, "synchronous") == 2  # FULL: a commit survives a power cut (T E3)
        assert pragma(connection, "foreign_keys") == 1
        assert pragma(connection, "busy_timeout") == 30_000


def test_a_read_transaction_cannot_write(world: World) -> None:
    with pytest.raises(ClosingError, match="disk-failed"), world.store.database.read() as connection:
        Runs(connection, world.clock).create("import", by="anna")


def test_a_read_transaction_sees_one_instant(world: World) -> None:
    with world.store.database.read() as reading:
        assert Runs(reading, world.clock).newest() == ()
        with world.store.database.write() as writing:
            Runs(writing, world.clock).create("import", by="anna")
        assert Runs(reading, world.clock).newest() == ()
    with world.store.database.read() as reading:
        assert len(Runs(reading, world.clock).newest()) == 1


def test_what_fails_is_rolled_back(world: World) -> None:
    def interrupted(connection: Connection) -> None:
        Runs(connection, world.clock).create("import", by="anna")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.store.database.transact(interrupted)
    with world.store.database.read() as connection:
        assert Runs(connection, world.clock).newest() == ()


def test_sixteen_threads_that_read_and_then_write_lose_nothing(world: World) -> None:
    def work() -> None:
        for _ in range(5):
            with world.store.database.write() as connection:
                count = len(connection.execute(select(engagement.c.id)).all())
                connection.execute(
                    insert(engagement).values(
                        name=str(count), form="", source_id="x", settings={}, created_at=world.clock(), created_by="a"
                    )
                )

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.store.database.read() as connection:
        names = set(connection.execute(select(engagement.c.name).where(engagement.c.source_id == "x")).scalars())
    assert names == {str(number) for number in range(1, 81)}


def counting_writes(monkeypatch: pytest.MonkeyPatch, before: Callable[[int], object]) -> list[int]:
    """Calls `before(n)` ahead of the n-th write transaction; the list has one number per transaction."""
    original = Database.write
    turns: list[int] = []

    def write(database: Database) -> AbstractContextManager[Connection]:
        turns.append(len(turns) + 1)
        before(len(turns))
        return original(database)

    monkeypatch.setattr(Database, "write", write)
    return turns


@pytest.mark.parametrize("free_at", [2, 3])
def test_transact_repeats_the_whole_while_another_writes(
    world: World, monkeypatch: pytest.MonkeyPatch, free_at: int
) -> None:
    other = sqlite3.connect(world.store.folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(world.store.folder.path, world.clock, busy_timeout=0.001) as impatient:
        turns = counting_writes(monkeypatch, lambda turn: other.execute("ROLLBACK") if turn == free_at else None)
        assert impatient.store.database.transact(lambda connection: 7) == 7
    other.close()
    assert turns == list(range(1, free_at + 1))


def test_transact_gives_up_in_the_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = sqlite3.connect(world.store.folder.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(world.store.folder.path, world.clock, busy_timeout=0.001) as impatient:
        turns = counting_writes(monkeypatch, lambda turn: None)
        with pytest.raises(TemporaryError, match="database-busy"):
            impatient.store.database.transact(lambda connection: None)
    other.close()
    assert turns == [1, 2, 3]


def test_transact_does_not_repeat_what_will_fail_again(world: World) -> None:
    calls = 0

    def refuse(_: Connection) -> None:
        nonlocal calls
        calls += 1
        raise TemporaryError("rate-limited")

    with pytest.raises(TemporaryError, match="rate-limited"):
        world.store.database.transact(refuse)
    assert calls == 1


def test_nothing_can_follow_in_a_transaction_that_sqlite_has_rolled_back(world: World) -> None:
    """After a full disk SQLite has rolled back: what followed would be committed piece by piece (T 0.10)."""

    def goes_on(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        Runs(connection, world.clock).create("import", by="anna")

    def commits(connection: Connection) -> None:
        Runs(connection, world.clock).create("import", by="anna")
        connection.exec_driver_sql("ROLLBACK")

    for work in (goes_on, commits):
        with pytest.raises(ClosingError, match="transaction-lost"):
            world.store.database.transact(work)
    with world.store.database.read() as connection:
        assert Runs(connection, world.clock).newest() == ()


def test_a_broken_rule_of_the_tables_is_a_fault_of_ours(world: World) -> None:
    with pytest.raises(IntegrityError), world.store.database.write() as connection:
        Runs(connection, world.clock).create("import", by="anna", engagement_id=99)


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "closing.db").write_bytes(b"no database, whatever its name says" * 100)
    database = Database(tmp_path / "closing.db")
    with pytest.raises(ClosingError, match="database-damaged"), database.read() as connection:
        connection.execute(text("SELECT * FROM run"))
    database.close()


def failure(extended: int) -> DBAPIError:
    cause = sqlite3.OperationalError("said so")
    cause.sqlite_errorcode = extended
    return OperationalError("SELECT", {}, cause)


@pytest.mark.parametrize(
    ("extended", "code"),
    [
        (sqlite3.SQLITE_BUSY, "database-busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database-busy"),
        (sqlite3.SQLITE_LOCKED, "database-busy"),
        (sqlite3.SQLITE_FULL, "disk-full"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk-failed"),
        (sqlite3.SQLITE_CANTOPEN, "disk-failed"),
        (sqlite3.SQLITE_READONLY, "disk-failed"),
        (sqlite3.SQLITE_CORRUPT, "database-damaged"),
        (sqlite3.SQLITE_NOTADB, "database-damaged"),
    ],
)
def test_what_sqlite_says_becomes_words(extended: int, code: str) -> None:
    fault = database_fault(failure(extended))
    assert fault is not None
    assert (fault.code, fault.detail) == (code, "said so")


def test_another_databases_operational_error_means_try_again() -> None:
    fault = database_fault(OperationalError("SELECT", {}, Exception("server closed the connection")))
    assert isinstance(fault, TemporaryError)
    assert database_fault(IntegrityError("INSERT", {}, Exception("unique"))) is None
    assert database_fault(failure(sqlite3.SQLITE_CONSTRAINT)) is None


def test_an_error_of_the_disk_that_is_not_fullness_is_told_as_such() -> None:
    with pytest.raises(ClosingError, match="disk-failed"), disk_faults():
        raise PermissionError(13, "Permission denied")


def test_an_instant_without_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    for dialect in (SQLITE, POSTGRESQL):
        with pytest.raises(ValueError, match="time zone"):
            UtcDateTime().process_bind_param(naive, dialect)
        assert UtcDateTime().process_bind_param(None, dialect) is None
        assert UtcDateTime().process_result_value(None, dialect) is None


def test_an_instant_keeps_its_zone_where_the_database_can() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    for value in (
        UtcDateTime().process_bind_param(summer, POSTGRESQL),
        UtcDateTime().process_result_value(summer, POSTGRESQL),
    ):
        assert value is not None
        assert (value, value.tzinfo) == (summer, UTC)
