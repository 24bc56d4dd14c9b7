"""What to type next after an error, whose own words say what to do in a way that fits the pages too."""

from collections.abc import Mapping
from typing import Final

NEXT: Final[Mapping[str, str]] = {
    "account-unknown": "closing balances",
    "archive-period-open": "closing periods lock",
    "attached-file-unknown": "closing attachments files",
    "attachment-version-failed": "closing attachments list",
    "attachment-version-unknown": "closing attachments list",
    "attachments-not-made": "closing attachments retry",
    "document-none": "closing attachments list",
    "engagement-unknown": "closing engagement list",
    "engagement-without-books": "closing import",
    "entry-counter-account-missing": "closing entries add --counter ACCOUNT",
    "entry-deleted": "closing entries restore",
    "entry-in-books-twice": "closing entries settle",
    "entry-no-proposal": "closing attachments explain",
    "entry-not-correctable": "closing entries edit",
    "entry-not-double": "closing entries show",
    "entry-not-editable": "closing entries correct",
    "entry-reversal-booked": "closing entries correct",
    "entry-transition-refused": "closing entries show",
    "entry-unknown": "closing entries list",
    "export-active": "closing export status",
    "export-file-marked": "closing export file",
    "export-file-not-written": "closing export file",
    "export-file-nothing": "closing entries list",
    "export-file-unsettled": "closing export resume",
    "export-lease-lost": "closing export status",
    "export-not-offered": "closing export file",
    "export-unknown": "closing export status",
    "export-warnings": "closing export --accept-warnings",
    "own-attachment-removed": "closing attachments edit --restore",
    "own-attachment-unknown": "closing attachments list",
    "run-unknown": "closing runs list",
    "snapshot-unknown": "closing history",
}
"""Command or option, by the error's code."""
