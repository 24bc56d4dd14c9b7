"""Words of what the pages of *Balansavstämning* refuse."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "reconciled-unread": "{amount} on account {account} is not an amount. Write it as 1234.50, or leave it empty.",
}
