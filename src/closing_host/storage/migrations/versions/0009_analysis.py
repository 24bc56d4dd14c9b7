"""What a user decides about the transaction analysis."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `analysis_tables`."""
    op.create_table(
        "analysis_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("check_id", sa.String(40), nullable=False),
        sa.Column("finding", sa.String(64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.Column("marked_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_analysis_mark_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_mark")),
    )
    op.create_index("uq_analysis_mark", "analysis_mark", ["engagement_id", "year_start", "finding"], unique=True)
    op.create_table(
        "analysis_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(40), nullable=False),
        sa.Column("standard", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_analysis_check_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_check")),
    )
    op.create_index("uq_analysis_check", "analysis_check", ["engagement_id", "check_id"], unique=True)
