"""`closing attachments pdf|xlsx|csv`: attachments as files."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.attachment_documents import Form

To = Annotated[Path, Parameter(help="A folder, or a file when it is one attachment; by default this folder.")]
AsAt = Annotated[date | None, Parameter(help="As at the end of this day; by default the day it was made for.")]
Which = Annotated[
    int | None, Parameter(name=["--version", "-v"], help="A version; by default the newest of the books.")
]
Force = Annotated[bool, Parameter(negative="", help="Overwrite files that are there.")]


def pdf(
    books: str,
    which: str | None = None,
    /,
    *,
    to: To = Path(),
    by: Annotated[Literal["party", "age"], Parameter(help="How the open items are grouped.")] = "party",
    as_at: AsAt = None,
    version: Which = None,
    force: Force = False,
) -> None:
    """Write attachments as PDF/A, to keep with the closing. More than 2,000 lines become several files.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    which
        receivables, payables or an account; by default all that there is.
    """
    _write("pdf", books, which, to, as_at, version, by, force=force)


def xlsx(
    books: str,
    which: str | None = None,
    /,
    *,
    to: To = Path(),
    as_at: AsAt = None,
    version: Which = None,
    force: Force = False,
) -> None:
    """Write attachments as workbooks: items, ageing, reconciliation, explanation, not booked, notes.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    which
        receivables, payables or an account; by default all that there is.
    """
    _write("xlsx", books, which, to, as_at, version, "party", force=force)


def csv(
    books: str,
    which: str | None = None,
    /,
    *,
    to: To = Path(),
    as_at: AsAt = None,
    version: Which = None,
    force: Force = False,
) -> None:
    """Write the open items, or the rows of an own attachment, as CSV.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    which
        receivables, payables or an account; by default all that there is.
    """
    _write("csv", books, which, to, as_at, version, "party", force=force)


def _write(
    form: "Form",
    books: str,
    which: str | None,
    to: Path,
    as_at: date | None,
    version: int | None,
    order: Literal["party", "age"],
    *,
    force: bool,
) -> None:
    from closing_host.engagements.attachment_documents import attachment_documents, write_documents

    with house() as host:
        documents = attachment_documents(
            host, books, form, session().words, which=which, as_at=as_at, version=version, order=order
        )
    written = write_documents(documents, form, to, force=force)

    def human() -> None:
        for path in written:
            output.line(str(path))

    output.result([{"file": path, "form": form} for path in written], human)
