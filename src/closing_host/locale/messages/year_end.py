"""Words of periods, sign-offs and system entries."""

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
    "rate-unknown": (
        "No rate is known for years that end {year_end}; the first known is for {first}. State the rate yourself."
    ),
    "allocation-too-large": (
        "{allocation} is more than may be allocated to a tax allocation reserve: at most {limit} this year."
    ),
    "reversal-too-large": "{amount} cannot be reversed of {account}, which holds {held}.",
}
