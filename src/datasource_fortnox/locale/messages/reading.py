"""Words of calls and of the import."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "fortnox-answer-unreadable": (
        "Fortnox answered {resource} with something that cannot be read ({reason}, status {status}, trace {trace}). "
        "Try again in a few minutes."
    ),
    "fortnox-company-differs": (
        "The file from Fortnox is for {file}, but the company is {source}. Nothing was imported. "
        "Check the organisation number in Fortnox, then import again."
    ),
    "fortnox-control-account-missing": (
        "Fortnox does not say which account it books on as {name}, so the attachment cannot be made. "
        "Choose the account under control accounts, or state it in Fortnox among the predefined accounts, "
        "then try again."
    ),
    "fortnox-failing": (
        "Fortnox could not handle {resource} (status {status}, trace {trace}). Try again in a few minutes."
    ),
    "fortnox-field-wrong": (
        "Fortnox's answer on {resource} {record} has an unusable field {field} ({reason}). "
        "Look at that record in Fortnox; if it is in order, report this as a fault."
    ),
    "fortnox-list-unstable": "Fortnox's list {resource} changed each time that it was read. Import again in a moment.",
    "fortnox-not-found": "Fortnox has no {resource}. Check that it is there in Fortnox, in the right financial year.",
    "fortnox-other-year": (
        "Fortnox gave the year {found} when {asked} was asked for. Nothing was imported. "
        "Check the financial years in Fortnox, then import again."
    ),
    "fortnox-refused": "Fortnox refused {resource} (code {number}, status {status}). Read its answer, then try again.",
    "fortnox-sie-cut-off": (
        "The file from Fortnox ends in the middle of something (line {line}, after {size} bytes). "
        "Nothing was imported. Import again."
    ),
    "fortnox-sie-incomplete": (
        "The file from Fortnox holds {found} vouchers of {expected}, and its balances do not follow from them "
        "(year {year}). Nothing was imported. Import again when nobody books in Fortnox."
    ),
    "fortnox-sub-ledger-moves": (
        "Somebody changed invoices or payments in Fortnox during each of {readings} readings, so they cannot be told "
        "as of one moment. Try again when nobody works there."
    ),
    "fortnox-too-many-calls": "Fortnox takes no more calls for the moment. Try again in a minute.",
    "fortnox-unreachable": "Fortnox cannot be reached ({reason}). Check the network, then try again.",
    "fortnox-voucher-count": (
        "The file holds {found} vouchers while Fortnox counts {expected} (year {year}); its balances are right all the "
        "same. Somebody may be booking right now: import again to be sure."
    ),
    "fortnox-year-not-asked": "No financial year was chosen. Choose one of the company's years and import again.",
    "fortnox-year-unknown": (
        "Fortnox has no financial year {start} to {end}. Create it in Fortnox, or choose one of those that are there."
    ),
}
