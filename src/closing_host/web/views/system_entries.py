"""*Systemverifikationer*: each rule with what is chosen for it, its computation and its entry."""

from typing import Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.system_entries import Choices
from closing_host.engagements.system_entries import SystemYear
from closing_host.engagements.system_typed import TEXTS, typed_of, with_typed
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.system_sections import reserves_of, sections_of
from closing_host.web.views.entries import desk_of, frame

_REVERSAL: Final = "reversal-"
_LONGEST: Final = 40


_SWITCHES: Final = ("income_tax", "tax_summary")


def system(call: Call) -> Response:
    """The rules as they stand."""
    return _page(call, desk_of(call).system.shown())


def decide(call: Call) -> Response:
    """Compute with what was typed without keeping it, or keep it and make the entries."""
    desk = desk_of(call)
    before = desk.system.shown()
    try:
        choices = _typed(call, before.choices)
        if call.field("act") != "make":
            return _page(call, desk.system.shown(choices), unsaved=True)
        desk.system.choose(choices)
        desk.system.make()
    except ClosingError as error:
        return _page(call, before, problem=error)
    return call.go(f"/engagements/{call.desk.id}/entries/system?year={before.books.end.isoformat()}&made=1")


def _typed(call: Call, choices: Choices) -> Choices:
    """The choices with what the form has in their place; what it does not ask for stays."""
    typed = {name: _field(call, name) for name in TEXTS if name in call.form}
    reversals = [(account, text) for account, text in _reversals(call).items()]
    switches = {name: call.field(name) == "yes" for name in _SWITCHES if "switches" in call.form}
    return with_typed(choices, typed, reversals, **switches)


def _page(call: Call, found: SystemYear, *, unsaved: bool = False, problem: ClosingError | None = None) -> Response:
    spell = call.words.amount
    with_books = [year for year, snapshot in call.desk.client.years if snapshot is not None]
    if problem is None:
        typed = typed_of(found.choices, spell)
        reversed_ = {account: spell(amount) for account, amount in found.choices.reversals.items()}
        switches = {name: getattr(found.choices, name) for name in _SWITCHES}
    else:  # nothing that was typed is lost
        typed, reversed_ = {name: _field(call, name) for name in TEXTS}, _reversals(call)
        switches = {name: call.field(name) == "yes" for name in _SWITCHES}
    return call.page(
        "system.html",
        200 if problem is None else 422 if isinstance(problem, DataError) else 409,
        found=found,
        sections=sections_of(found),
        reserves=reserves_of(found),
        typed=typed,
        reversed_=reversed_,
        switches=switches,
        unsaved=unsaved,
        problem=problem or found.problem,
        made=call.query("made") == "1",
        **{**frame(call, desk_of(call)), "years": with_books},
    )


def _reversals(call: Call) -> dict[str, str]:
    """What is typed for each reserve, by its account."""
    return {name.removeprefix(_REVERSAL): _field(call, name) for name in call.form if name.startswith(_REVERSAL)}


def _field(call: Call, name: str) -> str:
    return call.field(name)[:_LONGEST]


_SYSTEM: Final = "/engagements/{engagement:int}/entries/system"

PAGES = (
    Page("GET", _SYSTEM, system, Permission.READ),
    Page("POST", _SYSTEM, decide, Permission.ENTRIES),
)
