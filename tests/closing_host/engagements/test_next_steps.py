"""What to do next, by what is known of an engagement's year."""

from dataclasses import replace
from datetime import date

import pytest

from closing_host.closing.period_states import PeriodState
from closing_host.closing.periods import periods_of
from closing_host.engagements.next_steps import PeriodProgress, Situation, Todo, next_steps
from closing_host.engagements.wizard import Step

QUARTERS = periods_of(date(2025, 1, 1), date(2025, 12, 31), "quarter")
TODAY = date(2026, 2, 14)
FOUR: tuple[PeriodState, ...] = ("locked",) * 4


def progress(*states: PeriodState, done: int = 0, total: int = 4, changed: int = 0) -> tuple[PeriodProgress, ...]:
    """The year's periods; the figures are those of the first that is not locked."""
    counted = False
    made = []
    for period, state in zip(QUARTERS, [*states, *["not-started"] * 5], strict=False):
        figures = (0, 0, 0, 0) if counted or state == "locked" else (done, total, 0, changed)
        counted = counted or state != "locked"
        made.append(PeriodProgress(period, state, *figures))  # type: ignore[arg-type]
    return tuple(made)


BOOKS = Situation(Step.DONE, True, TODAY, date(2025, 1, 1), progress("started"))


def told(now: Situation) -> list[tuple[str, str]]:
    return [(str(each.todo), each.period.period.key if each.period else "") for each in next_steps(now)]


@pytest.mark.parametrize(
    ("step", "todo"),
    [
        (Step.RUNNING, Todo.IMPORTING),
        (Step.SOURCE, Todo.CHOOSE_SOURCE),
        (Step.LOGIN, Todo.LOG_IN),
        (Step.FILE, Todo.GIVE_FILE),
        (Step.IMPORT, Todo.IMPORT),
        (Step.COMPANY, Todo.GUIDE),
        (Step.PERIOD, Todo.GUIDE),
        (Step.ACCOUNTS, Todo.GUIDE),
    ],
)
def test_what_the_guide_waits_for_comes_first_also_beside_books(step: Step, todo: Todo) -> None:
    assert told(Situation(step, False, TODAY)) == [(todo, "")]
    assert told(replace(BOOKS, step=step)) == [(todo, ""), ("reconcile", "2025-03")]


def test_every_step_of_the_guide_says_what_to_do() -> None:
    assert all(next_steps(Situation(step, False, TODAY)) for step in Step)


def test_a_year_that_was_added_waits_for_its_books_or_for_its_beginning() -> None:
    added = Situation(Step.DONE, False, TODAY, date(2026, 1, 1))
    assert told(added) == [("import", "")]
    assert told(replace(added, year_start=date(2027, 1, 1))) == [("ahead", "")]


def test_the_first_period_that_is_not_locked_is_reconciled_and_then_locked() -> None:
    second = replace(BOOKS, periods=progress("locked", "started", done=3))
    assert told(second) == [("reconcile", "2025-06")]
    assert next_steps(second)[0].count == 1
    assert told(replace(BOOKS, periods=progress("locked", "started", done=4))) == [("lock", "2025-06")]
    assert told(replace(BOOKS, periods=progress("locked", total=0))) == [("lock", "2025-06")]


def test_accounts_that_changed_after_their_sign_off_go_before_the_rest() -> None:
    moved = replace(BOOKS, periods=progress("started", done=2, changed=2))
    assert told(moved) == [("changed", "2025-03"), ("reconcile", "2025-03")]
    assert next_steps(moved)[0].count == 2
    locked = replace(moved.periods[0], state="locked")
    assert told(replace(moved, periods=(locked, *moved.periods[1:])))[0] == ("lock", "2025-06")


def test_lost_answers_are_settled_before_anything_is_reconciled() -> None:
    now = replace(BOOKS, unsettled=1, to_export=2, openings=3)
    assert told(now) == [("settle", ""), ("openings", ""), ("reconcile", "2025-03"), ("export", "")]


def test_what_moved_where_it_was_locked_or_exported_is_looked_at_first() -> None:
    now = replace(BOOKS, locked_changed=1, odd_entries=2)
    assert told(now) == [("locked-changed", ""), ("odd-entries", ""), ("reconcile", "2025-03")]


def test_a_period_that_has_not_ended_is_waited_for() -> None:
    assert told(replace(BOOKS, today=date(2025, 3, 31))) == [("ahead", "2025-03")]
    assert told(replace(BOOKS, today=date(2025, 4, 1))) == [("reconcile", "2025-03")]


def test_year_end_makes_system_entries_reconciles_exports_and_locks() -> None:
    last = replace(BOOKS, periods=progress(*FOUR, "started"), system_due=True, to_export=2)
    assert told(last) == [("system", ""), ("reconcile", "year-end"), ("export", "")]
    done = replace(last, periods=progress(*FOUR, "started", done=4), system_due=False)
    assert told(done) == [("export", ""), ("lock", "year-end")]


def test_system_entries_wait_for_the_year_end() -> None:
    assert told(replace(BOOKS, system_due=True)) == [("reconcile", "2025-03")]


def test_a_closed_year_is_followed_by_the_next() -> None:
    closed = replace(BOOKS, periods=progress(*FOUR, "locked"))
    assert told(closed) == [("new-year", "")]
    assert told(replace(closed, newest=False)) == [("closed", "")]
    assert told(replace(closed, to_export=1)) == [("export", ""), ("new-year", "")]
