"""`closing reconcile`: *Balansavstämning* of a period, what is typed and marked in it, and the sheet as a file."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.reconcile_accounts import done, entry, reopen, review, reviewers, set_
from closing_host.cli.reconcile_output import sheet_data, show_sheet
from closing_host.cli.session import session
from closing_host.cli.sheet_files import write_sheet
from closing_host.engagements.sheet_order import KEYS, WANTED, Only, Sort

app = App(name="reconcile", help="Period reconciliation: BOOKS, set, done, reopen, review, entry, reviewers.")
for name, command in (
    ("set", set_),
    ("done", done),
    ("reopen", reopen),
    ("review", review),
    ("entry", entry),
    ("reviewers", reviewers),
):
    app.command(command, name=name)


@app.default
def reconcile(
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A period as `periods` lists it; by default the current one.")] = "",
    only: Annotated[Only | None, Parameter(help="Accounts with a difference, not done, or changed since.")] = None,
    zero: Annotated[bool, Parameter(negative="", help="Also accounts without balance and rows.")] = False,
    sort: Sort = "account",
    to: Annotated[
        Path | None, Parameter(name="--output", help="Write them to this new CSV or XLSX file instead.")
    ] = None,
) -> None:
    """Show the balance accounts of a period: figures, what they are reconciled to, and where each stands.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    sort
        Amounts largest first; status: what wants work first.
    """
    from closing_host.documents.reconciliation_report import reconciliation_frame
    from closing_host.engagements.reconciling import read_sheet

    with house() as host:
        sheet = read_sheet(host, books, period, unused=zero)
    lines = [each for each in sheet.lines if only is None or WANTED[only](each)]
    lines.sort(key=KEYS[sort])
    words = session().words
    if to is not None:
        frame = reconciliation_frame(words, lines)
        write_sheet(to, {words.text("Balance sheet reconciliation"): frame}, frame)
        output.result({"file": to, "accounts": len(lines)}, lambda: output.line(str(to)))
        return
    output.result(sheet_data(sheet, lines), lambda: show_sheet(sheet, lines))
