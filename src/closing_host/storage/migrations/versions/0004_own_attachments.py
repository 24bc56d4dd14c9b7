"""Attachments of the user's own, and attached files."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `own_attachment_tables`."""
    op.create_table(
        "own_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_own_attachment_year",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_attachment")),
        sa.UniqueConstraint(
            "engagement_id", "year_start", "number", name=op.f("uq_own_attachment_engagement_id_year_start_number")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "own_attachment_version",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("copying", sa.String(20), nullable=False),
        sa.CheckConstraint("state IN ('active', 'removed')", name=op.f("ck_own_attachment_version_state")),
        sa.CheckConstraint("standing IN ('debit', 'credit')", name=op.f("ck_own_attachment_version_standing")),
        sa.CheckConstraint(
            "copying IN ('with_data', 'without_data', 'none')", name=op.f("ck_own_attachment_version_copying")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["own_attachment.id"],
            name=op.f("fk_own_attachment_version_attachment_id_own_attachment"),
        ),
        sa.PrimaryKeyConstraint("attachment_id", "version", name=op.f("pk_own_attachment_version")),
    )
    op.create_table(
        "attached_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(20), nullable=False),
        sa.Column("attachment_number", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("blob_sha", sa.String(64), nullable=False),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.Column("attached_by", sa.String(200), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_by", sa.String(200), nullable=True),
        sa.CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name=op.f("ck_attached_file_removed")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_attached_file_year",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start", "attachment_number"],
            ["own_attachment.engagement_id", "own_attachment.year_start", "own_attachment.number"],
            name="fk_attached_file_own_attachment",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
        sa.UniqueConstraint(
            "engagement_id", "year_start", "number", name=op.f("uq_attached_file_engagement_id_year_start_number")
        ),
        sqlite_autoincrement=True,
    )
