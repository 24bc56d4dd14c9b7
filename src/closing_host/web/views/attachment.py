"""One attachment for receivables or payables, its notes, its control accounts, its versions, and it as a file."""

from datetime import date
from typing import Any, Final, Literal, cast

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.subledger import Side
from closing_host.closing.attachment import Attachment
from closing_host.documents.attachment_items import Order, note, others_noted
from closing_host.engagements.attachment_documents import Form
from closing_host.engagements.attachments import OpenedAttachment, newest_made
from closing_host.web import attachment_words, charts
from closing_host.web.call import Call
from closing_host.web.download import composed
from closing_host.web.item_lines import item_page
from closing_host.web.routes import Page, Permission
from closing_host.web.views.attachments import ADDRESS, in_year
from closing_host.web.voucher_links import voucher_links, vouchers_of

SIDES: Final = ("receivables", "payables")
FORMS: Final = ("pdf", "xlsx", "csv")
NOTE_LIMIT: Final = 32 * 1024


def show(call: Call) -> Response:
    """The attachment's page."""
    shown = in_year(call)
    each = _opened(call, shown)
    made, year = each.made, shown["year"]
    items = item_page(made, _order(call), number(call.query("page")) or 1)
    on_page = [row for group in items.groups for row in group.rows]
    history = shown["desk"].history()
    versions = [one for one in history.versions if one.side == made.side]
    newest = newest_made([one for one in versions if one.snapshot_id == history.snapshot.id])
    return call.page(
        "attachment.html",
        each=each,
        made=made,
        items=items,
        system_notes={row["document"]: note(call.words, row, {}) for row in on_page},
        other_notes=others_noted(made, each.notes),
        links=voucher_links(call.desk, vouchers_of(made, on_page, year.year_start)),
        behind=_behind(made),
        ageing=charts.bars([int(amount) for amount in made.ageing["amount"]]),
        balances=_balances(made),
        versions=versions,
        # What the form of entries proposes is the newest version's, as at its own day.
        as_made=each.record in newest and made.as_at == each.record.as_at,
        attachment_words=attachment_words,
        kept=_kept(call),
        **shown,
    )


def edit_note(call: Call) -> Response:
    """The form for the note on one invoice; in its place in the list when htmx asks."""
    return _note_page(call, editing=True)


def show_note(call: Call) -> Response:
    """The note as it stands, for who thinks better of changing it."""
    return _note_page(call, editing=False)


def write_note(call: Call) -> Response:
    """Keep the note."""
    shown = in_year(call)
    side, text = _side(call), call.field("text").replace("\r\n", "\n")
    said: dict[str, Any] = {"side": side, "document": call.field("document"), "note": text.strip()}
    template = "_note.html" if call.is_partial else "note.html"
    try:
        shown["desk"].write_note(side, said["document"], text)
    except DataError as error:
        return call.page(template, 422, editing=True, noted=False, problem=error, **said, **shown)
    if not call.is_partial:
        return call.go(f"{shown['base']}/{side}{shown['in_year']}#items")
    return call.page(template, editing=False, noted=True, problem=None, **said, **shown)


def choose_accounts(call: Call) -> Response:
    """Reconcile with other control accounts; none goes back to the source's own."""
    shown, side = in_year(call), _side(call)
    shown["desk"].choose_accounts(side, call.field("accounts").replace("+", " ").replace(",", " ").split())
    return call.go(f"{shown['base']}/{side}{shown['in_year']}")


def changes(call: Call) -> Response:
    """What changed from one version to another."""
    shown, side = in_year(call), _side(call)
    before, after = number(call.query("before")), number(call.query("after"))
    found = shown["desk"].changes(side, before, after)
    if found is None:
        raise DataError("attachment-side-missing", version=after or before or "")
    made = [one.version for one in shown["desk"].history().versions if one.side == side and one.error is None]
    return call.page(
        "attachment_changes.html", side=side, changes=found, made=made, attachment_words=attachment_words, **shown
    )


def download(call: Call) -> Response:
    """The attachment, or with `all` every attachment of the year, as PDF, XLSX or CSV."""
    which, form = call.path("which"), call.path("form")
    if form not in FORMS:
        raise ClosingError("attachment-kind-unknown")
    shown = in_year(call)
    documents = shown["desk"].documents(
        cast("Form", form), call.words, None if which == "all" else which, *_when(call), _order(call)
    )
    return composed(documents, cast("Form", form), f"bilagor-{shown['year'].year_end}")


def number(text: str) -> int | None:
    """A number in an address, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def stated_day(text: str) -> date | None:
    """A day that a form states, None for an empty one. Raises `DataError` `day-unreadable`."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise DataError("day-unreadable", text=text[:40]) from error


def _note_page(call: Call, *, editing: bool) -> Response:
    shown = in_year(call)
    each, document = _opened(call, shown), call.query("document")
    stored: dict[str, Any] = {"side": each.made.side, "document": document, "note": each.notes.get(document, "")}
    template = "_note.html" if call.is_partial else "note.html"
    return call.page(template, editing=editing, noted=not editing, problem=None, **stored, **shown)


def _opened(call: Call, shown: dict[str, Any]) -> OpenedAttachment:
    as_at, version = _when(call)
    found: OpenedAttachment | None = shown["desk"].opened(_side(call), as_at, version)
    if found is None:
        raise DataError("attachment-side-missing", version=version or "")
    return found


def _side(call: Call) -> Side:
    side = call.path("side")
    if side not in SIDES:
        raise ClosingError("attachment-kind-unknown")
    return cast("Side", side)


def _when(call: Call) -> tuple[date | None, int | None]:
    return stated_day(call.query("as_at")), number(call.query("version"))


def _order(call: Call) -> Order:
    return "age" if call.query("by") == "age" else "party"


def _kept(call: Call) -> str:
    """What the address chooses, for links that keep it."""
    as_at, version = _when(call)
    chosen = {"as_at": as_at, "version": version, "by": "age" if _order(call) == "age" else None}
    return "".join(f"&{name}={value}" for name, value in chosen.items() if value is not None)


def _behind(made: Attachment) -> dict[str, list[dict[str, Any]]]:
    """The rows behind each class of the explanation that has any."""
    behind: dict[str, list[dict[str, Any]]] = {}
    for row in made.explanation.rows.iter_rows(named=True):
        behind.setdefault(row["class"], []).append(row)
    return behind


def _balances(made: Attachment) -> dict[str, Any] | None:
    """The two balances over the year, drawn and by month; None when the source states open items only."""
    if made.series.is_empty():
        return None
    sign: Literal[1, -1] = 1 if made.side == "receivables" else -1
    series = made.series.select("date", "ledger", "open", "difference").rows()
    days = [row[0] for row in series]
    marked = made.parting.day if made.parting is not None else None
    drawn = charts.lines(days, [[row[1] for row in series], [sign * row[2] for row in series]], marked=marked)
    ends = [place for place, day in enumerate(days) if place + 1 == len(days) or days[place + 1].month != day.month]
    months = [(series[place][0], series[place][1], sign * series[place][2], series[place][3]) for place in ends]
    return {"drawn": drawn, "months": months}


_ONE: Final = f"{ADDRESS}/{{side}}"

PAGES = (
    Page("GET", f"{ADDRESS}/files/{{which}}.{{form}}", download, Permission.READ),
    Page("GET", f"{_ONE}/changes", changes, Permission.READ),
    Page("GET", f"{_ONE}/note", edit_note, Permission.READ),
    Page("GET", f"{_ONE}/noted", show_note, Permission.READ),
    Page("POST", f"{_ONE}/note", write_note, Permission.ATTACH, body_limit=NOTE_LIMIT),
    Page("POST", f"{_ONE}/accounts", choose_accounts, Permission.ATTACH),
    Page("GET", _ONE, show, Permission.READ),
)
