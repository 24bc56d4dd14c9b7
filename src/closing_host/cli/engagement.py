"""`closing engagement`: clients (uppdrag)."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from closing_host.cli import output
from closing_host.cli.new_year import new_year, openings
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.register import Overview

app = App(name="engagement", help="Clients (uppdrag): new, list, show, new-year, openings.")
for command in (new_year, openings):
    app.command(command)


@app.command
def new(
    name: str,
    /,
    *,
    organisation_number: Annotated[str, Parameter(name=["--organisation-number", "-o"])] = "",
    source: str = "sie4",
    form: str = "",
) -> None:
    """Open an engagement for a client company.

    Parameters
    ----------
    name
        The client's name.
    organisation_number
        Ten digits. Files are matched to the engagement by it; without it, give the engagement at each import.
    source
        The data source's id; see closing source list.
    form
        Company form, such as AB, EF or HB.
    """
    from closing_host.engagements.register import new_engagement, overview

    with house() as host:
        made = new_engagement(host, name, organisation_number=organisation_number, source_id=source, form=form)
        data = _data(overview(host, made.id))
    words = session().words
    output.result(data, lambda: output.line(words.text("Engagement {id} is open: {name}.", id=made.id, name=made.name)))


@app.command(name="list")
def list_() -> None:
    """List all engagements."""
    from closing_host.engagements.register import overviews
    from closing_host.ledgers.organisation import display

    with house() as host:
        found = overviews(host)
    words = session().words
    columns = words.texts("No.", "Client", "Organisation number", "Year", "Last import", "Fingerprint")

    def show() -> None:
        if not found:
            output.line(words.text("No engagements yet. Open one: closing engagement new NAME"))
            return
        rows = []
        for each in found:
            year, snapshot = each.years[0] if each.years else (None, None)
            rows.append(
                (
                    each.engagement.id,
                    each.engagement.name,
                    display(each.engagement.organisation_number or ""),
                    f"{year.year_start} – {year.year_end}" if year else "",
                    snapshot.created_at if snapshot else None,
                    snapshot.fingerprint[:12] if snapshot else "",
                )
            )
        output.table("", columns, rows)

    output.result([_data(each) for each in found], show)


@app.command
def show(engagement: str, /) -> None:
    """Show an engagement with its financial years.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.register import find_engagement, overview
    from closing_host.ledgers.organisation import display

    with house() as host:
        found = overview(host, find_engagement(host, engagement).id)
    words = session().words
    columns = words.texts("Financial year", "Last import", "By", "Program", "Vouchers", "Fingerprint")

    def human() -> None:
        output.fields(
            {
                words.text("Client"): found.engagement.name,
                words.text("No."): found.engagement.id,
                words.text("Organisation number"): display(found.engagement.organisation_number or ""),
                words.text("Data source"): found.engagement.source_id,
            }
        )
        rows = [
            (
                f"{year.year_start} – {year.year_end}",
                snapshot.created_at if snapshot else None,
                snapshot.created_by if snapshot else "",
                snapshot.provenance.get("program", "") if snapshot else "",
                snapshot.counts.get("vouchers") if snapshot else None,
                snapshot.fingerprint[:12] if snapshot else "",
            )
            for year, snapshot in found.years
        ]
        output.table("", columns, rows)

    output.result(_data(found), human)


def _data(found: "Overview") -> dict[str, object]:
    return {
        "id": found.engagement.id,
        "name": found.engagement.name,
        "organisation_number": found.engagement.organisation_number,
        "form": found.engagement.form,
        "source": found.engagement.source_id,
        "years": [
            {
                "start": year.year_start,
                "end": year.year_end,
                "snapshot": snapshot.id if snapshot else None,
                "fingerprint": snapshot.fingerprint if snapshot else None,
                "imported_at": snapshot.created_at if snapshot else None,
                "imported_by": snapshot.created_by if snapshot else None,
                "counts": dict(snapshot.counts) if snapshot else {},
            }
            for year, snapshot in found.years
        ],
    }
