"""`closing export file` and `closing export mark`: closing entries by hand, into any bookkeeping program."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.entry_input import parse_labels
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.entries import ClosingEntry
    from closing_host.engagements.export_files import ExportFile


def file(
    books: str,
    /,
    *,
    kind: Annotated[Literal["si", "sie4"], Parameter(help="The entries alone, or the whole books with them.")] = "si",
    to: Annotated[Path | None, Parameter(help="File or folder; by default this folder.")] = None,
    entries: Annotated[str | None, Parameter(help="Only these, such as V1,S1; by default all not transferred.")] = None,
) -> None:
    """Write closing entries to a file that the bookkeeping program can read. Marks nothing.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.export_files import write_export_file

    target = to or Path()
    labels = None if entries is None else parse_labels(entries)
    written: list[Path] = []

    def keep(name: str, content: bytes) -> None:
        from closing_host.sie.atomic import replacing

        path = target / name if target.is_dir() else target
        if path.exists():
            raise DataError("target-exists", file=str(path))
        with replacing(path) as place:
            place.write(content)
        written.append(path)

    with house() as host:
        made = asyncio.run(write_export_file(host, books, kind, keep, labels=labels))
    output.result(_data(made, written[0]), lambda: _show(made, written[0], books))


def mark(books: str, /) -> None:
    """Mark the entries of the last file as transferred, once the program has read it (Markera som överförd).

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.export_files import mark_as_transferred

    words = session().words
    with house() as host:
        marked = mark_as_transferred(host, books)
    data = {"file": {"sha256": marked.file.sha256, "written_at": marked.file.at}, "entries": _labels(marked.entries)}
    said = words.text(
        "Marked as transferred by the file of {at}: {entries}.",
        at=words.instant(marked.file.at),
        entries=", ".join(_labels(marked.entries)),
    )
    output.result(data, lambda: output.line(said))


def _show(made: "ExportFile", path: Path, books: str) -> None:
    from closing_host.cli.findings import show_findings

    words = session().words
    output.line(
        words.plural(
            "{file}: {count} closing entry, {size} bytes.",
            "{file}: {count} closing entries, {size} bytes.",
            len(made.entries),
            file=path,
            size=made.size,
        )
    )
    show_findings(made.findings, len(made.findings))
    if made.left_out:
        said = words.text(
            "Left out, because nobody knows yet whether they were booked: {entries}. "
            "Settle that with: closing export resume",
            entries=", ".join(_labels(made.left_out)),
        )
        output.line(said, style="yellow")
    if made.to_mark:
        said = words.text(
            "Nothing is marked as transferred. When the program has read the file: closing export mark {books}",
            books=books,
        )
        output.line(said)


def _data(made: "ExportFile", path: Path) -> dict[str, object]:
    from closing_host.cli.findings import finding_data

    return {
        "file": path,
        "kind": made.kind,
        "size": made.size,
        "entries": _labels(made.entries),
        "to_mark": _labels(made.to_mark),
        "left_out": _labels(made.left_out),
        "findings": [finding_data(each) for each in made.findings],
    }


def _labels(entries: "Iterable[ClosingEntry]") -> list[str]:
    return [each.label for each in entries]
