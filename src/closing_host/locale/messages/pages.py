"""Words of the pages' own errors: sessions, uploads, addresses that there are not, sources that cannot be chosen."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "session-missing": (
        "You are not logged in, or the session has ended. Get a new link on this machine with the command below, and "
        "open it."
    ),
    "session-not-permitted": "This session may not do that. Ask whoever set the program up.",
    "link-not-valid": (
        "The link has been used already, or is older than ten minutes. Get a new one: closing serve --link"
    ),
    "form-unreadable": "What the browser sent cannot be read. Go back, reload the page and try again.",
    "body-too-large": (
        "What was sent is larger than {limit} MB. Send fewer or smaller files; large ones go in by the command line: "
        "closing import FILE"
    ),
    "page-missing": "There is no such page. Go on from the list of engagements.",
    "upload-unknown": "The file is not here any more. Drop it again.",
    "import-needs-file": "The books come from files ({source}). Drop a new file to import it.",
    "source-not-set-up": (
        "{source} is not set up yet. Whoever runs the program does it once: closing source setup {id}"
    ),
    "callback-elsewhere": (
        "Logins to {source} come back to {registered}, but these pages are at {wanted}. Serve the pages at that "
        "address (closing serve --port), or set the callback anew: closing source setup {id}"
    ),
    "voucher-unknown": "There is no voucher {voucher} in these books. Go back to the account.",
    "served-already": (
        "The pages of this data folder are served by another process, which has not said where yet. Try again in a "
        "moment."
    ),
    "port-taken": ("Port {port} is in use by another program. Stop that one, or choose another port with --port."),
}
