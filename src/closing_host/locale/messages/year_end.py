"""Words of periods and sign-offs."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "sign-off-wants-comment": (
        "Account {account} has a difference, or a balance that nothing reconciles. Write a comment, then mark "
        "it as done."
    ),
    "reconciled-by-attachment": "Account {account} is reconciled by its attachments. Change these instead.",
    "comment-too-long": "The comment on {account} has {length} characters; {limit} fit. Shorten it.",
    "review-not-done": "Account {account} is not done, so it cannot be reviewed. Mark it as done first.",
    "review-by-the-same": "{by} marked {account} as done and cannot review it as well. Ask somebody else.",
    "period-locked": "Period {period} is locked: nothing can be entered in it. Unlock it first.",
    "period-paused": "Period {period} is paused, because {earlier} was unlocked. Lock {earlier} again first.",
    "period-previous-open": "Period {period} cannot be locked before {previous}. Lock {previous} first.",
    "period-not-ready": (
        "{count} accounts of {period} are not done: {accounts}. Mark them as done, or lock with a reason."
    ),
    "period-not-locked": "Period {period} is not locked.",
    "period-reason-missing": "State a reason for unlocking the period.",
    "period-reason-too-long": "The reason has {length} characters; {limit} fit. Shorten it.",
    "period-changed-meanwhile": (
        "The books or the reconciliation of {period} changed while it was being locked. Look at it, and lock again."
    ),
    "year-end-locked": (
        "The books state that the year ends on {stated}, but it ends on {end} here and is locked through "
        "{locked_through}. Unlock the periods that would change first, then import again."
    ),
    "account-changed-meanwhile": (
        "{by} has changed account {account} meanwhile. Look at it as it is now, then make your change again."
    ),
    "account-not-in-period": "Account {account} is not a balance account of {period}.",
    "reconciled-too-large": "The reconciled amount of {account} is larger than any ledger holds. Check it.",
    "entry-period-locked": (
        "Period {period} is locked, so {entry} cannot be made or changed there. Unlock the period first, or "
        "choose a later date."
    ),
    "attachment-day-locked": (
        "The books are locked through {locked_through}, so what stands behind {day} cannot be changed. "
        "Unlock the period first."
    ),
}
