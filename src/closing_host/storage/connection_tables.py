"""The tables of connections: who is connected to what, the tokens, dialogues under way, set-up, and the pace."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

_NOT_ENDED: Final = text("ended_at IS NULL")

# A token and its custody (T 3b). Rows are told apart by id, so that a login under way never touches the old one.
credential = Table(
    "credential",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False, index=True),
    Column("source_id", String(100), nullable=False),
    Column("account_id", String(200), nullable=False),
    Column("ciphertext", Text, nullable=True),  # null when there is nothing left to keep
    Column("key_id", String(16), nullable=False),
    Column("generation", Integer, nullable=False),  # counts renewals; every change of the token compares it
    Column("saved_at", UtcDateTime, nullable=False),  # when this generation came
    Column("expires_at", UtcDateTime, nullable=True),  # of the access token
    Column("rotates", Boolean, nullable=False),  # renewing spends the token
    Column("state", String(12), nullable=False),
    Column("reason", String(60), nullable=False),  # why it is not ACTIVE, a message code
    Column("lease_owner", String(100), nullable=True),  # who renews now
    Column("lease_until", UtcDateTime, nullable=True),
    Column("lease_epoch", Integer, nullable=False),  # tells one lease from the next
    Column("inflight_since", UtcDateTime, nullable=True),  # a renewal was begun and its outcome is not stored
    Column("replayed", Boolean, nullable=False),  # the one replay after an unknown outcome was begun
    Column("forced_at", UtcDateTime, nullable=True),  # last renewal because the source refused a token in date
    Column("pad", Text, nullable=False),  # as long as a token while one is fetched: a full disk fails before, not after
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint(
        "state IN ('ACTIVE', 'REFRESHING', 'AMBIGUOUS', 'NEEDS_REAUTH', 'REVOKED', 'QUARANTINED')", name="state"
    ),
)

# One engagement's connection (P 7.7). The row stays after it ended, for the log and to compare at the next login.
connection = Table(
    "connection",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True, autoincrement=False),
    Column("source_id", String(100), nullable=False),
    Column("credential_id", ForeignKey("credential.id"), nullable=True),
    Column("account_id", String(200), nullable=False),
    Column("account_name", String(300), nullable=False),
    Column("account_organisation_number", String(40), nullable=False),  # as the source states it
    Column("account_number", String(100), nullable=False),
    Column("missing", JSON, nullable=False),  # {operation: the source's words}
    Column("consented_at", UtcDateTime, nullable=False),  # the 30 days run from here, or from the use below
    Column("consented_by", String(200), nullable=False),
    Column("imported_at", UtcDateTime, nullable=True),
    Column("exported_at", UtcDateTime, nullable=True),
    Column("ended_at", UtcDateTime, nullable=True),
    # Two engagements cannot be connected to one account.
    Index(
        "ix_connection_account",
        "source_id",
        "account_id",
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    ),
)

# What the user chose for one company and source: operations to do without ("Koppla utan ...").
connection_choice = Table(
    "connection_choice",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("source_id", String(100), primary_key=True),
    Column("without", JSON, nullable=False),  # [operation]
)

# One login dialogue. The state that travels through the browser is only known by its hash (T A11).
login = Table(
    "login",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False, index=True),
    Column("source_id", String(100), nullable=False),
    Column("session_hash", String(64), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("operations", JSON, nullable=False),
    Column("callback", String(2000), nullable=False),
    Column("flow", Text, nullable=False),  # sealed
    Column("key_id", String(16), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime, nullable=True),  # set before anything else is done with the answer
    Column("credential_id", ForeignKey("credential.id", ondelete="SET NULL"), nullable=True),  # awaits confirmation
    Column("result", JSON, nullable=True),  # what a reload shows again
)

# Settings of a source for the whole installation, filled in by whoever runs the host.
installation = Table(
    "installation",
    metadata,
    Column("source_id", String(100), primary_key=True),
    Column("settings", JSON, nullable=False),  # what is not secret
    Column("ciphertext", Text, nullable=False),  # the secret fields
    Column("key_id", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", String(200), nullable=False),
)

# The shared pace of one application and account (T 3d); instants are seconds since 1970.
pace = Table(
    "pace",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("rate", Float, nullable=False),
    Column("free_at", Float, nullable=False),
    Column("fell_at", Float, nullable=False),
    Column("clean_from", Float, nullable=False),
    Column("strikes", Integer, nullable=False),
    Column("in_a_row", Integer, nullable=False),
    Column("interactive_until", Float, nullable=False),
    Column("bulk_until", Float, nullable=False),
    Column("touched_at", Float, nullable=False),
)
