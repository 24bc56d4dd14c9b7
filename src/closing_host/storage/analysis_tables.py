"""Tables of what a user decides about the transaction analysis: findings marked done, checks off and own checks."""

from typing import Final

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

analysis_mark: Final = Table(
    "analysis_mark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False),
    Column("year_start", Date, nullable=False),
    Column("check_id", String(40), nullable=False),
    Column("finding", String(64), nullable=False),  # SHA-256 of the finding's identity
    Column("comment", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("marked_by", String(200), nullable=False),
    Index("uq_analysis_mark", "engagement_id", "year_start", "finding", unique=True),
)

analysis_check: Final = Table(
    "analysis_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False),
    Column("check_id", String(40), nullable=False),
    Column("standard", String(40), nullable=False),  # the check that an own one is a copy of, "" for a standard one
    Column("name", String(200), nullable=False),  # an own check's
    Column("values", JSON, nullable=False),  # {parameter: chosen} of an own check
    Column("enabled", Boolean, nullable=False),
    Column("reason", Text, nullable=False),  # why it is switched off
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
    Index("uq_analysis_check", "engagement_id", "check_id", unique=True),
)
