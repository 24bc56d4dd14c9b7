"""`closing demo`: the main job, played for real on embedded defaults, leaving the result to look at."""

import asyncio
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host

BUNDLED: Final = ("before.se", "after.se")
"""Two exports of one company's year: the second has three new vouchers, a corrected one and a renamed account."""


def demo(
    *,
    files_to: Annotated[Path | None, Parameter(name="--files", help="Only copy the demo's SIE files here.")] = None,
) -> None:
    """Play the main job: import, import checks, trial balance, a later import, what changed, undo."""
    if files_to is not None:
        copy_files(files_to)
        return
    from closing_host.engagements.host import Host
    from closing_host.storage.audit import Actor

    folder = Path(tempfile.mkdtemp(prefix="closing-demo-"))
    with Host.open(folder, Actor(session().actor), safe_mode=session().safe_mode) as host:
        play_files(host, folder)
    words = session().words
    step(words.text("Look around"))
    for command in ("engagement show 1", "balances 1 --by month", "ledger 1510 1", "history 1", "verify"):
        output.line(f"  closing --data {folder} {command}")


def copy_files(folder: Path) -> None:
    """Copy the bundled files, so that other commands can be tried on them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in BUNDLED:
        with as_file(files("closing_host.cli") / "demo_company" / name) as path:
            copyfile(path, folder / name)
        output.line(str(folder / name))


def step(title: str) -> None:
    """A heading between the parts of the demo."""
    output.line()
    output.line(f"── {title}", style="bold cyan")


def play_files(host: "Host", folder: Path) -> None:
    """Import the bundled company, show it, import a later version, show what changed, undo it."""
    import polars as pl

    from closing_host.cli.compare import show_comparison
    from closing_host.cli.findings import show_controls
    from closing_host.cli.importing import show_imported
    from closing_host.engagements.books import open_books
    from closing_host.engagements.importing import Placing, import_file
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
    host.store.snapshots.make_current(first.engagement.id, earlier.id, actor=host.actor)
    found = compare(first.ledger, open_books(host, client).ledger)
    output.line(
        words.text(
            "Snapshot {id} is current again; compared with the first import: {count} differences.",
            id=earlier.id,
            count=found.count,
        )
    )
