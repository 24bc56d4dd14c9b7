"""`closing archive`: a closed period as one file to keep, and the proof that such a file is unchanged."""

from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from closing_host.api.errors import ClosingError, DataError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

app = App(name="archive", help="A closed period as one ZIP file: BOOKS, verify.")

UNCHANGED: Final = 0
CHANGED: Final = 1


@app.default
def archive(
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A locked month such as 2025-03, or year-end.")],
    to: Annotated[Path, Parameter(name=["--output", "--to"], help="A folder, or a .zip file.")] = Path(),
    force: Annotated[bool, Parameter(negative="", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write everything of a locked period into one ZIP file with a manifest of hashes.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.period_archive import archive_path, period_archive
    from closing_host.engagements.period_material import read_material

    words = session().words
    with house() as host:
        made = period_archive(host, words, read_material(host, books, period))
        path = archive_path(to, made)
        if path.exists() and not force:
            raise DataError("document-exists", file=str(path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            seal = made.write(path)
        except OSError as error:
            raise ClosingError("document-not-written", file=str(path), detail=error.strerror or "") from error

    def human() -> None:
        output.line(str(path))
        output.line(words.plural("{count} file, seal {seal}", "{count} files, seal {seal}", len(made.files), seal=seal))
        for each in made.facts["left_out"]:
            output.line(words.text("Left out: {what}. {reason}", what=each["attachment"], reason=each["reason"]))

    data = {"file": path, "seal": seal, "files": [each.name for each in made.files], "left_out": made.facts["left_out"]}
    output.result(data, human)


@app.command
def verify(file: Path, /) -> int:
    """Hold every file of an archive against its manifest. The data folder is not needed.

    Exit code: 0 unchanged, 1 something is not as it was archived.

    Parameters
    ----------
    file
        What `closing archive` wrote.
    """
    from closing_host.documents.sealed_archive import check_archive

    words = session().words
    found = check_archive(file)
    told = {name: words.message(f"archive-file-{fault}", {"file": name}) for name, fault in found.faults.items()}

    def human() -> None:
        facts = found.facts
        period, company = facts.get("period", {}), str(facts.get("company", ""))
        output.line(f"{company} {period.get('key', '') if isinstance(period, dict) else ''}".strip(), style="bold")
        for said in told.values():
            output.line(said, style="red")
        if not told:
            count = len(found.names)
            output.line(words.plural("{count} file is as archived.", "All {count} files are as archived.", count))
        output.line(words.text("Seal {seal}", seal=found.seal))

    faults = [{"file": name, "fault": found.faults[name], "message": said} for name, said in told.items()]
    output.result({"seal": found.seal, "facts": found.facts, "files": found.names, "faults": faults}, human)
    return CHANGED if told else UNCHANGED
