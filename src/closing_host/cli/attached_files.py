"""`closing attachments attach|files|save|detach`: files behind accounts and own attachments."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.own_attachment_output import file_data, show_files
from closing_host.cli.session import session


def attach(
    books: str,
    account: str,
    /,
    *file: Path,
    attachment: Annotated[int | None, Parameter(help="The own attachment that the files belong to.")] = None,
) -> None:
    """Attach files to an account: PDF, PNG, JPEG, XLSX, DOCX, CSV, TXT, XML or SIE, at most 25 MB each.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    account
        An account of class 1 or 2.
    file
        The files.
    """
    from closing_host.engagements.attached_files import attach_file, read_upload

    with house() as host:
        kept = [attach_file(host, books, account, each.name, read_upload(each), attachment=attachment) for each in file]
    output.result([file_data(each) for each in kept], lambda: show_files(kept))


def files(
    books: str,
    account: str | None = None,
    /,
    *,
    removed: Annotated[bool, Parameter(negative="", help="List removed files too.")] = False,
) -> None:
    """List attached files.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    account
        One account; by default all.
    """
    from closing_host.engagements.attached_files import attached_files

    with house() as host:
        found = attached_files(host, books, account, removed=removed)
    output.result([file_data(each) for each in found], lambda: show_files(found))


def save(
    books: str,
    number: int,
    /,
    *,
    to: Annotated[Path, Parameter(help="A folder or a file; by default this folder.")] = Path(),
    force: Annotated[bool, Parameter(negative="", help="Overwrite a file that is there.")] = False,
) -> None:
    """Save an attached file, byte by byte as it was attached; also one that was removed.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    number
        The file's number.
    """
    from shutil import copyfileobj

    from closing_host.documents.target import opened
    from closing_host.engagements.attached_files import name_to_save, open_file

    with house() as host:
        record, stored = open_file(host, books, number)
        with stored:
            target = to / name_to_save(record) if to.is_dir() else to
            if target.exists() and not force:
                raise DataError("document-exists", file=str(target))
            try:
                with opened(target) as file:
                    copyfileobj(stored, file)
            except OSError as error:
                raise DataError("document-not-written", file=str(target), detail=error.strerror or "") from error
    output.result({**file_data(record), "saved": target}, lambda: output.line(str(target)))


def detach(books: str, number: int, /) -> None:
    """Take an attached file away. It is kept, and can still be listed and saved.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    number
        The file's number.
    """
    from closing_host.engagements.attached_files import remove_file

    with house() as host:
        record = remove_file(host, books, number)
    said = session().words.text("Attached file {number} is removed. It is kept.", number=number)
    output.result(file_data(record), lambda: output.line(said))
