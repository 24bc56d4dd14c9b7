"""The harness is honest: each seeded bug breaks a law in its story, and without the bug no law is broken."""

import pytest

from export_world.bugs import SEEDED
from export_world.checks import Broken
from export_world.template import template
from export_world.world import world


@pytest.mark.parametrize("name", SEEDED)
def test_the_harness_sees_the_bug(name: str) -> None:
    template("service_account")  # made without the bug
    seeded = SEEDED[name]
    with seeded.bug(), world() as story, pytest.raises(Broken, match=f"^{seeded.breaks}"):
        seeded.story(story)


@pytest.mark.parametrize("name", SEEDED)
def test_without_the_bug_every_law_holds(name: str) -> None:
    with world() as story:
        SEEDED[name].story(story)
