"""Closing entries: what may not be written, and what may not be done with one."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "entry-unknown": "There is no closing entry {entry}. See closing entries list.",
    "entry-year-unknown": (
        "The engagement has no financial year that begins on {year}. Import that year's books, then make the entry."
    ),
    "entry-changed-meanwhile": (
        "{entry} was changed by {by} ({at}) while you worked on it, so your change was not saved. Look at it again, "
        "then make your change."
    ),
    "entry-not-editable": (
        "{entry} is on its way to the source or booked there, so it can be neither changed nor deleted. When it is "
        "booked, correct it with another entry: closing entries correct."
    ),
    "entry-transition-refused": (
        "{entry} cannot go from state {status} to {wanted} now: somebody was quicker, or it is not allowed. Look at "
        "it again with closing entries show."
    ),
}
