"""Words of the pages about closing transactions and their export."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "entry-form-amount": "Row {row}: {amount} is not an amount. Write it as 1234.50.",
    "entry-form-both": "Row {row} has both debit and credit. Leave one of them empty.",
    "entry-form-date": "{date} is not a date. Write it as 2025-12-31.",
    "entry-form-reconciled": "{amount} is not an amount. State what the account should stand at, such as -62000.00.",
    "entry-form-proposal": "There is no proposal {proposal}. Go back to the attachment and choose one there.",
    "export-elsewhere": "{source} takes no vouchers from here. Save a file and read it into the bookkeeping program.",
    "export-none-left": "There is nothing to export. Make a closing entry first.",
    "export-running": "An export to {source} is under way. Wait until it is at rest.",
    "export-import-running": "An import is under way. Wait until it is done.",
    "export-none-chosen": "Nothing was sent: no entry was chosen. Choose at least one.",
    "export-approval-missing": "Nothing was sent: the page was not whole. Open it again and export from there.",
}
