"""Tables of the periods in which a year is signed off: which were started, which are locked, and the frozen figures."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

_HELD = text("unlocked_at IS NULL")


def _of_year(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name=f"fk_{table}_year",
    )


period_start: Final = Table(
    "period_start",
    metadata,
    Column("engagement_id", Integer, primary_key=True, autoincrement=False),
    Column("year_start", Date, primary_key=True),
    Column("period", String(20), primary_key=True),  # as closing.periods keys it
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String(200), nullable=False),
    _of_year("period_start"),
)

# Each locking of a period; unlocking ends it and keeps it, so that what was signed then can always be told.
period_lock: Final = Table(
    "period_lock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", Integer, nullable=False),
    Column("year_start", Date, nullable=False),
    Column("period", String(20), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("locked_at", UtcDateTime, nullable=False),
    Column("locked_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),  # why it was locked with accounts that were not done, else ""
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("last_year_start", Date, nullable=True),  # the year and period that results were compared with
    Column("same_start", Date, nullable=True),
    Column("same_end", Date, nullable=True),
    Column("unlocked_at", UtcDateTime, nullable=True),
    Column("unlocked_by", String(200), nullable=True),
    Column("unlock_reason", Text, nullable=True),
    _of_year("period_lock"),
    CheckConstraint("(unlocked_at IS NULL) = (unlocked_by IS NULL)", name="unlocked"),
    CheckConstraint("(unlocked_at IS NULL) = (unlock_reason IS NULL)", name="unlock_reason"),
    CheckConstraint("(last_year_start IS NULL) = (same_start IS NULL)", name="same_start"),
    CheckConstraint("(last_year_start IS NULL) = (same_end IS NULL)", name="same_end"),
    Index(
        "uq_period_lock_held",
        "engagement_id",
        "year_start",
        "period",
        unique=True,
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    ),
    sqlite_autoincrement=True,
)

# What every account stood at when the period was locked. Rows are inserted, never changed or deleted.
frozen_figure: Final = Table(
    "frozen_figure",
    metadata,
    Column("lock_id", ForeignKey("period_lock.id"), primary_key=True),
    Column("account", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("opening", BigInteger, nullable=False),  # öre, debit positive
    Column("change", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("closing", BigInteger, nullable=False),
    Column("reconciled", BigInteger, nullable=True),
    Column("attached", Boolean, nullable=False),  # `reconciled` is the sum of attachments
)

# What the result accounts stood at in the same period last year, as its books were when the period was locked.
frozen_last_year: Final = Table(
    "frozen_last_year",
    metadata,
    Column("lock_id", ForeignKey("period_lock.id"), primary_key=True),
    Column("account", String(20), primary_key=True),
    Column("name", Text, nullable=False),
    Column("change", BigInteger, nullable=False),
    Column("closing", BigInteger, nullable=False),
)

# What the transaction analysis said then.
frozen_check: Final = Table(
    "frozen_check",
    metadata,
    Column("lock_id", ForeignKey("period_lock.id"), primary_key=True),
    Column("check_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),  # an own check's, else ""
    Column("state", String(20), nullable=False),
    Column("findings", Integer, nullable=False),
    Column("left_open", Integer, nullable=False),  # of them not marked done
    Column("reason", String(100), nullable=False),  # a message code: why it could not run, else ""
    Column("parameters", JSON, nullable=False),  # of the reason's words
)
