"""Tables of what a user does in period reconciliation, and of what a year's system entries are computed from."""

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
    Integer,
    String,
    Table,
    Text,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

account_record: Final = Table(
    "account_record",
    metadata,
    Column("engagement_id", Integer, primary_key=True, autoincrement=False),
    Column("year_start", Date, primary_key=True),
    Column("period", String(20), primary_key=True),  # as closing.periods keys it
    Column("account", String(20), primary_key=True),
    Column("version", Integer, nullable=False),  # counts the changes; a change of an older version is refused
    Column("typed", BigInteger, nullable=True),  # reconciled amount, öre, debit positive; null is not 0
    Column("comment", Text, nullable=False),
    Column("signed_by", String(200), nullable=True),  # null with the others: not signed off
    Column("signed_at", UtcDateTime, nullable=True),
    Column("signed_snapshot_id", ForeignKey("snapshot.id"), nullable=True),
    Column("signed_fingerprint", String(64), nullable=True),
    Column("signed_closing", BigInteger, nullable=True),
    Column("signed_reconciled", BigInteger, nullable=True),  # null also when nothing reconciled it
    Column("review", String(20), nullable=False),
    Column("review_comment", Text, nullable=False),
    Column("reviewed_by", String(200), nullable=False),
    Column("reviewed_at", UtcDateTime, nullable=True),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
    ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name="fk_account_record_year",
    ),
    CheckConstraint("review IN ('not-reviewed', 'approved', 'rejected')", name="review"),
    CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name="signed_at"),
    CheckConstraint("(signed_by IS NULL) = (signed_closing IS NULL)", name="signed_closing"),
)

# How an engagement reconciles.
reconciliation_setting: Final = Table(
    "reconciliation_setting",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("others_review", Boolean, nullable=False),  # a reviewer is another than who marked as done
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
)

# What the user chose for the system entries of a year: the fields of `closing.system_entries.Choices`.
system_choice: Final = Table(
    "system_choice",
    metadata,
    Column("engagement_id", Integer, primary_key=True, autoincrement=False),
    Column("year_start", Date, primary_key=True),
    Column("choices", JSON, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
    ForeignKeyConstraint(
        ["engagement_id", "year_start"],
        ["engagement_year.engagement_id", "engagement_year.year_start"],
        name="fk_system_choice_year",
    ),
)
