"""The demo's second half: a closing entry on its way into the source, and recognised when it comes back."""

import asyncio
import secrets
from datetime import date
from typing import TYPE_CHECKING

from closing_host.cli import output
from closing_host.cli.demo_steps import step
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host
    from closing_host.sources.facade import DataSource


def play_export(host: "Host", source: "DataSource", engagement_id: int, year: str) -> None:
    """Make the entry that the receivables propose, check it, book it in a chosen series, import, recognise it."""
    from closing_host.cli.entry_output import show_list
    from closing_host.cli.export_output import show_batch, show_preflight
    from closing_host.cli.importing import import_from_source
    from closing_host.engagements.entry_year import open_entry_year
    from closing_host.engagements.exporting import dry_run, export

    words, name = session().words, source.info.name
    books = f"{engagement_id}/{year}"
    step(words.text("Make the closing entry that the receivables propose"))
    year_start = _make_entry(host, books, name)

    step(words.text("Check it before it is exported: nothing is written anywhere"))
    checked = asyncio.run(dry_run(host, engagement_id, year_start))
    series = [each.code for each in checked.series if each.usable][-1]
    checked = asyncio.run(dry_run(host, engagement_id, year_start, series=series))
    show_preflight(checked, name)

    step(words.text("Export it to {source}, into series {series}", source=name, series=series))
    with output.progress(name) as report:
        approval = secrets.token_hex(16)
        batch = asyncio.run(
            export(
                host,
                engagement_id,
                year_start,
                series=series,
                accepted_warnings=True,
                approval=approval,
                watch=report,
            )
        )
    show_batch(batch, name)

    step(words.text("Import again: the voucher comes back and is recognised"))
    import_from_source(host, engagement_id, years=(year,))
    after = open_entry_year(host, books)
    show_list(after.own, after, name)


def _make_entry(host: "Host", books: str, name: str) -> date:
    from closing_host.cli.entry_output import show_saved
    from closing_host.closing.entries import EntryContent
    from closing_host.engagements.entries import add_entry
    from closing_host.engagements.entry_proposals import from_attachment
    from closing_host.engagements.entry_year import day_and_period, open_entry_year, read_entry_year

    proposed = from_attachment(host, books, "receivables", 2)
    said = session().words.message(proposed.entry.code, proposed.entry.parameters)
    before = open_entry_year(host, books)
    day, period = day_and_period(before.year.year_end, None, closing=True)
    content = EntryContent(day, said, proposed.rows(), period, proposed.entry.reversed_next)
    saved = add_entry(host, before, content, origin=proposed.origin)
    show_saved(saved, read_entry_year(host, before.engagement, before.year), name)
    return before.year.year_start
