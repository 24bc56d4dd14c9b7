"""Closing entries."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `entry_tables`."""
    op.create_table(
        "closing_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(1), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin_kind", sa.String(20), nullable=False),
        sa.Column("origin_subject", sa.String(200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('V', 'S')", name=op.f("ck_closing_entry_kind")),
        sa.CheckConstraint("number > 0", name=op.f("ck_closing_entry_number")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_closing_entry_year",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_entry")),
        sa.UniqueConstraint(
            "engagement_id",
            "year_start",
            "kind",
            "number",
            name=op.f("uq_closing_entry_engagement_id_year_start_kind_number"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "closing_entry_marker",
        sa.Column("marker", sa.String(18), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("send", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["closing_entry.id"], name=op.f("fk_closing_entry_marker_entry_id_closing_entry")
        ),
        sa.PrimaryKeyConstraint("marker", name=op.f("pk_closing_entry_marker")),
        sa.UniqueConstraint("entry_id", "send", name=op.f("uq_closing_entry_marker_entry_id_send")),
    )
    op.create_index(op.f("ix_closing_entry_marker_entry_id"), "closing_entry_marker", ["entry_id"])
    op.create_table(
        "closing_entry_version",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("run_id", sa.String(9), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("period", sa.String(20), nullable=False),
        sa.Column("reversed_next", sa.Boolean(), nullable=False),
        sa.Column("send", sa.Integer(), nullable=False),
        sa.Column("marker", sa.String(18), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("transferred_series", sa.String(20), nullable=True),
        sa.Column("transferred_number", sa.String(20), nullable=True),
        sa.Column("transferred_at", UtcDateTime(), nullable=True),
        sa.Column("transferred_by", sa.String(200), nullable=True),
        sa.Column("transferred_evidence", sa.String(20), nullable=True),
        sa.Column("transferred_changed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["closing_entry.id"], name=op.f("fk_closing_entry_version_entry_id_closing_entry")
        ),
        sa.ForeignKeyConstraint(
            ["marker"],
            ["closing_entry_marker.marker"],
            name=op.f("fk_closing_entry_version_marker_closing_entry_marker"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "version", name=op.f("pk_closing_entry_version")),
    )
