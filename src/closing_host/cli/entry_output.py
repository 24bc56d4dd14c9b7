"""How closing entries are shown: states in the words of P 7.5.5, rows, effect, history."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session
from closing_host.closing.entries import YEAR_END
from closing_host.closing.recognition import listed_places

if TYPE_CHECKING:
    from closing_host.closing.entries import ClosingEntry
    from closing_host.closing.entry_rules import EntryProblem
    from closing_host.engagements.entries import Saved
    from closing_host.engagements.entry_year import EntryYear
    from closing_host.storage.entry_rows import EntryVersion


def status_words(entry: "ClosingEntry", source: str) -> str:
    """The state, with the reason of one that is not for transfer; `source` is the data source's name."""
    said = session().words.message(f"entry-status-{entry.status}", {"source": source})
    return f"{said}: {entry.reason}" if entry.reason and entry.status == "not-for-transfer" else said


def show_list(entries: Sequence["ClosingEntry"], year: "EntryYear", source: str) -> None:
    """One line for each: what it is, where it stands, where it was booked, what it undoes."""
    words = session().words
    if not entries:
        output.line(words.text("No closing entries in this year. Make one: closing entries add."))
        return
    rows = [
        (
            each.label,
            each.content.date,
            _period(each),
            each.content.text,
            Ore(_debit(each)),
            status_words(each, source),
            _booked(each),
            _links(each, year),
        )
        for each in entries
    ]
    titles = words.texts("No.", "Date", "Period", "Text", "Amount", "Status", "Booked as", "Belongs to")
    output.table("", titles, rows)


def show_entry(
    entry: "ClosingEntry",
    year: "EntryYear",
    source: str,
    history: Sequence["EntryVersion"],
    wanting: Sequence["EntryProblem"],
) -> None:
    """Everything of one entry: rows, state, what to do next, what a draft lacks, and who changed what when."""
    words = session().words
    output.line(f"{entry.label} {entry.content.text}", style="bold")
    parameters = {"source": source}
    pairs: dict[str, object] = {
        words.text("Date"): entry.content.date,
        words.text("Period"): _period(entry),
        words.text("Status"): status_words(entry, source),
        words.text("Next"): words.message(f"entry-next-{entry.status}", parameters),
    }
    if vouchers := listed_places(entry):
        pairs[words.text("Vouchers")] = ", ".join(f"{series} {number}".strip() for series, number in sorted(vouchers))
    elif entry.reason and entry.status in ("failed", "double"):
        pairs[words.text("Reason")] = words.message(entry.reason, {"entry": entry.label, **parameters})
    if entry.transferred is not None:
        place = entry.transferred
        pairs[words.text("Booked as")] = _booked(entry)
        pairs[words.text("Booked")] = f"{words.instant(place.at)} {place.by}"
        if place.changed:
            note = words.text("{source} booked it differently from what was sent.", source=source)
            pairs[words.text("Note")] = note
    if links := _links(entry, year):
        pairs[words.text("Belongs to")] = links
    if entry.content.reversed_next:
        pairs[words.text("Reversal")] = words.text("Reversed in the next period")
    output.fields(pairs)
    _show_rows(entry, year)
    for each in wanting:
        output.line(f"• {words.message(each.code, each.parameters)}")
    changes = [
        (each.entry.version, each.at, each.actor, status_words(each.entry, source), each.entry.content.text)
        for each in history
    ]
    titles = words.texts("Version", "When", "Who", "Status", "Text")
    output.table(words.text("History"), titles, changes)


def show_saved(saved: "Saved", year: "EntryYear", source: str) -> None:
    """What was saved, what it did to the balances, and what the user must know."""
    words = session().words
    entry = saved.entry
    said = words.text(
        "{entry} {text}: {status}.", entry=entry.label, text=entry.content.text, status=status_words(entry, source)
    )
    output.line(said, style="bold")
    if saved.effect:
        rows = [(each.account, each.name, Ore(each.before), Ore(each.change), Ore(each.after)) for each in saved.effect]
        output.table("", words.texts("Account", "Name", "Before", "Change", "After"), rows)
    else:
        output.line(words.text("The balances are as before."))
    if saved.reversal is not None:
        day, label = saved.reversal.content.date, saved.reversal.label
        output.line(words.text("Reversed on {date} by {entry}.", date=words.date(day), entry=label))
    for notice in saved.notices:
        output.line(words.message(notice.code, notice.parameters))


def entry_data(entry: "ClosingEntry", year: "EntryYear", source: str) -> dict[str, Any]:
    """An entry for JSON. `status` is the stable code, `status_text` the words."""
    place = entry.transferred
    return {
        "entry": entry.label,
        "kind": entry.kind,
        "number": entry.number,
        "version": entry.version,
        "date": entry.content.date,
        "period": entry.content.period,
        "text": entry.content.text,
        "rows": [
            {
                "account": row.account,
                "amount": Ore(row.amount),
                "objects": [{"dimension": dimension, "object": code} for dimension, code in row.objects],
                "text": row.text,
            }
            for row in entry.content.rows
        ],
        "reversed_next": entry.content.reversed_next,
        "origin": {"kind": entry.origin.kind, "subject": entry.origin.subject},
        "status": str(entry.status),
        "status_text": status_words(entry, source),
        "reason": entry.reason,
        "counts": entry.counts,
        "marker": entry.marker,
        "booked": None
        if place is None
        else {
            "series": place.series,
            "number": place.number,
            "at": place.at,
            "by": place.by,
            "evidence": place.evidence,
            "changed": place.changed,
        },
        "belongs_to": _links(entry, year),
        "created_at": entry.created_at,
        "created_by": entry.created_by,
    }


def saved_data(saved: "Saved", year: "EntryYear", source: str) -> dict[str, Any]:
    """What was saved, for JSON."""
    words = session().words
    return {
        **entry_data(saved.entry, year, source),
        "reversal": None if saved.reversal is None else entry_data(saved.reversal, year, source),
        "effect": [
            {
                "account": each.account,
                "name": each.name,
                "before": Ore(each.before),
                "change": Ore(each.change),
                "after": Ore(each.after),
            }
            for each in saved.effect
        ],
        "notices": [
            {"code": each.code, "message": words.message(each.code, each.parameters)} for each in saved.notices
        ],
    }


def csv_records(entries: Iterable["ClosingEntry"], year: "EntryYear", source: str) -> list[dict[str, Any]]:
    """One record for each row of each entry; an entry without rows has one."""
    records = []
    for entry in entries:
        about = {
            "entry": entry.label,
            "date": entry.content.date,
            "period": entry.content.period,
            "text": entry.content.text,
            "status": status_words(entry, source),
            "booked_as": _booked(entry),
            "belongs_to": _links(entry, year),
        }
        for row in entry.content.rows or (None,):
            own = {
                "account": row.account if row else "",
                "amount": row.amount if row else None,
                "objects": " ".join(f"{dimension}:{code}" for dimension, code in row.objects) if row else "",
                "row_text": row.text if row else "",
            }
            records.append(about | own)
    return records


def _show_rows(entry: "ClosingEntry", year: "EntryYear") -> None:
    words = session().words
    names = year.chart.accounts if year.books is not None else {}
    rows = [
        (
            row.account,
            names.get(row.account, ""),
            Ore(row.amount) if row.amount > 0 else None,
            Ore(-row.amount) if row.amount < 0 else None,
            " ".join(f"{dimension}:{code}" for dimension, code in row.objects),
            row.text,
        )
        for row in entry.content.rows
    ]
    output.table("", words.texts("Account", "Name", "Debit", "Credit", "Objects", "Text"), rows)


def _period(entry: "ClosingEntry") -> str:
    period = entry.content.period
    return session().words.text("Year end") if period == YEAR_END else period


def _debit(entry: "ClosingEntry") -> int:
    return sum(row.amount for row in entry.content.rows if row.amount > 0)


def _booked(entry: "ClosingEntry") -> str:
    if entry.transferred is None:
        return ""
    place = f"{entry.transferred.series} {entry.transferred.number}".strip()
    return place or session().words.text("by file")


def _links(entry: "ClosingEntry", year: "EntryYear") -> str:
    """What it reverses or corrects, and what reverses and corrects it."""
    from closing_host.engagements.entry_reversals import correction_of, reversal_of

    words = session().words
    links = []
    if entry.origin.kind in ("reversal", "correction"):
        original = next(each for each in year.entries if str(each.id) == entry.origin.subject)
        if entry.origin.kind == "reversal":
            links.append(words.text("reverses {entry}", entry=_named(original, entry)))
        else:
            links.append(words.text("corrects {entry}", entry=_named(original, entry)))
    if (made := reversal_of(entry, year.entries)) is not None:
        links.append(words.text("reversed by {entry}", entry=_named(made, entry)))
    if (made := correction_of(entry, year.entries)) is not None:
        links.append(words.text("corrected by {entry}", entry=_named(made, entry)))
    return ", ".join(links)


def _named(other: "ClosingEntry", entry: "ClosingEntry") -> str:
    """The label, with its year when that is another one."""
    return other.label if other.year_start == entry.year_start else f"{other.label} ({other.year_start})"
