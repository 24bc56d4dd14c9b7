"""Words of closing entries as files."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "export-file-marked": "{entries} are marked as transferred already. To send more entries, write a new file.",
    "export-file-not-ready": (
        "Only entries that are not transferred, or failed, can go into a file; {entries} cannot. Leave them out."
    ),
    "export-file-not-written": "No file with closing entries has been written for {name}'s year. Write one first.",
    "export-file-nothing": "{name} has no closing entries to transfer in this year. The list says how each stands.",
    "export-file-old-books": (
        "Snapshot {snapshot} is not the year's current one, and a file would mix its books with today's "
        "entries. Leave @ out."
    ),
    "export-file-outdated": (
        "{entries} have been changed, sent or deleted since the file was written, so nothing was marked. If the"
        " program has not read it yet, write a new file; otherwise compare with the program first."
    ),
    "export-file-unsettled": (
        "Nobody knows yet whether {entries} were booked, so they cannot go into a file. Let the export find that out "
        "first."
    ),
    "export-file-whole": (
        "A SIE4 file holds the whole books with every entry that counts. To choose entries, write an SI file: --kind si"
    ),
}
