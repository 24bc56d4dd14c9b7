"""The tables of attachments of the user's own: schedules with all their versions, and attached files."""

from sqlalchemy import (
    JSON,
    BigInteger,
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

# What never changes of a schedule, and which version holds now. A row is never removed, so no number is used twice.
own_attachment = Table(
    "own_attachment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", Integer, nullable=False),
    Column("year_start", Date, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... in the engagement's year
    Column("account", String(20), nullable=False),
    Column("as_at", Date, nullable=False),  # the day whose balance it reconciles
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("version", Integer, nullable=False),  # counts the changes; a change of an older version is refused
    ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name="fk_own_attachment_year",
    ),
    UniqueConstraint("engagement_id", "year_start", "number"),
    sqlite_autoincrement=True,
)

# Everything that changes, once for each change. Rows are inserted, never changed or deleted.
own_attachment_version = Table(
    "own_attachment_version",
    metadata,
    Column("attachment_id", ForeignKey("own_attachment.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at_utc", UtcDateTime, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("title", String(500), nullable=False),
    Column("rows", JSON, nullable=False),  # [[text, öre]], positive on the side of `standing`
    Column("comment", Text, nullable=False),
    Column("copying", String(20), nullable=False),
    CheckConstraint("state IN ('active', 'removed')", name="state"),
    CheckConstraint("standing IN ('debit', 'credit')", name="standing"),
    CheckConstraint("copying IN ('with_data', 'without_data', 'none')", name="copying"),
)

# A file behind an account or a schedule (bifogad fil). What it was stays; only whether it is removed changes.
attached_file = Table(
    "attached_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", Integer, nullable=False),
    Column("year_start", Date, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... in the engagement's year
    Column("account", String(20), nullable=False),
    Column("attachment_number", Integer, nullable=True),  # null: it belongs to the account itself
    Column("name", String(500), nullable=False),  # as the user's file was called; text only, never a path of ours
    Column("type", String(10), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("blob_sha", String(64), nullable=False),
    Column("attached_at", UtcDateTime, nullable=False),
    Column("attached_by", String(200), nullable=False),
    Column("removed_at", UtcDateTime, nullable=True),
    Column("removed_by", String(200), nullable=True),
    CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed"),
    ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name="fk_attached_file_year",
    ),
    # The compound key makes it impossible to hang a file on another company's schedule.
    ForeignKeyConstraint(
        ["engagement_id", "year_start", "attachment_number"],
        ["own_attachment.engagement_id", "own_attachment.year_start", "own_attachment.number"],
        name="fk_attached_file_own_attachment",
    ),
    UniqueConstraint("engagement_id", "year_start", "number"),
    sqlite_autoincrement=True,
)
