"""Witnesses inside the data folder and at the database: what the product cannot tell differently afterwards."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

_STATE_CHANGE = re.compile(
    r"INSERT INTO (?:export_batch|export_voucher|closing_entry_version)\b"
    r"|UPDATE export_(?:batch|voucher) SET (?:.*\W)?state="
)


def watch_moves(database: Path) -> None:
    """Have the closed database write down every move of a voucher of the journal, by a trigger."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE witness_move (voucher INTEGER, before TEXT, after TEXT)")
        connection.execute(
            "CREATE TRIGGER witness AFTER UPDATE OF state ON export_voucher WHEN NEW.state <> OLD.state "
            "BEGIN INSERT INTO witness_move VALUES (OLD.id, OLD.state, NEW.state); END"
        )
        connection.commit()


class Transactions:
    """Follows the transactions of one process: a change of state without an audit event in the same one is noted."""

    def __init__(self, engine: Engine) -> None:
        self.untold: list[str] = []
        event.listen(engine, "before_cursor_execute", self._execute)
        event.listen(engine, "commit", self._commit)

    def _execute(self, connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:
        if statement.startswith("BEGIN"):
            connection.info["changes"], connection.info["told"] = [], False
        if _STATE_CHANGE.match(statement):
            connection.info["changes"].append(statement)
        connection.info["told"] = connection.info.get("told") or statement.startswith("INSERT INTO audit ")

    def _commit(self, connection: Connection) -> None:
        if not connection.info.get("told"):
            self.untold += connection.info.get("changes", ())


class Journal:
    """The journal of a folder, read past the product: what is committed, and nothing else."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row

    def close(self) -> None:
        """Give the file up."""
        self._connection.close()

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """The rows of a query."""
        return self._connection.execute(query, values).fetchall()

    def version(self) -> int:
        """Another number after each commit of somebody else."""
        found: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return found

    def sending(self, marker: str) -> int:
        """How many vouchers with this marker are durably written down as being sent."""
        return len(self.rows("SELECT 1 FROM export_voucher WHERE marker = ? AND state = 'SENDING'", marker))
