"""Words of what the pages of *Balansavstämning* refuse."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "reconciled-unread": "{amount} on account {account} is not an amount. Write it as 1234.50, or leave it empty.",
    "sign-off-closing-moved": (
        "The closing balance of {account} is {now} now; {before} was shown when it was marked as done. Look at it as "
        "it is now, then mark it again."
    ),
    "sign-off-reconciled-moved": (
        "The reconciled amount of {account} is {now} now; {before} was shown when it was marked as done. Look at it as "
        "it is now, then mark it again."
    ),
    "sign-off-reconciled-came": (
        "The reconciled amount of {account} is {now} now; none was shown when it was marked as done. Look at it as it "
        "is now, then mark it again."
    ),
    "sign-off-reconciled-went": (
        "{account} has no reconciled amount now; {before} was shown when it was marked as done. Look at it as it is "
        "now, then mark it again."
    ),
}
