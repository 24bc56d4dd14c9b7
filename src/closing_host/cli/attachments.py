"""`closing attachments`: receivables and payables as at the closing date, as stored at each import."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import App, Parameter

from closing_host.api.subledger import Side
from closing_host.cli import output
from closing_host.cli.attachment_explained import show_explanation
from closing_host.cli.attachment_output import (
    attachment_data,
    changes_data,
    opened_data,
    show_attachment,
    show_changes,
    show_opened,
    show_versions,
    version_data,
)
from closing_host.cli.opened import house
from closing_host.cli.own_attachment_output import account_data, show_own, show_own_list
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.attachments import AttachmentHistory

T = TypeVar("T")

app = App(
    name="attachments",
    help="What stands behind balance accounts: receivables and payables, attachments of your own, files.",
)
for _name, _module, _help in (
    ("pdf", "attachment_documents", "Write attachments as PDF/A."),
    ("xlsx", "attachment_documents", "Write attachments as workbooks."),
    ("csv", "attachment_documents", "Write the items or rows as CSV."),
    ("add", "own_attachments", "Add an attachment of your own to a balance account."),
    ("edit", "own_attachments", "Change an own attachment; earlier versions stay."),
    ("remove", "own_attachments", "Remove an own attachment; its versions stay."),
    ("versions", "own_attachments", "List the versions of an own attachment."),
    ("attach", "attached_files", "Attach files to an account."),
    ("files", "attached_files", "List attached files."),
    ("save", "attached_files", "Save an attached file."),
    ("detach", "attached_files", "Take an attached file away; it is kept."),
):
    app.command(f"closing_host.cli.{_module}:{_name}", name=_name, help=_help)

AsAt = Annotated[date | None, Parameter(help="As at the end of this day; by default the day it was made for.")]
Which = Annotated[
    int | None, Parameter(name=["--version", "-v"], help="A version; by default the newest of the books.")
]


@app.command(name="list")
def list_(books: str, /) -> None:
    """List the versions of a year's attachments, newest first, then those of your own, and attached files.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    """
    from closing_host.engagements.attachments import attachment_history
    from closing_host.engagements.own_attachments import account_attachments

    with house() as host:
        history = attachment_history(host, books)
        own = account_attachments(host, books)

    def human() -> None:
        if history.versions:
            show_versions(history.versions)
        if said := _standing(history):
            output.line(said)
        show_own_list(own)

    data = {
        "state": history.state,
        "versions": [version_data(each) for each in history.versions],
        "own": [account_data(each) for each in own],
    }
    output.result(data, human)


@app.command
def show(
    books: str,
    which: str | None = None,
    /,
    *,
    as_at: AsAt = None,
    version: Which = None,
    live: Annotated[bool, Parameter(negative="", help="Ask the source now instead; nothing is stored.")] = False,
) -> None:
    """Show stored attachments: open items, ageing, and the difference to the ledger by class.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    which
        receivables, payables, or an account: then with your own attachments and the files behind it.
    """
    from closing_host.engagements.attachment_documents import select_attachments
    from closing_host.engagements.attachments import open_attachments, read_attachments

    with house() as host:
        if live:
            with output.progress(books) as report:
                read = asyncio.run(read_attachments(host, books, as_at, watch=report))
            output.result([attachment_data(each) for each in read], lambda: _each(show_attachment, read))
            return
        if which is not None:
            found, own = select_attachments(host, books, which, as_at=as_at, version=version)
        else:
            found, own = open_attachments(host, books, as_at=as_at, version=version), ()

    def human() -> None:
        _each(show_opened, found)
        show_own(own)

    output.result([*map(opened_data, found), *map(account_data, own)], human)


@app.command
def explain(books: str, /, *, as_at: AsAt = None, version: Which = None) -> None:
    """Explain the difference: every class with its rows, since when, what stands out, what to book.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    """
    from closing_host.documents.attachment_words import title
    from closing_host.engagements.attachments import open_attachments

    with house() as host:
        found = open_attachments(host, books, as_at=as_at, version=version)

    def human() -> None:
        for each in found:
            output.line(title(session().words, each.made), style="bold")
            show_explanation(each.made)

    output.result([opened_data(each) for each in found], human)


@app.command
def diff(books: str, before: int | None = None, after: int | None = None, /) -> None:
    """Show what changed between two versions; by default the newest and the one before it.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    before
        The earlier version's number.
    after
        The later version's number.
    """
    from closing_host.engagements.attachments import attachment_changes

    with house() as host:
        found = attachment_changes(host, books, before, after)

    output.result([changes_data(each) for each in found], lambda: _each(show_changes, found))


@app.command
def note(books: str, side: Side, document: str, text: str = "", /) -> None:
    """Note something on an invoice; without a text the note is removed. Notes stay through every import.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    side
        receivables or payables.
    document
        The invoice's number as the attachment shows it.
    text
        The note.
    """
    from closing_host.engagements.attachment_choices import write_note

    with house() as host:
        write_note(host, books, side, document, text)
    words = session().words
    said = words.text("Noted on {document}.", document=document) if text.strip() else ""
    said = said or words.text("No note on {document} any more.", document=document)
    output.result({"side": side, "document": document, "note": text.strip()}, lambda: output.line(said))


@app.command
def accounts(books: str, side: Side, /, *chosen: str) -> None:
    """Choose the control accounts to reconcile with; none goes back to the source's own at the next import.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    side
        receivables or payables.
    chosen
        Account numbers, such as 1510 1513.
    """
    from closing_host.engagements.attachment_choices import choose_accounts

    words = session().words
    with house() as host:
        made = asyncio.run(choose_accounts(host, books, side, chosen))

    def human() -> None:
        if made:
            show_versions(made)
        else:
            output.line(words.text("Remembered. The next import follows it."))

    output.result([version_data(each) for each in made], human)


@app.command
def retry(books: str, /) -> None:
    """Make the attachments of the current books again; the books stay as they are.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.attachment_making import retry_attachments

    with house() as host, output.progress(books) as report:
        made = asyncio.run(retry_attachments(host, books, watch=report))
    output.result([version_data(each) for each in made], lambda: show_versions(made))


def _each(show: Callable[[T], None], several: Iterable[T]) -> None:
    for one in several:
        show(one)


def _standing(history: "AttachmentHistory") -> str:
    """What to do when the books have no attachments, "" when they have."""
    words = session().words
    if history.state == "failed":
        return words.text("The newest try failed. Try again: closing attachments retry.")
    if history.state == "missing":
        return words.text("These books have no attachments yet. Make them: closing attachments retry.")
    if history.state == "without":
        return words.text("Connected without sub-ledger: no attachments are made.")
    if history.state == "not-offered":
        return words.text("The engagement's source states no receivables and payables.")
    return ""
