"""`closing report`: what a period says, as files to keep or to go on with."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

Form = Literal["pdf", "xlsx", "csv"]


def report(
    kind: Literal["reconciliation", "schedules", "results", "analysis", "entries"],
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A month such as 2025-03, or year-end; by default the current period.")] = "",
    form: Annotated[Form, Parameter(name="--format", help="csv: reconciliation and results.")] = "pdf",
    to: Annotated[
        Path, Parameter(name=["--output", "--to"], help="A folder, or a file when it is one document.")
    ] = Path(),
    force: Annotated[bool, Parameter(negative="", help="Overwrite files that are there.")] = False,
) -> None:
    """Write a report of a period. One that is locked is told as it was when it was locked.

    Parameters
    ----------
    kind
        reconciliation, schedules (main schedules by account group), results, analysis or entries.
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.attachment_documents import write_documents
    from closing_host.engagements.period_documents import period_documents
    from closing_host.engagements.period_material import read_material

    with house() as host:
        documents = period_documents(host, session().words, read_material(host, books, period), kind, form)
        written = write_documents(documents, form, to, force=force)

    def human() -> None:
        for path in written:
            output.line(str(path))

    output.result([{"file": path, "report": kind, "form": form} for path in written], human)
