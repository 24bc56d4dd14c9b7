"""The table of what the user said in *Startguiden* about an engagement (P 7.8)."""

from typing import Final

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

engagement_setup: Final = Table(
    "engagement_setup",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("framework", String(2), nullable=False),  # K2, K3, or "" while not decided
    Column("period", String(7), nullable=False),  # of reconciliation: month, quarter, year; "" while not chosen
    Column("confirmed", JSON, nullable=False),  # [step of the guide that the user has gone through]
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(200), nullable=False),
    CheckConstraint("framework IN ('', 'K2', 'K3')", name="framework"),
    CheckConstraint("period IN ('', 'month', 'quarter', 'year')", name="period"),
)
