"""`closing export`: closing entries out of the house, into the source or into a file."""

import asyncio
import secrets
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import App, Parameter

from closing_host.cli import output
from closing_host.cli.entry_input import parse_labels
from closing_host.cli.export_files import file, mark
from closing_host.cli.export_output import batch_data, preflight_data, show_batch, show_preflight
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host
    from closing_host.transfers.exporting.views import BatchView

app = App(name="export", help="Closing entries into the source or a file: BOOKS, status, resume, file, mark.")
app.command(file)
app.command(mark)

BLOCKED: Final = 5
"""Exit code of a dry run in which nothing could go."""

EXIT_CODES: Final = {"COMPLETED": 0, "STOPPED": 11, "NEEDS_HUMAN": 12, "WAITING": 10, "RUNNING": 10, "FROZEN": 10}
"""By how the export stands: 10 it goes on later, 11 it stopped at a failure, 12 a person must decide."""


@app.default
def book(
    books: str,
    /,
    *,
    series: Annotated[str | None, Parameter(help="The voucher series; by default the company's last choice.")] = None,
    series_s: Annotated[str | None, Parameter(help="Another series for S entries.")] = None,
    entries: Annotated[str | None, Parameter(help="Only these, such as V1,S1; by default all not transferred.")] = None,
    dry_run: Annotated[bool, Parameter(negative="", help="Only check; writes nothing anywhere.")] = False,
    accept_warnings: Annotated[bool, Parameter(negative="", help="Export although the checks warn.")] = False,
    wait: Annotated[bool, Parameter(negative="", help="Wait for lost answers instead of ending.")] = False,
) -> int:
    """Book closing entries in the engagement's source, each once in effect.

    Exit code: 0 all booked, 10 it goes on later, 11 it stopped at a failure, 12 you must decide, 5 the checks stop it.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements import exporting
    from closing_host.engagements.books import find_year
    from closing_host.engagements.register import find_engagement
    from closing_host.storage.entries import EntryRecords

    stated, _, year_stated = books.partition("/")
    with house() as host:
        engagement = find_engagement(host, stated)
        year_start = find_year(host, engagement, year_stated or None).year_start
        chosen = None
        if entries is not None:
            with host.store.database.read() as connection:
                records = EntryRecords(connection, engagement.id)
                chosen = [records.by_label(year_start, each).id for each in parse_labels(entries)]
        last = exporting.choices(host, engagement.id, year_start).series
        v = series or last.get("V", "")
        s = series_s or (series or last.get("S"))
        source = host.sources.name_of(engagement.source_id)
        if dry_run:
            checked = asyncio.run(
                exporting.dry_run(host, engagement.id, year_start, entries=chosen, series=v, series_s=s)
            )
            output.result(preflight_data(checked), lambda: show_preflight(checked, source))
            return BLOCKED if checked.state == "blocked" else 0
        approval = secrets.token_hex(16)
        try:
            with output.progress(engagement.name) as report:
                view = asyncio.run(
                    exporting.export(
                        host,
                        engagement.id,
                        year_start,
                        entries=chosen,
                        series=v,
                        series_s=s,
                        accepted_warnings=accept_warnings,
                        approval=approval,
                        watch=report,
                    )
                )
        except exporting.NotApproved as refused:
            if not session().json:
                show_preflight(refused.preflight, source)
            raise
        view = _waited(host, view) if wait else view
        output.result(batch_data(view), lambda: show_batch(view, source))
        return EXIT_CODES[view.state]


@app.command
def status(engagement: str, /) -> None:
    """Show the exports of an engagement, newest first: what is booked, what is not and why, what comes next.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.exporting import status as standing
    from closing_host.engagements.register import find_engagement

    with house() as host:
        client = find_engagement(host, engagement)
        found = standing(host, client.id)
        _show(host, client.id, found)


@app.command
def resume(
    engagement: str,
    /,
    *,
    wait: Annotated[bool, Parameter(negative="", help="Wait for what is due later.")] = False,
) -> int:
    """Go on with what is due: ask about lost answers, send the rest, look a last time for doubles.

    Exit code: that of the export that stands worst, see closing export --help.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.exporting import resume as go_on
    from closing_host.engagements.register import find_engagement

    with house() as host:
        client = find_engagement(host, engagement)
        with output.progress(client.name) as report:
            found = asyncio.run(go_on(host, client.id, watch=report))
        if wait:
            found = tuple(_waited(host, each) for each in found)
        _show(host, client.id, found)
        return max((EXIT_CODES[each.state] for each in found), default=0)


def _show(host: "Host", engagement_id: int, views: "tuple[BatchView, ...]") -> None:
    def human() -> None:
        if not views:
            output.line(session().words.text("Nothing has been exported, and nothing is due."))
        for view in views:
            show_batch(view, host.sources.name_of(view.source_id))

    data: list[dict[str, Any]] = [batch_data(each) for each in views]
    output.result(data, human)


def _waited(host: "Host", view: "BatchView") -> "BatchView":
    """The batch once it is at rest, with every wait on the host's own sleep."""
    from closing_host.engagements.exporting import resume as go_on
    from closing_host.engagements.exporting import status as standing

    async def later(seconds: float) -> None:
        await host.sleep(seconds)
        await go_on(host, view.engagement_id)

    while view.active and (until := view.next_look or view.held_until) is not None:
        left = (until - host.store.clock()).total_seconds()
        asyncio.run(later(max(left, 1.0)))
        view = next(each for each in standing(host, view.engagement_id) if each.id == view.id)
    return view
