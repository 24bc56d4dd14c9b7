"""Bringing the database to the revision that this code knows, in one transaction, with a copy made first (T E9)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action, Trail
from closing_host.storage.clock import Clock
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection, Database
from closing_host.storage.durable import move, unused_name
from closing_host.storage.faults import disk_faults
from closing_host.storage.folder import DataFolder
from closing_host.storage.sqlite import broken_reference, copy_database
from closing_host.storage.tables import REVISION

MIGRATIONS: Final = Path(__file__).with_name("migrations")


def revision_of(database: Database) -> str | None:
    """The revision that the database is at; None when it has no tables yet."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def copy_before_upgrade(folder: DataFolder, revision: str, at: datetime) -> Path:
    """Keep a copy of the database as it was at `revision` under `backups/`. Returns its path."""
    target = folder.backups / f"closing-{revision}-{at:%Y%m%dT%H%M%SZ}.db"
    aside = unused_name(folder.tmp)
    with disk_faults():
        copy_database(folder.database, aside)
        move(aside, target)
    crashpoint("upgrade.after_copy")
    return target


def upgrade(database: Database, folder: DataFolder, clock: Clock, trail_in: Callable[[Connection], Trail]) -> None:
    """Bring the database to `REVISION`; the caller holds the folder's lock alone.

    Raises `ClosingError` `database-newer` when a later program has upgraded it, and what `Database.write` raises.
    """
    before = revision_of(database)
    if before == REVISION:
        return
    refuse_newer(before)
    if before is not None:
        copy_before_upgrade(folder, before, clock())
    with database.transaction("tables") as connection:
        _run_revisions(connection)
        crashpoint("upgrade.after_revision")
        if table := broken_reference(connection):
            raise ClosingError("upgrade-failed", table=table)
        action = Action.DATABASE_CREATED if before is None else Action.DATABASE_UPGRADED
        trail_in(connection).append(action, details={"from": before, "to": REVISION})
        crashpoint("upgrade.before_commit")


def refuse_newer(revision: str | None) -> None:
    """Raise `ClosingError` `database-newer` for a revision that this program does not know."""
    if revision is not None and not any(MIGRATIONS.glob(f"versions/{revision}_*.py")):
        raise ClosingError("database-newer", revision=revision, known=REVISION)


def _run_revisions(connection: Connection) -> None:
    with _without_entry_points():
        from alembic import command  # noqa: PLC0415  slow to import, and seldom needed
        from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _without_entry_points() -> Iterator[None]:
    """Alembic looks through everything installed for plugins of its own, which we do not use, when it is imported: one
    distribution with broken metadata would keep the data folder from opening (T H1)."""
    installed = metadata.entry_points
    metadata.entry_points = lambda **_: ()  # type: ignore[assignment]
    try:
        yield
    finally:
        metadata.entry_points = installed
