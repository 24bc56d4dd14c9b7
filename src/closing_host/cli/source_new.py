"""`closing source new`: the beginning of a data source, green from its first minute."""

from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from closing_host.api.errors import DataError
from closing_host.cli import output
from closing_host.cli.session import session
from closing_host.cli.source_new_rendering import NAME, Kind, Naming, rendered

LONGEST_TITLE: Final = 60


def new(
    name: str,
    /,
    *,
    kind: Annotated[Kind, Parameter(help="What it reads: files, an API with a key, an API with OAuth 2.")],
    title: Annotated[str, Parameter(help="What people call it; by default made from the name.")] = "",
    into: Annotated[Path, Parameter(help="The folder in which its own folder is made.")] = Path(),
) -> None:
    """Begin a data source: a distribution with entry point, hooks, conformance test, fake server, README and CI.

    Nothing that exists is touched: when there is such a folder already, nothing is written.

    Parameters
    ----------
    name
        Its id: small letters, digits and hyphens, such as cash-book.
    """
    from closing_host.sources.registry import discover

    if NAME.fullmatch(name) is None:
        raise DataError("source-new-name-wrong", name=name)
    if name in discover(safe_mode=session().safe_mode).sources:
        raise DataError("source-new-name-taken", name=name)
    title = title or name.replace("-", " ").capitalize()
    if not _is_plain(title):
        raise DataError("source-new-title-wrong", title=title, longest=LONGEST_TITLE)
    naming = Naming(name, title)
    folder = into / naming.folder
    if folder.exists() or folder.is_symlink():
        raise DataError("source-new-folder-exists", folder=folder)
    made = rendered(kind, naming)
    for path, text in made.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    words = session().words

    def human() -> None:
        output.line(words.text("{folder} holds your data source. Next:", folder=folder))
        output.line(f"  cd {folder} && pip install -e '.[test]' && pytest")

    output.result({"folder": str(folder), "files": sorted(made)}, human)


def _is_plain(title: str) -> bool:
    """Whether it can stand as it is in Python, TOML and Markdown."""
    return 0 < len(title) <= LONGEST_TITLE and all(each.isalnum() or each in " .,&+-/" for each in title)
