"""Attachments of the user's own, and attached files."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `own_attachment_tables`."""
