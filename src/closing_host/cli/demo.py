"""`closing demo`: the main job, played for real on embedded defaults, leaving the result to look at."""

import asyncio
import os
import tempfile
import threading
from contextlib import ExitStack, suppress
from importlib.metadata import distribution
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.api.demo import DEMO_ENTRY_POINT_GROUP
from closing_host.cli import output
from closing_host.cli.demo_steps import step
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.demo import Demo, DemoStart
    from closing_host.engagements.host import Host

BUNDLED: Final = ("before.se", "after.se")
"""Two exports of one company's year: the second has three new vouchers, a corrected one and a renamed account."""


def demo(
    *,
    files_to: Annotated[Path | None, Parameter(name="--files", help="Only copy the demo's SIE files here.")] = None,
) -> None:
    """Play the main job: connect, import, attachments, a closing entry out and back; then files, and undo.

    Ends when everything is played if DEMO_ONCE is set; else keeps the local source open until Ctrl-C.
    """
    if files_to is not None:
        copy_files(files_to)
        return
    from closing_host.engagements.host import Host
    from closing_host.storage.audit import Actor

    words = session().words
    folder = Path(tempfile.mkdtemp(prefix="closing-demo-"))
    with Host.open(folder, Actor(session().actor), safe_mode=session().safe_mode) as host, ExitStack() as open_:
        running = _start(host, open_)
        if running is not None:
            play_source(host, running)
        play_files(host, folder)
        step(words.text("Look around"))
        for command in ("engagement list", "balances 1 --by month", "ledger 1510 1", "history 1", "verify"):
            output.line(f"  closing --data {folder} {command}")
        if running is not None and not os.environ.get("DEMO_ONCE"):
            output.line(f"  closing --data {folder} connect 1")
            output.line(words.text("The local source answers until Ctrl-C. Its login: {notes}", notes=running.notes))
            with suppress(KeyboardInterrupt):
                threading.Event().wait()


def _start(host: "Host", open_: ExitStack) -> "Demo | None":
    """The first installed fake of a loaded source, running; None when there is none."""
    for id, source in sorted(host.sources.sources.items()):
        # Asked of the source's own distribution: another that is broken must not stop the demo.
        for entry_point in distribution(source.distribution).entry_points.select(group=DEMO_ENTRY_POINT_GROUP, name=id):
            with suppress(ImportError):  # the extra that it needs is not installed
                start: DemoStart = entry_point.load()
                return open_.enter_context(start())
    return None


def play_source(host: "Host", running: "Demo") -> None:
    """Set the source up, log in as a person would, import, export a closing entry, compare with the source's file."""
    import secrets

    from closing_host.cli.attachment_output import show_opened
    from closing_host.cli.compare import show_comparison
    from closing_host.cli.connection import Terminal, show_connected
    from closing_host.cli.demo_export import play_export
    from closing_host.cli.importing import import_from_source
    from closing_host.cli.setup import settings_of
    from closing_host.engagements.attachments import open_attachments
    from closing_host.engagements.connecting import callback_of, connect, engagement_to_be, name_after
    from closing_host.engagements.importing import read_live
    from closing_host.ledgers.comparison import compare
    from closing_host.sie import read

    words = session().words
    source = host.sources.source(running.source)
    step(words.text("Set {source} up: once for the installation", source=source.info.name))
    assert source.info.installation is not None
    settings = settings_of(source.info.installation, running.installation)
    asyncio.run(host.connections.check_installation(source.id, settings))
    host.connections.save_installation(source.id, settings, host.actor)
    output.line(words.text("The application's id and secret work."))

    step(words.text("Connect a client: log in, consent, back"))

    async def visit(address: str) -> None:
        await asyncio.to_thread(running.log_in, address)

    client = engagement_to_be(host, source.id)
    callback = callback_of(host, source.id)
    person = Terminal(callback, browser=False, paste=False, trust=True, visit=visit)
    view = asyncio.run(connect(host, client.id, person, callback=callback, session=secrets.token_urlsafe(16)))
    assert view.account is not None
    name_after(host, client.id, view.account)
    show_connected(host, view)

    step(words.text("Import from {source}", source=source.info.name))
    import_from_source(host, client.id, years=(running.year,))

    step(words.text("Receivables and payables as at the closing date, explained"))
    for each in open_attachments(host, f"{client.id}/{running.year}"):
        show_opened(each)

    play_export(host, source, client.id, running.year)

    step(words.text("Compare {source} now with the SIE file of the same company", source=source.info.name))
    file = read(running.file())
    with output.progress(source.info.name) as report:
        live = asyncio.run(read_live(host, client.id, file.year, watch=report))
    show_comparison(compare(file, live.ledger, absent_in_b=source.info.cannot_hold), limit=None)


def copy_files(folder: Path) -> None:
    """Copy the bundled files, so that other commands can be tried on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in BUNDLED:
        with as_file(files("closing_host.cli") / "demo_company" / name) as path:
            copyfile(path, folder / name)
        output.line(str(folder / name))


def play_files(host: "Host", folder: Path) -> None:
    """Import the bundled company, show it, import a later version, show what changed, undo it."""
    import polars as pl

    from closing_host.cli.compare import show_comparison
    from closing_host.cli.findings import show_controls
    from closing_host.cli.importing import show_imported
    from closing_host.engagements.books import open_books
    from closing_host.engagements.importing import Placing, import_file
    from closing_host.engagements.recognising import make_current
    from closing_host.ledgers.balances import trial_balance
    from closing_host.ledgers.comparison import compare

    words = session().words
    copies = [folder / "demo-files" / name for name in BUNDLED]
    copy_files(copies[0].parent)

    step(words.text("Import the year of a company from a SIE4 file"))
    with output.progress(BUNDLED[0]) as report:
        first = asyncio.run(import_file(host, copies[0], Placing(create=True), watch=report))
    show_imported(BUNDLED[0], first)
    client = str(first.engagement.id)
    show_controls(first.controls)

    step(words.text("Trial balance"))
    frame = trial_balance(first.ledger, by="year").filter((pl.col("opening") != 0) | (pl.col("change") != 0))
    names = ("opening", "change", "closing")
    rows = [
        (row["account"], row["name"], *(output.Ore(row[name]) for name in names)) for row in frame.iter_rows(named=True)
    ]
    output.table("", words.texts("Account", "Name", "Opening", "Change", "Closing"), rows)

    step(words.text("Import a later version of the same year"))
    with output.progress(BUNDLED[1]) as report:
        second = asyncio.run(import_file(host, copies[1], Placing(), watch=report))
    show_imported(BUNDLED[1], second)

    step(words.text("What changed since the first import"))
    show_comparison(compare(open_books(host, f"{client}@previous").ledger, second.ledger), limit=None)

    step(words.text("Undo the second import"))
    earlier = first.published.snapshot
    make_current(host, first.engagement.id, earlier.id)
    found = compare(first.ledger, open_books(host, client).ledger)
    output.line(
        words.text(
            "Snapshot {id} is current again; compared with the first import: {count} differences.",
            id=earlier.id,
            count=found.count,
        )
    )
