"""Words of stored attachments: why one cannot be made, opened, compared or noted on."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "attachments-not-made": (
        "There are no attachments for the books of {year} in {name} (snapshot {snapshot}). Make them."
    ),
    "attachment-version-unknown": (
        "{name} has no version {version} of its attachments in this year. Choose one of those that there are."
    ),
    "attachment-version-failed": (
        "Version {version} could not be made, so there is nothing to show. The list of attachments says why."
    ),
    "attachment-version-alone": (
        "{name} has no two versions of its attachments in this year to compare. The next import makes one."
    ),
    "attachments-not-current": (
        "Snapshot {snapshot} is not what {name} shows now. Attachments are made for the current books only: leave the "
        "snapshot out, or make it current first."
    ),
    "attachments-locked": (
        "The period that ends on {as_at} is locked, so its attachments stay as they are. Unlock it first."
    ),
    "attachments-not-offered": (
        "{source} states no receivables and payables, so no attachments can be made from it. Connect the engagement to "
        "a source that does."
    ),
    "attachments-without": (
        "{name} is connected without sub-ledger, so no attachments are made. Connect again with it to get them."
    ),
    "attachments-nothing-stated": (
        "The source stated neither receivables nor payables. Check what the company uses there, then try again."
    ),
    "control-account-unknown": (
        "The books of {name} have no account {account}. Choose control accounts from their chart of accounts."
    ),
    "document-unknown": (
        "No attachment of {name} in this year states the document {record}. Check its number and side, or import again."
    ),
    "note-too-long": "The note on {record} has {length} characters; at most {limit} are kept. Shorten it.",
}
