"""What to do next in an engagement's year, in words and with the command that does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from closing_host.cli.reconcile_output import period_name
from closing_host.cli.session import session
from closing_host.engagements.next_steps import Next, Todo
from closing_host.engagements.wizard import Standing
from closing_host.storage.engagements import EngagementYear

_IMPORT: Final = "closing import --engagement {id}"
_SHEET: Final = "closing reconcile {books} --period {period}"
_CHANGES: Final = "closing changes {books}"

COMMANDS: Final[Mapping[Todo, str]] = {
    Todo.IMPORTING: "closing runs list",
    Todo.CHOOSE_SOURCE: "closing source list",
    Todo.LOG_IN: "closing connect {id}",
    Todo.GIVE_FILE: f"{_IMPORT} FILE",
    Todo.IMPORT: _IMPORT,
    Todo.GUIDE: "closing guide {id} --confirm",
    Todo.SETTLE: "closing export resume {id}",
    Todo.LOCKED_CHANGED: _CHANGES,
    Todo.ODD_ENTRIES: _CHANGES,
    Todo.CHANGED: f"{_SHEET} --only changed",
    Todo.RECONCILE: _SHEET,
    Todo.AHEAD: _SHEET,
    Todo.SYSTEM: "closing system {books}",
    Todo.LOCK: "closing periods lock {books} {period}",
    Todo.EXPORT: "closing export {books}",
    Todo.OPENINGS: "closing engagement openings {books}",
    Todo.NEW_YEAR: "closing engagement new-year {id}",
}
"""By what there is to do; nothing is typed for the others."""

_OF_FILES: Final[Mapping[Todo, str]] = {
    Todo.IMPORT: f"{_IMPORT} FILE",
    Todo.EXPORT: "closing export file {books}",
}
"""Where books come from files, and go back in one."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to do. `command` is "" where there is nothing to type."""

    step: Next
    text: str
    command: str

    @property
    def data(self) -> dict[str, Any]:
        """The same for programs."""
        period = self.step.period
        return {
            "todo": str(self.step.todo),
            "period": None if period is None else period.period.key,
            "count": self.step.count,
            "says": self.text,
            "command": self.command or None,
        }


def told(now: Standing, year: EngagementYear | None, step: Next) -> Told:
    """`now`: the engagement's standing; `year`: the one that `step` is of."""
    words, todo = session().words, step.todo
    if todo is Todo.AHEAD and step.period is None:
        return Told(step, words.message("next-ahead-year", {"start": year.year_start if year else ""}), "")
    said: dict[str, object] = {"count": words.count(step.count), "source": now.source_name}
    of: dict[str, object] = {"id": now.client.engagement.id, "books": _books(now, year)}
    if step.period is not None:
        said |= {"done": step.period.done, "total": step.period.total, "period": period_name(step.period.period)}
        of["period"] = step.period.period.key
    command = _OF_FILES.get(todo) if now.way in ("file", None) else None
    return Told(step, words.message(f"next-{todo}", said), (command or COMMANDS.get(todo, "")).format(**of))


def _books(now: Standing, year: EngagementYear | None) -> str:
    """As commands take it."""
    id = now.client.engagement.id
    return str(id) if year is None else f"{id}/{year.year_end.year}"
