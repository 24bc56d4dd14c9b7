"""300 stories of 50 steps in every run of the tests; `make soak` tells as many as its minutes allow (`test_soak`)."""

import pytest

from export_world.stories import tell

RUNS, EXAMPLES, STEPS = 6, 50, 50
PAUSE = 2
"""Keeps it within its minute and a half; a soak does not pause."""


@pytest.mark.parametrize("number", range(RUNS))
def test_every_law_holds_in_every_story(number: int) -> None:
    tell(number, examples=EXAMPLES, steps=STEPS, pause=PAUSE)
