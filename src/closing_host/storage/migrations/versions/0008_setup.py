"""What the user said in the start guide about an engagement."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of `setup_tables`."""
    op.create_table(
        "engagement_setup",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("framework", sa.String(2), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.CheckConstraint("framework IN ('', 'K2', 'K3')", name=op.f("ck_engagement_setup_framework")),
        sa.CheckConstraint("period IN ('', 'month', 'quarter', 'year')", name=op.f("ck_engagement_setup_period")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_engagement_setup_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_engagement_setup")),
    )
