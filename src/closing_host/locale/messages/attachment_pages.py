"""English texts of what the pages of attachments refuse."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "attachment-kind-unknown": "There is no attachment of that kind. Go on from the list of attachments.",
    "attachment-side-missing": (
        "That making has no attachment of this side: the source stated none then. Choose another version."
    ),
    "attached-file-not-given": "Choose a file first, then attach it.",
    "day-unreadable": "“{text}” is no day. Write it as YYYY-MM-DD, such as 2025-12-31.",
    "own-row-amount": (
        "Row {row}: “{text}” is no amount with at most two decimals. Write it such as 1 234,50, or remove the row."
    ),
}
