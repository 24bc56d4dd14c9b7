"""Words of making documents, and of reading what a user hands over as one."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "document-failed": (
        "The PDF could not be made within {seconds} seconds or without a fault. Nothing was written. Try again; if it "
        "stays, use XLSX and report the text in brackets."
    ),
}
