"""What to do next, in words: a sentence, a button, and where it leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from closing_host.engagements.next_steps import Next, Todo
from closing_host.locale import Words
from closing_host.web import reconciliation_words

PLACES: Final[Mapping[Todo, str]] = {
    Todo.IMPORTING: "/import",
    Todo.CHOOSE_SOURCE: "/source",
    Todo.LOG_IN: "/source",
    Todo.GIVE_FILE: "/source",
    Todo.IMPORT: "/import",
    Todo.GUIDE: "/guide",
    Todo.SETTLE: "/export",
    Todo.LOCKED_CHANGED: "/changes",
    Todo.ODD_ENTRIES: "/changes",
    Todo.CHANGED: "/reconciliation",
    Todo.RECONCILE: "/reconciliation",
    Todo.AHEAD: "/reconciliation",
    Todo.SYSTEM: "/entries/system",
    Todo.LOCK: "/reconciliation/periods",
    Todo.EXPORT: "/export",
    Todo.OPENINGS: "",
    Todo.NEW_YEAR: "/years/new",
}
"""Below the engagement's address."""

_YEARLESS: Final = frozenset(
    {Todo.IMPORTING, Todo.CHOOSE_SOURCE, Todo.LOG_IN, Todo.GIVE_FILE, Todo.IMPORT, Todo.GUIDE, Todo.NEW_YEAR}
)

_PARTS: Final[Mapping[Todo, str]] = {
    Todo.OPENINGS: "#openings",
    Todo.LOCKED_CHANGED: "#since",
    Todo.ODD_ENTRIES: "#since",
}
"""The part of the page that it is about."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to do. `button` is "" where there is nothing to press."""

    text: str
    button: str
    address: str


def told(words: Words, each: Next, base: str, year: tuple[date, date] | None, source: str, *, by_file: bool) -> Told:
    """`base`: the engagement's address; `year`: first and last day of the year that is shown; `source`: its name.
    `by_file`: books come from files that the user brings."""
    code = f"next-{each.todo}"
    if each.todo is Todo.AHEAD and each.period is None:
        return Told(words.message("next-ahead-year", {"start": year[0] if year else ""}), "", "")
    said: dict[str, object] = {"count": words.count(each.count), "source": source}
    query = {} if year is None or each.todo in _YEARLESS else {"year": str(year[1])}
    if each.period is not None:
        name = reconciliation_words.period(words, each.period.period)
        said |= {"period": name, "done": each.period.done, "total": each.period.total}
        query["period"] = each.period.period.key
    if each.todo is Todo.CHANGED:
        query["only"] = "changed"
    if each.todo not in PLACES:
        return Told(words.message(code, said), "", "")
    place = "/source" if each.todo is Todo.IMPORT and by_file else PLACES[each.todo]
    address = base + place + (f"?{urlencode(query)}" if query else "")
    return Told(words.message(code, said), words.message(f"{code}-button", said), address + _PARTS.get(each.todo, ""))
