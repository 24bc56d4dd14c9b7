"""`closing entries`: V and S (bokslutsverifikationer) of a year: make, look at, change, undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from closing_host.api.errors import DataError
from closing_host.api.subledger import Side
from closing_host.cli import output
from closing_host.cli.entry_input import parse_row, parse_rows
from closing_host.cli.entry_output import csv_records, entry_data, saved_data, show_entry, show_list, show_saved
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.vouchers import DraftRow
    from closing_host.closing.entries import ClosingEntry, Origin
    from closing_host.engagements.entries import Saved
    from closing_host.engagements.entry_year import EntryYear
    from closing_host.engagements.host import Host

app = App(
    name="entries",
    help="Closing entries: add, list, show, edit, delete, restore, correct, not-for-transfer, again, settle.",
)
app.command("closing_host.cli.entry_choices:again", help="Export an entry again that is missing in the source.")
app.command("closing_host.cli.entry_choices:settle", help="Decide about an entry that the source holds twice.")

Rows = Annotated[
    list[str] | None,
    Parameter(
        name=["--row", "-r"],
        negative="",
        help="ACCOUNT=AMOUNT[@DIMENSION:OBJECT][#TEXT], debit positive; once for each row.",
    ),
]
Day = Annotated[date | None, Parameter(help="The entry's date; its month is the period.")]
YearEnd = Annotated[bool, Parameter(negative="", help="Of the year end, dated the year's last day.")]


@app.command
def add(
    books: str,
    /,
    *,
    text: Annotated[str, Parameter(help="What the entry is.")] = "",
    row: Rows = None,
    date: Day = None,
    year_end: YearEnd = False,
    reverse_next: Annotated[bool, Parameter(negative="", help="Reverse it on the next period's first day.")] = False,
    draft: Annotated[bool, Parameter(negative="", help="Keep it as a draft, whatever it lacks.")] = False,
    from_difference: Annotated[
        str | None, Parameter(help="ACCOUNT=RECONCILED: bring the account to that amount.")
    ] = None,
    from_attachment: Annotated[
        tuple[Side, int] | None, Parameter(help="The attachment's proposed entry, such as receivables 1.")
    ] = None,
    counter: Annotated[str | None, Parameter(help="The counter account for the two above.")] = None,
) -> None:
    """Make a closing entry (V). Without --date it belongs to the year end.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.closing.entries import EntryContent, Origin
    from closing_host.engagements.entries import add_entry
    from closing_host.engagements.entry_year import day_and_period

    if sum(bool(each) for each in (row, from_difference, from_attachment)) > 1:
        raise DataError("entry-origins-several")

    def work(host: "Host", year: "EntryYear") -> "Saved":
        day, period = day_and_period(year.year.year_end, date, closing=year_end)
        rows, said, origin, reverse = parse_rows(row or ()), "", Origin(), reverse_next
        if from_difference is not None:
            rows, said, origin = _difference(year, from_difference, period, counter)
        elif from_attachment is not None:
            rows, said, origin, as_at, reversed_ = _proposed(host, books, *from_attachment, counter, draft=draft)
            reverse = reverse_next or reversed_
            if date is None and not year_end:
                day, period = day_and_period(year.year.year_end, as_at, closing=as_at == year.year.year_end)
        content = EntryContent(day, (text or said).strip(), rows, period, reverse)
        return add_entry(host, year, content, origin=origin, draft=draft)

    _save(books, work)


@app.command(name="list")
def list_(
    books: str,
    /,
    *,
    deleted: Annotated[bool, Parameter(negative="", help="Also those that were deleted.")] = False,
    csv: Annotated[Path | None, Parameter(help="Write them to this new CSV file, a line for each row.")] = None,
) -> None:
    """List the year's closing entries: where each stands and where it was booked.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.entry_year import open_entry_year

    with house() as host:
        year = open_entry_year(host, books, books=False)
        source = host.sources.name_of(year.engagement.source_id)
    shown = [each for each in year.own if deleted or each.status != "deleted"]
    if csv is not None:
        _write_csv(csv, shown, year, source)
        output.result({"file": csv, "entries": len(shown)}, lambda: output.line(str(csv)))
        return
    output.result([entry_data(each, year, source) for each in shown], lambda: show_list(shown, year, source))


@app.command
def show(books: str, entry: str, /) -> None:
    """Show one entry: rows, state, what to do next, what it lacks, history.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.closing.entry_rules import problems
    from closing_host.engagements.entry_year import entry_history, open_entry_year

    with house() as host:
        year = open_entry_year(host, books)
        found = year.find(entry)
        history = entry_history(host, found)
        source = host.sources.name_of(year.engagement.source_id)
    wanting = problems(found.content, year.chart) if found.status == "draft" and year.books is not None else ()
    words = session().words
    data = {
        **entry_data(found, year, source),
        "next": words.message(f"entry-next-{found.status}", {"source": source}),
        "wanting": [{"code": each.code, "message": words.message(each.code, each.parameters)} for each in wanting],
        "history": [
            {"at": each.at, "by": each.actor, "run": each.run_id, **entry_data(each.entry, year, source)}
            for each in history
        ],
    }
    output.result(data, lambda: show_entry(found, year, source, history, wanting))


@app.command
def edit(
    books: str,
    entry: str,
    /,
    *,
    text: Annotated[str | None, Parameter(help="Another text.")] = None,
    row: Rows = None,
    date: Day = None,
    year_end: YearEnd = False,
    reverse_next: Annotated[bool | None, Parameter(help="Reverse it on the next period's first day, or not.")] = None,
    draft: Annotated[bool | None, Parameter(negative="--ready", help="Make it a draft, or ready to be sent.")] = None,
) -> None:
    """Change an entry that was not transferred; what is not stated stays. Rows replace all the rows.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entries import edit_entry
    from closing_host.engagements.entry_year import day_and_period

    def work(host: "Host", year: "EntryYear") -> "Saved":
        found = year.find(entry)
        content = found.content
        if date is not None or year_end:
            day, period = day_and_period(year.year.year_end, date, closing=year_end)
            content = replace(content, date=day, period=period)
        content = replace(
            content,
            text=content.text if text is None else text.strip(),
            rows=content.rows if row is None else parse_rows(row),
            reversed_next=content.reversed_next if reverse_next is None else reverse_next,
        )
        return edit_entry(host, year, found, content, draft=draft)

    _save(books, work)


@app.command
def delete(books: str, entry: str, /) -> None:
    """Delete an entry that was not transferred. Its number stays taken; restore brings it back.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entries import delete_entry

    _save(books, lambda host, year: delete_entry(host, year, year.find(entry)))


@app.command
def restore(books: str, entry: str, /) -> None:
    """Bring a deleted entry back.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entries import restore_entry

    _save(books, lambda host, year: restore_entry(host, year, year.find(entry)))


@app.command
def correct(
    books: str,
    entry: str,
    /,
    *,
    date: Annotated[date | None, Parameter(help="The correction's date; by default the entry's.")] = None,
) -> None:
    """Correct an entry that is booked: a new entry that takes it back.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    """
    from closing_host.engagements.entries import correct_entry

    _save(books, lambda host, year: correct_entry(host, year, year.find(entry), date))


@app.command
def not_for_transfer(books: str, entry: str, /, *, reason: str) -> None:
    """State that a year-end entry is never sent; it goes on counting here.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    entry
        Its number, such as V1.
    reason
        Why.
    """
    from closing_host.engagements.entries import not_for_transfer as let_be

    _save(books, lambda host, year: let_be(host, year, year.find(entry), reason))


def _save(books: str, work: "Callable[[Host, EntryYear], Saved]") -> None:
    """Do the work and show what was saved."""
    from closing_host.engagements.entry_year import open_entry_year, with_entries_now

    with house() as host:
        year = open_entry_year(host, books)
        saved = work(host, year)
        after = with_entries_now(host, year)
        source = host.sources.name_of(year.engagement.source_id)
    output.result(saved_data(saved, after, source), lambda: show_saved(saved, after, source))


def _difference(
    year: "EntryYear", stated: str, period: str, counter: str | None
) -> "tuple[tuple[DraftRow, ...], str, Origin]":
    from closing_host.engagements.entry_proposals import from_difference

    wanted = parse_row(stated)
    made = from_difference(year, wanted.account, wanted.amount, period=period, counter=counter)
    return made.rows, made.text, made.origin


def _proposed(
    host: "Host", books: str, side: Side, number: int, counter: str | None, *, draft: bool
) -> "tuple[tuple[DraftRow, ...], str, Origin, date, bool]":
    from closing_host.engagements.entry_proposals import from_attachment

    made = from_attachment(host, books, side, number)
    if made.needs_account and counter is None and not draft:
        raise DataError(
            "entry-counter-account-missing", account=", ".join(each.account for each in made.rows() if each.account)
        )
    said = session().words.message(made.entry.code, made.entry.parameters)
    return made.rows(counter or ""), said, made.origin, made.as_at, made.entry.reversed_next


def _write_csv(target: Path, entries: "list[ClosingEntry]", year: "EntryYear", source: str) -> None:
    import polars as pl

    from closing_host.documents import write_csv

    if target.exists():
        raise DataError("target-exists", file=str(target))
    names = ("entry", "date", "period", "text", "status", "booked_as", "belongs_to")
    types = dict.fromkeys((*names, "account", "amount", "objects", "row_text"), pl.String)
    schema = types | {"date": pl.Date, "amount": pl.Int64}
    write_csv(pl.DataFrame(csv_records(entries, year, source), schema=schema), target)
