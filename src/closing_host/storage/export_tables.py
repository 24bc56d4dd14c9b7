"""The tables of the export journal: what was approved, each attempt to send it, and what is known of it (T 3a)."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

_ACTIVE: Final = text("state IN ('FROZEN', 'RUNNING', 'WAITING')")

# One approval: these vouchers, in this form, into these series of this company's year.
export_batch = Table(
    "export_batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("approval", String(100), nullable=False, unique=True),  # the same click, tab or process: the same batch
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False, index=True),
    Column("year_start", Date, nullable=False),
    Column("year_end", Date, nullable=False),
    Column("year_id", String(100), nullable=False),  # the source's own
    Column("source_id", String(100), nullable=False),
    Column("account_id", String(200), nullable=False),  # which company of the source; compared before each call
    Column("organisation_number", String(40), nullable=False),  # digits
    Column("searched", JSON, nullable=False),  # [series] in which a lost sending could lie
    Column("high_water", JSON, nullable=False),  # {series: last number before the first sending, or null}
    Column("payload_sha", String(64), nullable=False),  # over the vouchers' own
    Column("approved_by", String(200), nullable=False),
    Column("approved_at", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(100), nullable=False),  # a message code: why it waits or stopped, "" for none
    Column("reason_parameters", JSON, nullable=False),
    Column("reason_detail", Text, nullable=False),  # the source's own words
    Column("ended_at", UtcDateTime, nullable=True),
    Column("unknown_at", UtcDateTime, nullable=True),  # the last time that an outcome was unknown
    Column("sweeps", Integer, nullable=False),  # how many of the final looks are done
    Column("failed_looks", Integer, nullable=False),  # in a row, without an answer that says anything
    Column("next_look", UtcDateTime, nullable=True),
    Column("lease_owner", String(200), nullable=True),  # who works on it now
    Column("lease_until", UtcDateTime, nullable=True),
    Column("lease_epoch", Integer, nullable=False),  # tells one lease from the next; every write compares it
    CheckConstraint("state IN ('FROZEN', 'RUNNING', 'WAITING', 'COMPLETED', 'STOPPED', 'NEEDS_HUMAN')", name="state"),
    # One at a time for each company and year: at most one outcome can be unknown.
    Index(
        "ix_export_batch_active",
        "source_id",
        "account_id",
        "year_start",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
    sqlite_autoincrement=True,
)

# One voucher of a batch, frozen as it was approved.
export_voucher = Table(
    "export_voucher",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_id", ForeignKey("export_batch.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("entry_id", ForeignKey("closing_entry.id"), nullable=False, index=True),
    Column("label", String(20), nullable=False),
    Column("marker", String(18), nullable=False),
    Column("series", String(20), nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON of all that is sent, and to whom
    Column("payload_sha", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),  # sendings begun
    Column("not_before", UtcDateTime, nullable=True),  # AMBIGUOUS: an absence proves nothing before
    Column("claimed", Boolean, nullable=False),  # the source answered "booked", but with another voucher
    Column("reason", String(100), nullable=False),
    Column("reason_parameters", JSON, nullable=False),
    Column("reason_detail", Text, nullable=False),
    Column("booked_series", String(20), nullable=False),  # "" until it is booked
    Column("booked_number", String(20), nullable=False),
    Column("evidence", String(10), nullable=False),  # "answer", "found", or ""
    Column("difference", JSON(none_as_null=True), nullable=True),  # what the source's voucher has otherwise
    Column("found", JSON, nullable=False),  # CONFLICT: every voucher that may be this one
    Column("settled_at", UtcDateTime, nullable=True),
    UniqueConstraint("batch_id", "position"),
    UniqueConstraint("batch_id", "entry_id"),
    CheckConstraint(
        "state IN ('PREPARED', 'SENDING', 'AMBIGUOUS', 'READBACK', 'CONFIRMED', 'CONFIRMED_MODIFIED', 'REJECTED', "
        "'CONFLICT', 'NOT_SENT')",
        name="state",
    ),
    sqlite_autoincrement=True,
)

# One attempt to send a voucher: written before its first byte.
export_sending = Table(
    "export_sending",
    metadata,
    Column("voucher_id", ForeignKey("export_voucher.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(200), nullable=False),
    Column("lease_epoch", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=True),
    Column("outcome", String(20), nullable=False),  # "" while it is under way
    Column("reason", String(100), nullable=False),
    Column("detail", Text, nullable=False),
)

# What a company chose last, offered at its next export.
export_choice = Table(
    "export_choice",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("source_id", String(100), primary_key=True),
    Column("series", JSON, nullable=False),  # {kind: series}
    Column("unlockable", JSON, nullable=False),  # [series] that the user marked Ej låsbar bokslutsserie
)
