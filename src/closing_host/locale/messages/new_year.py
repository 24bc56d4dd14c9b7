"""Words of a new financial year and of its opening balances."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "new-year-without-previous": (
        "{name} has no financial year yet, so none can follow it. Import the first year's books; they state which it "
        "is."
    ),
    "new-year-known": (
        "The financial year {year} is there already and has no books yet. Import them: they state when it ends."
    ),
    "new-year-ends-early": "The year begins {start}, so it cannot end {end}. State a later day.",
    "new-year-too-long": (
        "A financial year has at most eighteen months: one that begins {start} ends {latest} at the latest, not {end}."
    ),
    "openings-without-previous": (
        "{name} has no books of the year before {year}, so there is nothing to compare its opening balances with. "
        "Import that year too."
    ),
    "openings-unbooked-result": (
        "What differs in all is the result of the year before, which is not booked on a balance account there. Make "
        "the system entry for the result of that year, or book it, and import again."
    ),
    "openings-without-entries": (
        "The opening balances are those of the books without that year's closing entries. Export the entries, or give "
        "them to the client, and import the new year again."
    ),
}
