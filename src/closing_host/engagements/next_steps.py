"""What to do next in an engagement's year: rules over what is known of it. Pure; pages and commands word them.

The order is that of the work: get the books, mend what came undone, settle what is on its way, reconcile period by
period, close the year, send what is not in the source yet, begin the next year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from closing_host.closing.period_states import PeriodState
from closing_host.closing.periods import Period
from closing_host.engagements.wizard import Step


class Todo(StrEnum):
    """One thing to do. Words: message code `next-{todo}`, button `next-{todo}-button`."""

    IMPORTING = "importing"  # nothing to do but to look
    CHOOSE_SOURCE = "choose-source"
    LOG_IN = "log-in"
    GIVE_FILE = "give-file"
    IMPORT = "import"
    GUIDE = "guide"
    SETTLE = "settle"  # exports whose answer was lost
    LOCKED_CHANGED = "locked-changed"  # an import moved what was locked
    ODD_ENTRIES = "odd-entries"  # exported entries that the source changed, lacks or holds twice
    CHANGED = "changed"  # accounts moved after their sign-off
    RECONCILE = "reconcile"
    AHEAD = "ahead"  # the period has not ended yet
    SYSTEM = "system"  # system entries to make
    LOCK = "lock"
    EXPORT = "export"
    OPENINGS = "openings"  # the year does not open where the last one closed
    NEW_YEAR = "new-year"
    CLOSED = "closed"  # everything is locked, and there is a next year already


@dataclass(frozen=True, slots=True)
class PeriodProgress:
    """A period and what is done in it: `done` of `total` balance accounts, `differences` and `changed` among them.

    Nothing is counted of periods that come after the current one and were not started.
    """

    period: Period
    state: PeriodState
    done: int = 0
    total: int = 0
    differences: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of an engagement and one of its years.

    `has_books`: of this year. `to_export`: closing entries that are not in the source's books; `unsettled`: those on
    the way; `odd_entries`: exported ones that are not in the source as they were sent. `locked_changed`: locked periods
    whose books moved since. `system_due`: system entries are missing or out of date. `openings`: accounts that do not
    open as last year closed. `newest`: no year follows.
    """

    step: Step
    has_books: bool
    today: date
    year_start: date | None = None
    periods: tuple[PeriodProgress, ...] = ()
    to_export: int = 0
    unsettled: int = 0
    odd_entries: int = 0
    locked_changed: int = 0
    system_due: bool = False
    openings: int = 0
    newest: bool = True

    @property
    def current(self) -> PeriodProgress | None:
        """The first period that is not locked."""
        return next((each for each in self.periods if each.state != "locked"), None)


@dataclass(frozen=True, slots=True)
class Next:
    """Something to do. `period`: the one that it concerns; `count`: how many accounts or entries."""

    todo: Todo
    period: PeriodProgress | None = None
    count: int = 0


_BY_STEP: Final[Mapping[Step, Todo]] = {
    Step.RUNNING: Todo.IMPORTING,
    Step.SOURCE: Todo.CHOOSE_SOURCE,
    Step.LOGIN: Todo.LOG_IN,
    Step.FILE: Todo.GIVE_FILE,
    Step.IMPORT: Todo.IMPORT,
    Step.COMPANY: Todo.GUIDE,
    Step.PERIOD: Todo.GUIDE,
    Step.ACCOUNTS: Todo.GUIDE,
}


def next_steps(now: Situation) -> tuple[Next, ...]:
    """What to do, the most urgent first; never empty."""
    return tuple(_steps(now))


def _steps(now: Situation) -> Iterator[Next]:
    if (todo := _BY_STEP.get(now.step)) is not None:
        yield Next(todo)
    if not now.has_books:
        if todo is None:
            yield _books_of_the_year(now)
        return
    if now.unsettled:
        yield Next(Todo.SETTLE, count=now.unsettled)
    if now.locked_changed:
        yield Next(Todo.LOCKED_CHANGED, count=now.locked_changed)
    if now.odd_entries:
        yield Next(Todo.ODD_ENTRIES, count=now.odd_entries)
    yield from (
        Next(Todo.CHANGED, each, each.changed) for each in now.periods if each.changed and each.state != "locked"
    )
    if now.openings:
        yield Next(Todo.OPENINGS, count=now.openings)
    yield from _closing(now)


def _books_of_the_year(now: Situation) -> Next:
    """A year that was added and whose books have not come."""
    begun = now.year_start is None or now.year_start <= now.today
    return Next(Todo.IMPORT if begun else Todo.AHEAD)


def _closing(now: Situation) -> Iterator[Next]:
    current = now.current
    export = Next(Todo.EXPORT, count=now.to_export)
    if current is None:
        if now.to_export:
            yield export
        yield Next(Todo.NEW_YEAR if now.newest else Todo.CLOSED)
        return
    ended = current.period.end < now.today
    if not ended:
        yield Next(Todo.AHEAD, current)
    if current.period.is_year_end and now.system_due:
        yield Next(Todo.SYSTEM)
    done = current.done == current.total
    if ended and not done:
        yield Next(Todo.RECONCILE, current, current.total - current.done)
    if now.to_export:
        yield export
    if ended and done:
        yield Next(Todo.LOCK, current)
