"""The tables of closing entries: what one is, what it said in each of its versions, and the markers it has had."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

# What never changes of an entry, and which version holds now. A row is never removed, so no number is used twice.
closing_entry = Table(
    "closing_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", Integer, nullable=False),
    Column("year_start", Date, nullable=False),
    Column("kind", String(1), nullable=False),
    Column("number", Integer, nullable=False),
    Column("origin_kind", String(20), nullable=False),
    Column("origin_subject", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("version", Integer, nullable=False),  # counts the changes; a change of an older version is refused
    ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name="fk_closing_entry_year",
    ),
    UniqueConstraint("engagement_id", "year_start", "kind", "number"),
    CheckConstraint("kind IN ('V', 'S')", name="kind"),
    CheckConstraint("number > 0", name="number"),
    sqlite_autoincrement=True,
)

# Everything that changes, once for each change. Rows are inserted, never changed or deleted.
closing_entry_version = Table(
    "closing_entry_version",
    metadata,
    Column("entry_id", ForeignKey("closing_entry.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at_utc", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("run_id", String(9), nullable=True),
    Column("status", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("text", String(200), nullable=False),
    Column("rows", JSON, nullable=False),  # [[account, öre, [[dimension, object]], text]], debit positive
    Column("period", String(20), nullable=False),
    Column("reversed_next", Boolean, nullable=False),
    Column("send", Integer, nullable=False),
    Column("marker", ForeignKey("closing_entry_marker.marker"), nullable=False),
    Column("seen", Boolean, nullable=False),
    Column("transferred_series", String(20), nullable=True),  # the six are null together: it was not transferred
    Column("transferred_number", String(20), nullable=True),
    Column("transferred_at", UtcDateTime, nullable=True),
    Column("transferred_by", String(200), nullable=True),
    Column("transferred_evidence", String(20), nullable=True),
    Column("transferred_changed", Boolean, nullable=True),
)

# Every marker that was ever given out: what a source holds under one of these is the entry's.
closing_entry_marker = Table(
    "closing_entry_marker",
    metadata,
    Column("marker", String(18), primary_key=True),
    Column("entry_id", ForeignKey("closing_entry.id"), nullable=False, index=True),
    Column("send", Integer, nullable=False),
    UniqueConstraint("entry_id", "send"),
)
