"""The tables. Ledger rows are never here: they are Parquet files that `snapshot.ledger_sha` names (design 2.2).

To add or change a table: edit it here, add a revision under `migrations/versions`, set `REVISION`. A test fails
until the migrated database and this module say the same (docs/storage.md, "Changing the tables").
"""

from typing import Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from closing_host.storage.columns import UtcDateTime

REVISION: Final = "0010"
"""The revision that this code reads and writes; the newest one under `migrations/versions`."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ACTIVE = text("state IN ('queued', 'running')")

# One client company (uppdrag) with all its financial years (design 2.7).
engagement = Table(
    "engagement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("organisation_number", String(10), nullable=True, index=True),  # ten digits, no hyphen
    Column("form", String(10), nullable=False),  # SIE's #FTYP code; "" when not known
    Column("source_id", String(100), nullable=False),
    Column("settings", JSON, nullable=False),  # the source's engagement settings
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
    CheckConstraint("organisation_number IS NULL OR length(organisation_number) = 10", name="digits"),
    sqlite_autoincrement=True,
)

# One import or export, or another piece of work that takes time.
run = Table(
    "run",
    metadata,
    Column("id", String(9), primary_key=True),  # short, can be read out over the telephone
    Column("kind", String(40), nullable=False),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=True, index=True),
    Column("year_start", Date, nullable=True),
    Column("state", String(12), nullable=False, index=True),
    Column("lock_key", String(200), nullable=True),  # what only one active run may work on
    Column("progress", JSON, nullable=False),  # {stage, done, total}
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime, nullable=True),
    Column("finished_at", UtcDateTime, nullable=True),
    Column("created_by", String(200), nullable=False),
    Column("error_code", String(100), nullable=True),
    Column("error_parameters", JSON(none_as_null=True), nullable=True),
    Column("error_detail", Text, nullable=True),
    Column("outcome", JSON(none_as_null=True), nullable=True),
    Column("owner", String(200), nullable=True),  # the process that works on it
    Column("heartbeat_at", UtcDateTime, nullable=True),
    Column("lease_until", UtcDateTime, nullable=True),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'interrupted')", name="state"),
    Index("ix_run_lock_key_active", "lock_key", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
)

# One immutable import of one financial year. Rows are inserted, never changed or deleted.
snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False),
    Column("year_start", Date, nullable=False),
    Column("year_end", Date, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the canonical content
    Column("ledger_sha", String(64), nullable=False),  # names the folder of Parquet files
    Column("raw_sha", String(64), nullable=True),  # names the bytes as received; null when there was no file
    Column("kept", JSON, nullable=False),  # {name: sha} of what came over the wire beside it
    Column("source_id", String(100), nullable=False),
    Column("source_version", String(100), nullable=False),
    Column("provenance", JSON, nullable=False),  # file name, program, encoding ...
    Column("counts", JSON, nullable=False),  # {table: rows}
    Column("controls", JSON, nullable=False),  # results of the import controls
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    UniqueConstraint("engagement_id", "year_start", "id"),
    sqlite_autoincrement=True,
)

# The pointer that publishing flips. The compound key makes it impossible to point at another company's snapshot.
engagement_year = Table(
    "engagement_year",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("year_start", Date, primary_key=True),
    Column("year_end", Date, nullable=False),
    Column("current_snapshot_id", Integer, nullable=True),
    ForeignKeyConstraint(
        ["engagement_id", "year_start", "current_snapshot_id"],
        ["snapshot.engagement_id", "snapshot.year_start", "snapshot.id"],
        name="fk_engagement_year_current_snapshot",
    ),
)

# The processing history (behandlingshistorik, T 3f): one hash chain, written in the transaction of each change.
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 ... without gaps
    Column("at_utc", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("actor_kind", String(10), nullable=False),
    Column("action", String(100), nullable=False),
    Column("engagement_id", Integer, nullable=True, index=True),  # no foreign key: the trail outlives what it tells of
    Column("object", String(200), nullable=False),
    Column("before_hash", String(64), nullable=False),  # "" when there was nothing before
    Column("after_hash", String(64), nullable=False),
    Column("details_json", Text, nullable=False),  # canonical JSON
    Column("run_id", String(9), nullable=True),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
