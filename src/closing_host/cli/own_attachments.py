"""`closing attachments add|edit|remove|versions`: schedules of the user's own."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.api.money import parse_local
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.own_attachment_output import show_own, show_versions, version_data
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.schedule import Copying, ScheduleRow
    from closing_host.storage.own_attachments import OwnAttachment

Rows = Annotated[
    list[str] | None, Parameter(name="--row", negative="", help="A row, TEXT=AMOUNT; may be given several times.")
]
RowsFrom = Annotated[Path | None, Parameter(help="Rows from a CSV or XLSX file with two columns, text and amount.")]
Title = Annotated[str | None, Parameter(help="What the attachment is called.")]
Comment = Annotated[str | None, Parameter(help="A comment.")]
Copy = Annotated[
    Literal["with-data", "without-data", "none"] | None, Parameter(help="What the next period gets of it.")
]
Standing = Annotated[
    Literal["debit", "credit"] | None,
    Parameter(help="Where positive amounts stand in the ledger; by default credit for class 2, else debit."),
]


def add(
    books: str,
    account: str,
    /,
    *,
    row: Rows = None,
    rows_from: RowsFrom = None,
    title: Title = None,
    comment: Comment = None,
    copy: Copy = None,
    standing: Standing = None,
    as_at: Annotated[date | None, Parameter(help="The day whose balance it reconciles; by default the last.")] = None,
) -> None:
    """Add an attachment of your own to a balance account. Its sum becomes the reconciled amount.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    account
        An account of class 1 or 2.
    """
    from closing_host.engagements.own_attachments import account_attachments, add_own_attachment

    rows = _rows(row, rows_from)
    with house() as host:
        added = add_own_attachment(
            host,
            books,
            account,
            rows or (),
            title=title or "",
            comment=comment or "",
            copying=_copying(copy) or "with_data",
            standing=standing,
            as_at=as_at,
        )
        found = account_attachments(host, books, account)
    output.result(version_data(added), lambda: show_own(found))


def edit(
    books: str,
    number: int,
    /,
    *,
    row: Rows = None,
    rows_from: RowsFrom = None,
    title: Title = None,
    comment: Comment = None,
    copy: Copy = None,
    standing: Standing = None,
    basis: Annotated[int | None, Parameter(help="Refuse when this is not the newest version any more.")] = None,
    restore: Annotated[bool, Parameter(negative="", help="Put it back after it was removed.")] = False,
) -> None:
    """Change an own attachment. Rows that are given take the place of all rows; earlier versions stay.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    number
        The attachment's number.
    """
    from closing_host.engagements.own_attachments import (
        ScheduleChange,
        account_attachments,
        edit_own_attachment,
        restore_own_attachment,
    )

    change = ScheduleChange(_rows(row, rows_from), title, comment, _copying(copy), standing)
    with house() as host:
        if restore:
            restore_own_attachment(host, books, number)
        edited = edit_own_attachment(host, books, number, change, basis=basis)
        found = account_attachments(host, books, edited.schedule.account)
    output.result(version_data(edited), lambda: show_own(found))


def remove(
    books: str,
    number: int,
    /,
    *,
    basis: Annotated[int | None, Parameter(help="Refuse when this is not the newest version any more.")] = None,
) -> None:
    """Remove an own attachment: it reconciles nothing any more. All its versions stay, and it can be put back.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    number
        The attachment's number.
    """
    from closing_host.engagements.own_attachments import remove_own_attachment

    with house() as host:
        removed = remove_own_attachment(host, books, number, basis=basis)
    said = session().words.text("Own attachment {number} is removed. Its versions stay.", number=number)
    output.result(version_data(removed), lambda: output.line(said))


def versions(books: str, number: int, /) -> None:
    """List the versions of an own attachment, newest first: who changed it, when, and to what.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    number
        The attachment's number.
    """
    from closing_host.engagements.own_attachments import own_attachment_history

    with house() as host:
        found: Sequence[OwnAttachment] = own_attachment_history(host, books, number)
    output.result([version_data(each) for each in found], lambda: show_versions(found))


def _rows(stated: Sequence[str] | None, file: Path | None) -> "tuple[ScheduleRow, ...] | None":
    """The rows of the file and then those stated; None when there are neither."""
    if stated is None and file is None:
        return None
    from closing_host.documents.schedule_rows import read_rows

    return (*(read_rows(file) if file else ()), *(_row(each) for each in stated or ()))


def _row(stated: str) -> "ScheduleRow":
    from closing_host.closing.schedule import ScheduleRow

    text, equals, amount = stated.rpartition("=")
    try:
        ore = parse_local(amount)
    except ValueError as error:
        raise DataError("schedule-row-unreadable", row=stated) from error
    if not equals:
        raise DataError("schedule-row-unreadable", row=stated)
    return ScheduleRow(text.strip(), ore)


def _copying(stated: str | None) -> "Copying | None":
    return cast("Copying", stated.replace("-", "_")) if stated else None
