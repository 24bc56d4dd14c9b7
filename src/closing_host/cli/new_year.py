"""`closing engagement new-year` and `openings`: the next financial year, and whether it opens where the last closed."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.openings import Openings
    from closing_host.storage.engagements import EngagementYear

AS_CLOSED = 0
DIFFERENT = 1


def new_year(
    engagement: str,
    /,
    *,
    end: Annotated[date | None, Parameter(help="Its last day; by default twelve months on, at most eighteen.")] = None,
) -> None:
    """Add the financial year that follows the newest one, and say how its books come.

    Connection, control accounts, series and counter accounts are the engagement's and hold for the new year too.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.new_year import add_next_year
    from closing_host.engagements.register import find_engagement
    from closing_host.engagements.wizard import standing

    with house() as host:
        id = find_engagement(host, engagement).id
        made = add_next_year(host, id, end)
        way = standing(host, id).way
    begins = f"{made.year_start}"
    command = f"closing import --engagement {id} " + ("FILE" if way in ("file", None) else f"--year {begins}")
    words = session().words

    def show() -> None:
        output.line(words.text("The financial year {year} is added.", year=_spelt(made)))
        output.line(words.text("Next: {command}", command=command))

    data = {"engagement": id, "start": made.year_start, "end": made.year_end, "next": command}
    output.result(data, show)


def openings(year: str, /) -> int:
    """Compare a year's opening balances with last year's closing balances, closing entries included.

    Exit code: 0 every balance account goes on, 1 some do not.

    Parameters
    ----------
    year
        ENGAGEMENT[/YEAR]: by default the newest year with books.
    """
    from closing_host.engagements.books import find_books
    from closing_host.engagements.effective import open_effective
    from closing_host.engagements.new_year import books_before, opening_differences
    from closing_host.engagements.register import overview

    with house() as host:
        engagement, shown = find_books(host, year)
        client = overview(host, engagement.id)
        of = next(each for each, _ in client.years if each.year_start == shown.year_start)
        before, _ = books_before(client, of)
        books = open_effective(host, f"{engagement.id}/{of.year_start}@{shown.id}")
        found = opening_differences(books, open_effective(host, f"{engagement.id}/{before.year_start}"))
    lines = [
        {title: Ore(value) if isinstance(value, int) else value for title, value in row.items()}
        for row in found.differing.iter_rows(named=True)
    ]
    data = {
        "start": of.year_start,
        "end": of.year_end,
        "differing": lines,
        "total": Ore(found.total),
        "unbooked_result": found.is_unbooked_result,
        "without_entries": found.without_entries,
    }
    output.result(data, lambda: _show(of, before, found))
    return AS_CLOSED if found.differing.is_empty() else DIFFERENT


def _show(of: "EngagementYear", before: "EngagementYear", found: "Openings") -> None:
    words = session().words
    years = {"year": _spelt(of), "before": _spelt(before)}
    if found.differing.is_empty():
        output.line(words.text("{year} opens where {before} closed.", **years))
        return
    output.line(words.text("{year} does not open where {before} closed:", **years))
    titles = words.texts(
        "Account", "Name", "Opening balance", "Closing last year", "Of which closing entries", "Difference"
    )
    rows = [
        (account, name, *(Ore(each) for each in amounts)) for account, name, *amounts in found.differing.iter_rows()
    ]
    output.table("", titles, [*rows, (words.text("Sum"), "", "", "", "", Ore(found.total))])
    if found.is_unbooked_result:
        output.line(words.message("openings-unbooked-result", {}))
    if found.without_entries:
        output.line(words.message("openings-without-entries", {}))


def _spelt(year: "EngagementYear") -> str:
    return f"{year.year_start} – {year.year_end}"
