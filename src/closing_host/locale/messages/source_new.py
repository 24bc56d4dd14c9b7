"""Words of `closing source new`."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "source-new-name-wrong": (
        "“{name}” cannot name a data source: use 2 to 30 small letters a-z, digits and single hyphens, beginning with "
        "a letter, such as cash-book."
    ),
    "source-new-name-taken": "A data source {name} is installed already. Choose another name.",
    "source-new-title-wrong": (
        "“{title}” cannot be what people call it: use letters, digits, blanks and . , & + - /, at most {longest} of "
        "them."
    ),
    "source-new-folder-exists": "{folder} exists already. Nothing was written. Choose another name, or move it away.",
}
