"""Every crash point of the export x every fault of a posted voucher x each voucher of a batch of three (B1-B7, T 5).

Counted in the simulator's own ledger by marker: nothing twice, nothing lost, nothing claimed that is not there.
Parametrised by crash point, so that the workers share them out.
"""

from collections.abc import Iterable
from functools import cache

import pytest

from closing_host.closing.entries import EXPORTABLE, Status
from closing_host.engagements.exporting import choices, mark_unlockable
from closing_host.engagements.host import Host
from closing_host.storage.crashpoints import POINTS
from export_world.company import YEAR
from export_world.death import at_nth
from export_world.faults import FAULTS
from export_world.journal_laws import check_rest
from export_world.laws import Laws
from export_world.rest import to_rest
from export_world.soak import over
from export_world.template import Template
from export_world.world import World, world

EXPORT_POINTS = [point for point in POINTS if point.startswith("export.")]
VOUCHERS = (1, 2, 3)
CHOICE = ("export.before_choice", "export.after_choice")
"""Passed when a user marks a series, not by an export."""
EARLY = ("", "export.before_freeze", "export.after_freeze")
"""For these the story begins before the approval; for all others right after it."""


@cache
def approved() -> Template:
    """Three vouchers are approved, and nobody has begun."""
    with world() as story:
        for number in VOUCHERS:
            story.add_entry(10_000 * number, f"Periodisering {number}")
        story.run(story.exporting(approval="matrix"), at_nth("export.after_freeze"))
        return story.so_far()


@cache
def entered() -> Template:
    """Three vouchers are entered."""
    with world() as story:
        for number in VOUCHERS:
            story.add_entry(10_000 * number, f"Periodisering {number}")
        return story.so_far()


POINTS_AND_NONE = ("", *(each for each in EXPORT_POINTS if each not in CHOICE))


@pytest.mark.parametrize("point", POINTS_AND_NONE)
def test_each_voucher_is_booked_once_whatever_happens(point: str) -> None:
    """Every crash point with every fault, at one voucher each: the three take turns."""
    turn = POINTS_AND_NONE.index(point)
    _stories(point, [(fault, VOUCHERS[(turn + number) % 3]) for number, fault in enumerate(FAULTS)])


@pytest.mark.soak
@pytest.mark.parametrize("point", POINTS_AND_NONE)
def test_each_voucher_is_booked_once_whatever_happens_to_each(point: str) -> None:
    """Every crash point with every fault at every voucher."""
    if over():
        pytest.skip("SOAK_MINUTES have passed")
    _stories(point, [(fault, place) for fault in FAULTS for place in VOUCHERS])


def _stories(point: str, faults: Iterable[tuple[str, int]]) -> None:
    began = entered() if point in EARLY else approved()
    died = 0
    for fault, place in faults:
        with world(began=began) as story:
            died += _story(story, point, fault, place)
    assert died or not point, "no story passed this crash point"


def _story(story: World, point: str, fault: str, place: int) -> bool:
    """Export three vouchers, die once at the point, and go on to rest. Whether it died."""
    story.approve()
    story.line.plan(fault, nth=place)
    dies = at_nth(point, place) if point else None
    processes = story.processes
    story.run(story.exporting(approval="matrix"), dies)
    to_rest(story, dies, one_sweep=True)
    died = story.processes > processes
    if any(each.status in EXPORTABLE for each in story.entries()):
        story.line.heal()
        story.export()
        to_rest(story, one_sweep=True)
    Laws(story).check()
    check_rest(story)
    for entry in story.entries():
        living = story.ground.living(story.markers(entry.id))
        where = (point, fault, place, entry.label, entry.status)
        twice = any(each.fault == "N24" and each.marker == entry.marker for each in story.line.sent)
        assert len(living) == 1 + twice, where
        assert entry.status is (Status.DOUBLE if twice else Status.TRANSFERRED), where
    return died


@pytest.mark.parametrize("late", [250.0, 600.0, 3600.0, 12 * 3600.0, 23 * 3600.0])
def test_what_is_booked_too_late_is_found_and_shown(late: float) -> None:
    """The source books after the waiting period, when the voucher has been sent again: a final look finds all (B3)."""
    for place in VOUCHERS:
        with world(began=approved()) as story:
            story.approve()
            story.line.plan("N9", nth=place, late=late)
            laws = Laws(story)
            story.run(story.exporting(approval="matrix"))
            to_rest(story)
            laws.check()
            check_rest(story)
            assert sorted(len(births) for births in story.ground.births.values()) == [1, 1, 2]
            for number, entry in enumerate(story.entries(), start=1):
                assert entry.status is (Status.DOUBLE if number == place else Status.TRANSFERRED), (late, place)


@pytest.mark.parametrize("point", CHOICE)
def test_a_series_is_marked_or_not(point: str) -> None:
    async def mark(host: Host) -> None:
        mark_unlockable(host, 1, ["I"])

    with world() as story:
        assert story.run(mark, at_nth(point)) is None
        assert story.processes == 2, "it died"
        known = choices(story.host, story.engagement_id, YEAR).unlockable
        assert known == (frozenset({"I"}) if point == "export.after_choice" else frozenset())
        Laws(story).check()
