"""Words of making documents, and of reading what a user hands over as one."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "document-none": "There is no attachment {which} in these books. Choose one of the list, or make one of your own.",
    "document-several": "{file} is one file, and there are several attachments. State which one, or a folder.",
    "document-suffix": "{file} is not the name of a {form} file. State a folder, or a name that ends in .{form}.",
    "document-exists": "{file} is there already. Choose another place, or overwrite it with --force.",
    "document-not-written": "{file} could not be written. Check that the folder may be written to and has room.",
    "document-failed": (
        "The PDF could not be made within {seconds} seconds or without a fault. Nothing was written. Try again; if it "
        "stays, use XLSX and report the text in brackets."
    ),
}
