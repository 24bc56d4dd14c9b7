"""Words of the overview: what to do next, and the button for it."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "next-importing": "The books are being imported.",
    "next-importing-button": "Follow the import",
    "next-choose-source": "The data source is not installed here. Choose another one, or install it.",
    "next-choose-source-button": "Choose data source",
    "next-log-in": "{source} asks for a login.",
    "next-log-in-button": "Log in to {source}",
    "next-give-file": "There are no books yet. They come with a file.",
    "next-give-file-button": "Choose a file",
    "next-import": "The books have not been imported.",
    "next-import-button": "Import",
    "next-guide": "The start guide is not finished.",
    "next-guide-button": "Continue the start guide",
    "next-settle": "Closing entries of which it is not known whether they were booked: {count}.",
    "next-settle-button": "Open the export",
    "next-changed": "Accounts that changed after their sign-off in {period}: {count}.",
    "next-changed-button": "Look at them",
    "next-reconcile": "Reconcile {period}: {done} of {total} accounts are done.",
    "next-reconcile-button": "Reconcile {period}",
    "next-ahead": "{period} has not ended. It is reconciled when it has.",
    "next-ahead-button": "Open {period}",
    "next-ahead-year": "The year begins {start}. Its books can be imported then.",
    "next-system": "The year’s system entries are not made, or are out of date.",
    "next-system-button": "System entries",
    "next-lock": "All accounts in {period} are done. The period can be locked.",
    "next-lock-button": "Lock {period}",
    "next-export": "Closing entries that are not in the bookkeeping yet: {count}.",
    "next-export-button": "Export",
    "next-openings": "Accounts that do not open as last year closed: {count}.",
    "next-openings-button": "Show the differences",
    "next-new-year": "The year is closed. The next one can begin.",
    "next-new-year-button": "New financial year",
    "next-closed": "The year is closed: all its periods are locked.",
}
