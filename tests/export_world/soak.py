"""How long a soak may last: `SOAK_MINUTES` from the start of the tests."""

import os
import time

_STARTED = time.monotonic()


def over() -> bool:
    """Whether the minutes have passed."""
    return time.monotonic() - _STARTED >= 60 * float(os.environ.get("SOAK_MINUTES", "60"))
