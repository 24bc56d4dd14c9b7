"""The tables of a new database made at once, where a user's are made revision by revision: that takes 0.1 s each time.

The statements are those of the first database that this process made by the revisions. Tests of the revisions
themselves take `by_revisions` instead; one holds the two equal.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from closing_host.storage import upgrade
from closing_host.storage.database import Connection, Database

by_revisions = upgrade._run_revisions
_SHIPPED = upgrade.MIGRATIONS
_STATEMENTS = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid"


def at_once(connection: Connection) -> None:
    """In place of `upgrade._run_revisions`: the same for what is no new database, or has revisions of a test."""
    if upgrade.MIGRATIONS != _SHIPPED or connection.exec_driver_sql(_STATEMENTS).first() is not None:
        by_revisions(connection)
        return
    statements, revision = _made()
    for statement in statements:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))


@cache
def _made() -> tuple[tuple[str, ...], str]:
    """The statements that make the tables as the revisions leave them, and the last revision."""
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "made.db")
        try:
            with database.transaction("tables") as connection:
                by_revisions(connection)
                statements = tuple(sql for (sql,) in connection.exec_driver_sql(_STATEMENTS))
                revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        finally:
            database.close()
    return statements, str(revision)
