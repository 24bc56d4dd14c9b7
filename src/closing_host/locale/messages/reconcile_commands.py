"""Words of the commands of periods and reconciliation."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "division-locked": (
        "The period to {last} is locked, so the years cannot be divided otherwise. Unlock it first, then choose again."
    ),
    "reconcile-what": "It is not said what account {account} is reconciled to. State an amount, a comment or both.",
    "accounts-not-stated": "No account is stated. State them by number, or take all of them.",
    "review-how": "It is not said how the review went. Approve or reject.",
    "nothing-reconciled": (
        "Nothing reconciles account {account}, so it has no difference to book. State its reconciled amount first."
    ),
    "sheet-format-unknown": "{file} says by its name neither CSV nor XLSX. End it in .csv or .xlsx.",
}
