"""Words of comparisons on the pages, and of the help."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "comparison-unknown": "This comparison is not kept any more: they are kept for a day. Compare again.",
    "comparison-without-books": (
        "The file is of the financial year {year}, of which the engagement has no books. Compare it with another "
        "engagement, or import the file."
    ),
    "comparison-of-itself": "An import is no different from itself. Choose two that are not the same.",
    "help-unknown": "There is no help page {page}. Go on from the list of help pages.",
}
