"""The tables of attachments: their versions, the notes on invoices, and the control accounts that the user chose."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

# One attachment as it was made, or why it could not be (P 7.4.1). Rows are inserted, never changed or deleted.
attachment_version = Table(
    "attachment_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("engagement_id", ForeignKey("engagement.id"), nullable=False),
    Column("year_start", Date, nullable=False),
    Column("side", String(20), nullable=False),
    Column("version", Integer, nullable=False),  # 1, 2, 3 ... both sides of one making have the same
    Column("snapshot_id", Integer, nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("as_at", Date, nullable=False),
    Column("control_accounts", JSON, nullable=False),  # [account]; of a failed one as far as known
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("facts", JSON(none_as_null=True), nullable=True),  # {"head": sha, table: sha} of what the source stated
    Column("final", Boolean, nullable=True),  # whether nothing more can come for the day
    Column("open", BigInteger, nullable=True),  # öre, positive is what is owed
    Column("ledger", BigInteger, nullable=True),  # öre, debit positive
    Column("difference", BigInteger, nullable=True),
    Column("error_code", String(100), nullable=True),
    Column("error_parameters", JSON(none_as_null=True), nullable=True),
    Column("error_detail", Text, nullable=True),
    CheckConstraint("side IN ('receivables', 'payables')", name="side"),
    CheckConstraint(
        "outcome = 'ok' AND facts IS NOT NULL AND final IS NOT NULL AND open IS NOT NULL AND ledger IS NOT NULL "
        "AND difference IS NOT NULL AND error_code IS NULL "
        "OR outcome = 'failed' AND facts IS NULL AND error_code IS NOT NULL",
        name="outcome",
    ),
    UniqueConstraint("engagement_id", "year_start", "version", "side"),
    # The compound key makes it impossible to name another company's books.
    ForeignKeyConstraint(
        ["engagement_id", "year_start", "snapshot_id"],
        ["snapshot.engagement_id", "snapshot.year_start", "snapshot.id"],
        name="fk_attachment_version_snapshot",
    ),
    sqlite_autoincrement=True,
)

# What the user noted on an invoice. It belongs to the invoice, so it survives every new version (P 7.4.1).
attachment_note = Table(
    "attachment_note",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("year_start", Date, primary_key=True),
    Column("side", String(20), primary_key=True),
    Column("document", String(200), primary_key=True),
    Column("text", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
    CheckConstraint("side IN ('receivables', 'payables')", name="side"),
)

# The control accounts that the user chose instead of the source's own (P 7.4.6).
attachment_accounts = Table(
    "attachment_accounts",
    metadata,
    Column("engagement_id", ForeignKey("engagement.id"), primary_key=True),
    Column("side", String(20), primary_key=True),
    Column("accounts", JSON, nullable=False),  # [account]
    Column("chosen_at", UtcDateTime, nullable=False),
    Column("chosen_by", String(200), nullable=False),
    CheckConstraint("side IN ('receivables', 'payables')", name="side"),
)
