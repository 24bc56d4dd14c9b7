"""What a user decides about the analysis, as records: whole or not at all, told in the trail, of one engagement."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from closing_host.closing.analysis import CheckChoice
from closing_host.storage.analysis_decisions import AnalysisDecisions
from closing_host.storage.audit import Action, Trail, events
from closing_host.storage.crashpoints import crash_handler
from stored_books import ANNA, YEAR_START, World

ONE, OTHER = "1" * 64, "2" * 64
OWN = CheckChoice("own-1", "TA19", "Bank", {"accounts": "1930"})

Work = Callable[[AnalysisDecisions, Trail], None]

WORKS: dict[str, Work] = {
    "mark": lambda decisions, trail: decisions.mark(trail, YEAR_START, "TA01", [ONE, OTHER], "Frågat Åke"),
    "unmark": lambda decisions, trail: decisions.unmark(trail, YEAR_START, "TA01", [ONE]),
    "check": lambda decisions, trail: decisions.choose(trail, OWN),
    "removal": lambda decisions, trail: decisions.remove(trail, "own-1"),
}


def do(world: World, work: Work, engagement_id: int = 1) -> None:
    with world.store.database.write() as connection:
        work(AnalysisDecisions(connection, engagement_id), world.store.trail(connection, ANNA))


def kept(world: World, engagement_id: int = 1) -> tuple[set[str], tuple[CheckChoice, ...]]:
    with world.store.database.read() as connection:
        decisions = AnalysisDecisions(connection, engagement_id)
        return set(decisions.marks(YEAR_START)), decisions.choices()


def test_marks_and_choices_come_back_to_their_own_engagement_alone(world: World) -> None:
    do(world, WORKS["mark"])
    do(world, WORKS["check"])
    assert kept(world) == ({ONE, OTHER}, (OWN,))
    assert kept(world, 2) == (set(), ())
    do(world, WORKS["unmark"])
    do(world, WORKS["removal"])
    assert kept(world) == ({OTHER}, ())


def test_a_mark_in_place_of_another_is_the_later_one(world: World) -> None:
    do(world, WORKS["mark"])
    do(world, lambda decisions, trail: decisions.mark(trail, YEAR_START, "TA01", [ONE], "Klart"))
    with world.store.database.read() as connection:
        marks = AnalysisDecisions(connection, 1).marks(YEAR_START)
    assert {each.comment for each in marks.values()} == {"Frågat Åke", "Klart"}


def test_a_standard_check_that_is_on_again_is_forgotten(world: World) -> None:
    do(world, lambda decisions, trail: decisions.choose(trail, CheckChoice("TA09", enabled=False, reason="Kiosk")))
    assert kept(world)[1] == (CheckChoice("TA09", enabled=False, reason="Kiosk"),)
    do(world, lambda decisions, trail: decisions.choose(trail, CheckChoice("TA09")))
    assert kept(world)[1] == ()


def test_an_id_that_was_ever_used_is_known_when_its_check_is_removed(world: World) -> None:
    do(world, WORKS["check"])
    do(world, lambda decisions, trail: decisions.choose(trail, replace(OWN, id="own-2")))
    do(world, WORKS["removal"])
    do(world, lambda decisions, trail: decisions.mark(trail, YEAR_START, "own-7", [ONE], ""))
    with world.store.database.read() as connection:
        assert AnalysisDecisions(connection, 1).used_ids() == {"own-1", "own-2", "own-7"}
        assert AnalysisDecisions(connection, 2).used_ids() == set()


def test_the_trail_tells_of_each_decision_and_holds_no_text(world: World) -> None:
    for work in WORKS.values():
        do(world, work)
    with world.store.database.read() as connection:
        told = [each for each in events(connection) if str(each.action).startswith("analysis.")]
    assert [each.action for each in reversed(told)] == [
        Action.ANALYSIS_MARKED,
        Action.ANALYSIS_REOPENED,
        Action.ANALYSIS_CHECK,
        Action.ANALYSIS_CHECK,
    ]
    assert json.loads(told[-1].details_json)["check"] == "TA01"
    assert "Åke" not in "".join(each.details_json for each in told)


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_leaves_everything_as_it_was(work: str, when: str, world: World) -> None:
    for each in ("mark", "check"):
        if work != each:
            do(world, WORKS[each])
    before = kept(world)
    passed = []

    def stop(point: str) -> None:
        if point == f"analysis.{when}_{work}":
            passed.append(point)
            raise RuntimeError(point)

    with crash_handler(stop), pytest.raises(RuntimeError):
        do(world, WORKS[work])
    assert passed
    assert kept(world) == before
