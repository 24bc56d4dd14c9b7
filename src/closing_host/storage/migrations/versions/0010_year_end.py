"""Periods, period reconciliation, and what system entries are computed from."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `period_tables` and `reconciliation_tables`."""
    op.create_table(
        "period_start",
        sa.Column("engagement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_period_start_year",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "year_start", "period", name=op.f("pk_period_start")),
    )
    op.create_table(
        "period_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("locked_at", UtcDateTime(), nullable=False),
        sa.Column("locked_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("last_year_start", sa.Date(), nullable=True),
        sa.Column("same_start", sa.Date(), nullable=True),
        sa.Column("same_end", sa.Date(), nullable=True),
        sa.Column("unlocked_at", UtcDateTime(), nullable=True),
        sa.Column("unlocked_by", sa.String(length=200), nullable=True),
        sa.Column("unlock_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(unlocked_at IS NULL) = (unlock_reason IS NULL)", name=op.f("ck_period_lock_unlock_reason")
        ),
        sa.CheckConstraint("(unlocked_at IS NULL) = (unlocked_by IS NULL)", name=op.f("ck_period_lock_unlocked")),
        sa.CheckConstraint("(last_year_start IS NULL) = (same_start IS NULL)", name=op.f("ck_period_lock_same_start")),
        sa.CheckConstraint("(last_year_start IS NULL) = (same_end IS NULL)", name=op.f("ck_period_lock_same_end")),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_period_lock_year",
        ),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name=op.f("fk_period_lock_snapshot_id_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_lock")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_period_lock_held",
        "period_lock",
        ["engagement_id", "year_start", "period"],
        unique=True,
        sqlite_where=sa.text("unlocked_at IS NULL"),
        postgresql_where=sa.text("unlocked_at IS NULL"),
    )
    op.create_table(
        "frozen_figure",
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.Column("reconciled", sa.BigInteger(), nullable=True),
        sa.Column("attached", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lock_id"], ["period_lock.id"], name=op.f("fk_frozen_figure_lock_id_period_lock")),
        sa.PrimaryKeyConstraint("lock_id", "account", name=op.f("pk_frozen_figure")),
    )
    op.create_table(
        "frozen_last_year",
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lock_id"], ["period_lock.id"], name=op.f("fk_frozen_last_year_lock_id_period_lock")),
        sa.PrimaryKeyConstraint("lock_id", "account", name=op.f("pk_frozen_last_year")),
    )
    op.create_table(
        "frozen_check",
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("left_open", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["lock_id"], ["period_lock.id"], name=op.f("fk_frozen_check_lock_id_period_lock")),
        sa.PrimaryKeyConstraint("lock_id", "check_id", name=op.f("pk_frozen_check")),
    )
    op.create_table(
        "account_record",
        sa.Column("engagement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("typed", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("signed_snapshot_id", sa.Integer(), nullable=True),
        sa.Column("signed_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("signed_closing", sa.BigInteger(), nullable=True),
        sa.Column("signed_reconciled", sa.BigInteger(), nullable=True),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.Column("review_comment", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=200), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("review IN ('not-reviewed', 'approved', 'rejected')", name=op.f("ck_account_record_review")),
        sa.CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name=op.f("ck_account_record_signed_at")),
        sa.CheckConstraint(
            "(signed_by IS NULL) = (signed_closing IS NULL)", name=op.f("ck_account_record_signed_closing")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_account_record_year",
        ),
        sa.ForeignKeyConstraint(
            ["signed_snapshot_id"], ["snapshot.id"], name=op.f("fk_account_record_signed_snapshot_id_snapshot")
        ),
        sa.PrimaryKeyConstraint("engagement_id", "year_start", "period", "account", name=op.f("pk_account_record")),
    )
    op.create_table(
        "reconciliation_setting",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("others_review", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_reconciliation_setting_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_reconciliation_setting")),
    )
    op.create_table(
        "system_choice",
        sa.Column("engagement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year_start", sa.Date(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id", "year_start"],
            ["engagement_year.engagement_id", "engagement_year.year_start"],
            name="fk_system_choice_year",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "year_start", name=op.f("pk_system_choice")),
    )
