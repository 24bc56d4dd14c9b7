"""The export journal."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("state IN ('FROZEN', 'RUNNING', 'WAITING')")


def upgrade() -> None:
    """Create the tables of `export_tables`."""
    op.create_table(
        "export_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval", sa.String(length=100), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("year_end", sa.Date(), nullable=False),
        sa.Column("year_id", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("account_id", sa.String(length=200), nullable=False),
        sa.Column("organisation_number", sa.String(length=40), nullable=False),
        sa.Column("searched", sa.JSON(), nullable=False),
        sa.Column("high_water", sa.JSON(), nullable=False),
        sa.Column("payload_sha", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("reason_parameters", sa.JSON(), nullable=False),
        sa.Column("reason_detail", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("unknown_at", UtcDateTime(), nullable=True),
        sa.Column("sweeps", sa.Integer(), nullable=False),
        sa.Column("failed_looks", sa.Integer(), nullable=False),
        sa.Column("next_look", UtcDateTime(), nullable=True),
        sa.Column("lease_owner", sa.String(length=200), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('FROZEN', 'RUNNING', 'WAITING', 'COMPLETED', 'STOPPED', 'NEEDS_HUMAN')",
            name=op.f("ck_export_batch_state"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_export_batch_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_batch")),
        sa.UniqueConstraint("approval", name=op.f("uq_export_batch_approval")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_export_batch_active",
        "export_batch",
        ["source_id", "account_id", "year_start"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_index(op.f("ix_export_batch_engagement_id"), "export_batch", ["engagement_id"])
    op.create_table(
        "export_choice",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("series", sa.JSON(), nullable=False),
        sa.Column("unlockable", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_export_choice_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", "source_id", name=op.f("pk_export_choice")),
    )
    op.create_table(
        "export_voucher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("marker", sa.String(length=18), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_sha", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("reason_parameters", sa.JSON(), nullable=False),
        sa.Column("reason_detail", sa.Text(), nullable=False),
        sa.Column("booked_series", sa.String(length=20), nullable=False),
        sa.Column("booked_number", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.String(length=10), nullable=False),
        sa.Column("difference", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('PREPARED', 'SENDING', 'AMBIGUOUS', 'READBACK', 'CONFIRMED', 'CONFIRMED_MODIFIED', 'REJECTED', "
            "'CONFLICT', 'NOT_SENT')",
            name=op.f("ck_export_voucher_state"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["export_batch.id"], name=op.f("fk_export_voucher_batch_id_export_batch")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["closing_entry.id"], name=op.f("fk_export_voucher_entry_id_closing_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_voucher")),
        sa.UniqueConstraint("batch_id", "entry_id", name=op.f("uq_export_voucher_batch_id_entry_id")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_export_voucher_batch_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_export_voucher_entry_id"), "export_voucher", ["entry_id"])
    op.create_table(
        "export_sending",
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["voucher_id"], ["export_voucher.id"], name=op.f("fk_export_sending_voucher_id_export_voucher")
        ),
        sa.PrimaryKeyConstraint("voucher_id", "attempt", name=op.f("pk_export_sending")),
    )
