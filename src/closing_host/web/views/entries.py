"""*Bokslutstransaktioner*: the year's V and S, one of them, and what a person decides about it."""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.closing.entry_mirrors import year_after
from closing_host.engagements.entries import Saved
from closing_host.web import entry_lines
from closing_host.web.call import Call
from closing_host.web.entry_desk import EntryDesk
from closing_host.web.entry_form import typed_day
from closing_host.web.entry_lines import line_of
from closing_host.web.routes import Page, Permission

Act = Callable[[Call, EntryDesk, ClosingEntry], str]
"""What a button does; returns where to go on."""


def entries(call: Call) -> Response:
    """The list; `?deleted=1` with those deleted. Without books there is nothing to close yet."""
    if all(snapshot is None for _, snapshot in call.desk.client.years):
        return call.page("entries_none.html", engagement=call.desk.engagement)
    desk = desk_of(call)
    deleted = call.query("deleted") == "1"
    shown = [each for each in desk.listed.own if deleted or each.status is not Status.DELETED]
    hidden = sum(each.status is Status.DELETED for each in desk.listed.own)
    source = source_name(call)
    lines = [line_of(desk, each, call.words, source) for each in shown]
    return call.page(
        "entries.html",
        lines=lines,
        deleted=deleted,
        hidden=hidden,
        waiting=sum("export" in each.may for each in lines),
        system_out_of_date=_system_out_of_date(desk),
        **frame(call, desk),
    )


def entry(call: Call) -> Response:
    """One entry: rows, state, effect on the balances, links, history, and what can be done now."""
    return _shown(call, desk_of(call), None)


def desk_of(call: Call) -> EntryDesk:
    """The year that the address states: the one closed now by default."""
    return call.desk.entries(call.desk.year(call.query("year")[:10]))


def source_name(call: Call) -> str:
    """The name of the engagement's source; its id when it is not installed."""
    return call.source_name(call.desk.engagement.source_id)


def frame(call: Call, desk: EntryDesk) -> dict[str, Any]:
    """What every page about a year's entries shows."""
    years = [(year, snapshot is not None) for year, snapshot in call.desk.client.years]
    year = desk.financial_year
    return {
        "engagement": call.desk.engagement,
        "year": year,
        "years": [each for each, _ in years],
        "has_books": any(each.year_start == year.year_start and books for each, books in years),
        "source": source_name(call),
        "entry_words": entry_lines,
        "in_year": f"?year={year.year_end.isoformat()}",
    }


def address_of(desk: EntryDesk, entry: ClosingEntry) -> str:
    """The page of one entry, in its own year."""
    year = desk.financial_year
    stated = year.year_end if entry.year_start == year.year_start else entry.year_start
    return f"/engagements/{desk.engagement.id}/entries/{entry.label}?year={stated.isoformat()}"


def told(desk: EntryDesk, saved: Saved) -> str:
    """Where a saved entry is shown, with what the user must know of it."""
    notices = "".join(f"&notice={each.code}" for each in saved.notices)
    return f"{address_of(desk, saved.entry)}&saved=1{notices}"


def _system_out_of_date(desk: EntryDesk) -> bool:
    """Whether system entries are not what their rules want; what is not there need not be computed."""
    made = any(each.kind == "S" and each.status is not Status.DELETED for each in desk.listed.own)
    return made and desk.has_books and desk.system.shown().out_of_date


def _shown(call: Call, desk: EntryDesk, problem: ClosingError | None, status: int = 200) -> Response:
    found = desk.find(call.path("entry"))
    has_books = desk.year.books is not None
    return call.page(
        "entry.html",
        status,
        line=line_of(desk, found, call.words, source_name(call)),
        names=desk.year.chart.accounts if has_books else {},
        dimensions=desk.dimensions,
        effect=desk.effect(found) if has_books else (),
        history=[(each, line_of(desk, each.entry, call.words, source_name(call))) for each in desk.history(found)],
        problem=problem,
        saved=call.query("saved") == "1",
        notices=_notices(call, desk, found),
        typed=call.field("reason"),
        **frame(call, desk),
    )


def _notices(call: Call, desk: EntryDesk, entry: ClosingEntry) -> list[tuple[str, dict[str, object]]]:
    """What was told when it was saved. The address holds codes only; what they are about is looked up."""
    reversal, original = desk.reversal(entry), desk.original(entry)
    first, last = year_after(desk.financial_year.year_end)
    known: dict[str, dict[str, object] | None] = {
        "entry-year-added": {"first": first, "last": last},
        "entry-reversal-booked": {"entry": entry.label, "reversal": reversal.label} if reversal else None,
        "entry-correction-of-changed": {"entry": original.label} if original else None,
    }
    codes = call.request.query_params.getlist("notice")
    return [(code, parameters) for code in codes if (parameters := known.get(code)) is not None]


def _acting(act: Act) -> Callable[[Call], Response]:
    """A button of the entry's page. What it is refused stands on that page again, with what was typed."""

    def view(call: Call) -> Response:
        desk = desk_of(call)
        try:
            return call.go(act(call, desk, desk.find(call.path("entry"))))
        except ClosingError as error:
            if error.code == "entry-unknown":
                raise
            return _shown(call, desk_of(call), error, 422 if isinstance(error, DataError) else 409)

    return view


def _delete(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    desk.delete(entry)
    return address_of(desk, entry)


def _restore(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    desk.restore(entry)
    return address_of(desk, entry)


def _correct(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    return told(desk, desk.correct(entry, typed_day(call.field("date"))))


def _not_for_transfer(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    return told(desk, desk.not_for_transfer(entry, call.field("reason")))


def _again(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    desk.export_again(entry)
    return address_of(desk, entry)


def _accept(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    desk.accept_books(entry)
    return address_of(desk, entry)


def _reverse(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    desk.reverse_double(entry)
    return f"/engagements/{desk.engagement.id}/entries?year={desk.financial_year.year_end.isoformat()}"


ACTS: Final[dict[str, Act]] = {
    "delete": _delete,
    "restore": _restore,
    "correct": _correct,
    "not-for-transfer": _not_for_transfer,
    "again": _again,
    "accept": _accept,
    "reverse": _reverse,
}

_ENTRIES: Final = "/engagements/{engagement:int}/entries"

PAGES = (
    Page("GET", _ENTRIES, entries, Permission.READ),
    Page("GET", f"{_ENTRIES}/{{entry}}", entry, Permission.READ),
    *(Page("POST", f"{_ENTRIES}/{{entry}}/{name}", _acting(act), Permission.ENTRIES) for name, act in ACTS.items()),
)
