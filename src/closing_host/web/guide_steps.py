"""Where in the pages each step of *Startguiden* is."""

from collections.abc import Mapping
from typing import Final

from closing_host.engagements.wizard import Step

ADDRESSES: Final[Mapping[Step, str]] = {
    Step.SOURCE: "source",
    Step.LOGIN: "source",
    Step.FILE: "source",
    Step.COMPANY: "guide/company",
    Step.PERIOD: "guide/period",
    Step.IMPORT: "import",
    Step.RUNNING: "import",
    Step.ACCOUNTS: "guide/accounts",
    Step.DONE: "guide/done",
}


def step_address(engagement_id: int, step: str) -> str:
    """The address of an engagement's step."""
    return f"/engagements/{engagement_id}/{ADDRESSES[Step(step)]}"
