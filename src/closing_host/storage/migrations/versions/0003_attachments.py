"""Attachments: versions, and the notes and chosen accounts that survive them."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `attachment_tables`."""
    op.create_table(
        "attachment_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(9), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("control_accounts", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("final", sa.Boolean(), nullable=True),
        sa.Column("open", sa.BigInteger(), nullable=True),
        sa.Column("ledger", sa.BigInteger(), nullable=True),
        sa.Column("difference", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.String(100), nullable=True),
        sa.Column("error_parameters", sa.JSON(), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.CheckConstraint("side IN ('receivables', 'payables')", name=op.f("ck_attachment_version_side")),
        sa.CheckConstraint(
            "outcome = 'ok' AND facts IS NOT NULL AND final IS NOT NULL AND open IS NOT NULL AND ledger IS NOT NULL "
            "AND difference IS NOT NULL AND error_code IS NULL "
            "OR outcome = 'failed' AND facts IS NULL AND error_code IS NOT NULL",
            name=op.f("ck_attachment_version_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_attachment_version_engagement_id_engagement")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_attachment_version_run_id_run")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start", "snapshot_id"],
            ["snapshot.engagement_id", "snapshot.year_start", "snapshot.id"],
            name="fk_attachment_version_snapshot",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_version")),
        sa.UniqueConstraint(
            "engagement_id",
            "year_start",
            "version",
            "side",
            name=op.f("uq_attachment_version_engagement_id_year_start_version_side"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attachment_note",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("side IN ('receivables', 'payables')", name=op.f("ck_attachment_note_side")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_attachment_note_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", "year_start", "side", "document", name=op.f("pk_attachment_note")),
    )
    op.create_table(
        "attachment_accounts",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("accounts", sa.JSON(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.Column("chosen_by", sa.String(200), nullable=False),
        sa.CheckConstraint("side IN ('receivables', 'payables')", name=op.f("ck_attachment_accounts_side")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_attachment_accounts_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", "side", name=op.f("pk_attachment_accounts")),
    )
