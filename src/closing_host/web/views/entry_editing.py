"""The form of a V: new, changed, from a difference, from what an attachment proposes; its figures while it is typed."""

from dataclasses import dataclass, replace
from typing import Any, Final, get_args
from urllib.parse import quote, urlencode

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.subledger import Side
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Origin, Status, month_of
from closing_host.closing.entry_rules import EntryProblem
from closing_host.closing.periods import period_of, periods_of
from closing_host.locale.amounts import typed_amount
from closing_host.web.call import Call
from closing_host.web.entry_desk import EntryDesk
from closing_host.web.entry_form import FIELDS, TypedEntry, origin_of, read, typed_in, typed_of
from closing_host.web.routes import Page, Permission
from closing_host.web.views.entries import address_of, desk_of, frame, told


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form shows. `entry`: the one that is changed; `version`: the one that the user saw of it.

    `problem`: what concerns all of it, such as that somebody else changed it; `found`: what is wrong, by field and row.
    """

    typed: TypedEntry
    origin: Origin
    entry: ClosingEntry | None = None
    version: int = 0
    problem: ClosingError | None = None
    found: tuple[EntryProblem, ...] = ()
    more: bool = False


def new(call: Call) -> Response:
    """An empty form, or one that a difference (`?account=&reconciled=`) or a proposal (`?side=&number=`) has filled.
    `?sheet=`: the period in whose *Balansavstämning* the difference stands, where saving leads back."""
    desk = desk_of(call)
    problem, status = None, 200
    typed, origin = TypedEntry(), Origin()
    try:
        if call.query("side"):
            typed, origin = _proposed(call, desk)
        elif call.query("account"):
            typed, origin = _difference(call, desk)
    except DataError as error:
        problem, status = error, 422
    return _form(call, desk, Shown(typed, origin, problem=problem), status)


def change(call: Call) -> Response:
    """The form of one that is there."""
    desk = desk_of(call)
    entry = desk.find(call.path("entry"))
    typed = typed_of(entry.content, call.words, desk.year.chart.accounts)
    return _form(call, desk, Shown(typed, entry.origin, entry, entry.version))


def figures(call: Call) -> Response:
    """Debit, credit, what they differ by, and the effect on the balances, of what stands in the form now."""
    desk = desk_of(call)
    stated = call.query("entry")[:20]
    entry = desk.find(stated) if stated else None
    return call.page("_entry_figures.html", **_figures(desk, typed_in(call.form, desk.dimensions), entry))


def add(call: Call) -> Response:
    """Save a new one, ready or as a draft."""
    desk = desk_of(call)
    origin = origin_of(call.field("origin"), call.field("subject"), desk.year.chart)
    return _saved(call, desk, Shown(typed_in(call.form, desk.dimensions), origin))


def save(call: Call) -> Response:
    """Save a changed one, unless somebody else has changed it since the form was opened."""
    desk = desk_of(call)
    entry, stated = desk.find(call.path("entry")), call.field("version")
    version = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
    return _saved(call, desk, Shown(typed_in(call.form, desk.dimensions), entry.origin, entry, version))


def _saved(call: Call, desk: EntryDesk, shown: Shown) -> Response:
    act = call.field("act")
    if act == "more":
        return _form(call, desk, replace(shown, more=True))
    draft = act == "draft"
    now = read(shown.typed, desk.year.chart)
    if wrong := now.standing_in_the_way(draft=draft):
        return _form(call, desk, replace(shown, found=wrong), 422)
    try:
        if shown.entry is None:
            saved = desk.add(now.content, shown.origin, draft=draft)
            return call.go(_back_to_sheet(call, desk, saved.entry) or told(desk, saved))
        kept = shown.entry.status is Status.NOT_FOR_TRANSFER and act == "keep"
        seen = replace(shown.entry, version=shown.version)
        return call.go(told(desk, desk.edit(seen, now.content, draft=None if kept else draft)))
    except ClosingError as error:
        newest = desk_of(call)
        entry = shown.entry and newest.find(shown.entry.label)
        # The next save is of the version that the message tells of: whoever presses again has been told.
        version = entry.version if entry is not None else 0
        again = replace(shown, entry=entry, version=version, problem=error)
        return _form(call, newest, again, 422 if isinstance(error, DataError) else 409)


def _form(call: Call, desk: EntryDesk, shown: Shown, status: int = 200) -> Response:
    chart = desk.year.chart
    by_row: dict[int | None, list[EntryProblem]] = {}
    for each in shown.found:
        by_row.setdefault(each.row, []).append(each)
    invalid = {(FIELDS.get(each.code, ""), each.row) for each in shown.found}
    return call.page(
        "entry_form.html",
        status,
        shown=shown,
        rows=shown.typed.padded(shown.more),
        filled=len(shown.typed.rows),
        accounts=sorted(chart.accounts.items()),
        dimensions=desk.dimensions,
        by_row=by_row,
        invalid=invalid,
        first_invalid=next(((FIELDS.get(each.code, ""), each.row) for each in shown.found), None),
        fields=FIELDS,
        back=address_of(desk, shown.entry) if shown.entry is not None else "",
        sheet=sheet_of(call),
        **_figures(desk, shown.typed, shown.entry),
        **frame(call, desk),
    )


def _figures(desk: EntryDesk, typed: TypedEntry, entry: ClosingEntry | None) -> dict[str, Any]:
    now = read(typed, desk.year.chart, with_rules=False)
    known = tuple(row for row in now.content.rows if row.account in desk.year.chart.accounts)
    effect = desk.trial(replace(now.content, rows=known), entry)
    return {"now": now, "effect": effect, "unread": [each for each in now.found if each.row is not None]}


def sheet_of(call: Call) -> str:
    """The period whose *Balansavstämning* the form was opened from, "" for none."""
    return call.query("sheet")[:20]


def _back_to_sheet(call: Call, desk: EntryDesk, entry: ClosingEntry) -> str:
    """Where the difference was, if the form was opened there; "" if not."""
    if not (period := sheet_of(call)):
        return ""
    stated = urlencode({"year": str(desk.financial_year.year_end), "period": period, "saved": entry.label})
    return f"/engagements/{desk.engagement.id}/reconciliation?{stated}#account-{quote(entry.origin.subject, safe='')}"


def _difference(call: Call, desk: EntryDesk) -> tuple[TypedEntry, Origin]:
    account, stated = _number(call.query("account")), call.query("reconciled")[:40]
    if account not in desk.year.chart.accounts:
        raise DataError("account-unknown", account=account or "–")
    try:
        reconciled = typed_amount(stated)
    except ValueError:
        raise DataError("entry-form-reconciled", amount=stated or "–") from None
    year = desk.financial_year
    day, period = year.year_end, sheet_of(call) or YEAR_END
    if period != YEAR_END:
        day = period_of(periods_of(year.year_start, year.year_end), period).end
    made = desk.from_difference(account, reconciled, _number(call.query("counter")), period=period)
    content = EntryContent(day, made.text, made.rows, period)
    return typed_of(content, call.words, desk.year.chart.accounts), made.origin


def _number(typed: str) -> str:
    """The account of what was typed or chosen, such as `1930 Företagskonto`; "" for none."""
    return next(iter(typed.split(maxsplit=1)), "")[:20]


def _proposed(call: Call, desk: EntryDesk) -> tuple[TypedEntry, Origin]:
    side: Side | None = next((each for each in get_args(Side) if each == call.query("side")), None)
    stated = call.query("number") or "1"
    if side is None or not (stated.isascii() and stated.isdigit()) or len(stated) > 5:
        raise DataError("entry-form-proposal", proposal=f"{call.query('side')} {stated}"[:60])
    made = desk.from_attachment(side, int(stated))
    said = call.words.message(made.entry.code, made.entry.parameters)
    closing = made.as_at == desk.financial_year.year_end
    period = YEAR_END if closing else month_of(made.as_at)
    content = EntryContent(made.as_at, said, made.rows(), period, made.entry.reversed_next)
    return typed_of(content, call.words, desk.year.chart.accounts), made.origin


_ENTRIES: Final = "/engagements/{engagement:int}/entries"

PAGES = (
    Page("GET", f"{_ENTRIES}/new", new, Permission.READ),
    Page("POST", f"{_ENTRIES}/new", add, Permission.ENTRIES),
    Page("POST", f"{_ENTRIES}/figures", figures, Permission.READ),
    Page("GET", f"{_ENTRIES}/{{entry}}/edit", change, Permission.READ),
    Page("POST", f"{_ENTRIES}/{{entry}}/edit", save, Permission.ENTRIES),
)
