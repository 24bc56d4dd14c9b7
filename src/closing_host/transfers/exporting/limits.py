"""How long and how often: every figure of the export in one place (T 3a)."""

from datetime import timedelta
from typing import Final

CLIENT_DEADLINE: Final = timedelta(seconds=60)
"""A sending that has not ended by then is broken off; its outcome is unknown."""

WAITING_PERIOD: Final = timedelta(seconds=120)
"""How long after the deadline a source may still book what it was sent. Before, an absence proves nothing."""

READS_APART: Final = timedelta(seconds=5)
"""Two full reads prove an absence when at least this lies between them and they agree."""

MOST_SENDINGS: Final = 3
"""How often one approval may send a voucher; after that a person decides."""

FIRST_PAUSE: Final = timedelta(seconds=2)
"""Before a voucher that certainly was not booked is sent again; doubled for each further time."""

LONGEST_PAUSE: Final = timedelta(seconds=30)
"""A longer pause is not waited out but stored as the next look."""

SWEEPS: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24))
"""After an unknown outcome: when the source is asked again whether it booked anything twice after all."""

FIRST_RETRY: Final = timedelta(minutes=1)
"""When a look that said nothing is tried again; doubled each time."""

LONGEST_RETRY: Final = timedelta(minutes=10)


def retry_in(failed: int) -> timedelta:
    """How long until the next look after `failed` in a row that said nothing."""
    return min(FIRST_RETRY * (1 << min(failed, 10)), LONGEST_RETRY)
