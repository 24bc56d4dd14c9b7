"""Connections: tokens, dialogues, choices, settings of the installation, and the shared pace."""

import sqlalchemy as sa
from alembic import op

from closing_host.storage.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NOT_ENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Create the tables of `connection_tables`."""
    op.create_table(
        "installation",
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("saved_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_installation")),
    )
    op.create_table(
        "pace",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("free_at", sa.Float(), nullable=False),
        sa.Column("fell_at", sa.Float(), nullable=False),
        sa.Column("clean_from", sa.Float(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("in_a_row", sa.Integer(), nullable=False),
        sa.Column("interactive_until", sa.Float(), nullable=False),
        sa.Column("bulk_until", sa.Float(), nullable=False),
        sa.Column("touched_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pace")),
    )
    op.create_table(
        "connection_choice",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_connection_choice_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", "source_id", name=op.f("pk_connection_choice")),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("account_id", sa.String(200), nullable=False),
        sa.Column("ciphertext", sa.Text(), nullable=True),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("rotates", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(60), nullable=False),
        sa.Column("lease_owner", sa.String(100), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("inflight_since", UtcDateTime(), nullable=True),
        sa.Column("replayed", sa.Boolean(), nullable=False),
        sa.Column("forced_at", UtcDateTime(), nullable=True),
        sa.Column("pad", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('ACTIVE', 'REFRESHING', 'AMBIGUOUS', 'NEEDS_REAUTH', 'REVOKED', 'QUARANTINED')",
            name=op.f("ck_credential_state"),
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_credential_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index(op.f("ix_credential_engagement_id"), "credential", ["engagement_id"])
    op.create_table(
        "connection",
        sa.Column("engagement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("credential_id", sa.String(32), nullable=True),
        sa.Column("account_id", sa.String(200), nullable=False),
        sa.Column("account_name", sa.String(300), nullable=False),
        sa.Column("account_organisation_number", sa.String(40), nullable=False),
        sa.Column("account_number", sa.String(100), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("consented_at", UtcDateTime(), nullable=False),
        sa.Column("consented_by", sa.String(200), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=True),
        sa.Column("exported_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_connection_credential_id_credential")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_connection_engagement_id_engagement")
        ),
        sa.PrimaryKeyConstraint("engagement_id", name=op.f("pk_connection")),
    )
    op.create_index(
        "ix_connection_account",
        "connection",
        ["source_id", "account_id"],
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_table(
        "login",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(100), nullable=False),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.Column("callback", sa.String(2000), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("credential_id", sa.String(32), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_login_credential_id_credential"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["engagement_id"], ["engagement.id"], name=op.f("fk_login_engagement_id_engagement")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_login")),
    )
    op.create_index(op.f("ix_login_engagement_id"), "login", ["engagement_id"])
