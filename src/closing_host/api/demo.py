"""What a source may ship so that it can be tried without its real counterpart: a local fake, found by entry point.

The entry point (group `closing_host.demos`) is a function that returns a context manager: inside it the fake runs on
loopback, and what it yields tells the host how to reach it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

DEMO_ENTRY_POINT_GROUP: Final = "closing_host.demos"


@dataclass(frozen=True, slots=True)
class Demo:
    """A running fake. `source` is the source's id, `installation` its installation settings by field.

    `company` and `year` (by where it ends) are the one to show. `log_in` does what a person does in the browser from
    the given address on, until the callback has been visited. `file` gives the same year as the source's own program
    would write it to a SIE file. `control` is an address at which the fake can be steered, and `notes` what a person
    needs to click through it (user, password).
    """

    source: str
    installation: Mapping[str, str]
    company: str
    year: str
    log_in: Callable[[str], None]
    file: Callable[[], bytes]
    control: str
    notes: str = ""


DemoStart = Callable[[], AbstractContextManager[Demo]]
"""What the entry point names."""
