"""How results, progress and errors look: rich tables for people, JSON for programs (`--json`).

Results go to standard output, everything else to standard error. In JSON, money is text with a point and two
decimals (`"1234.50"`), dates are ISO, keys are English whatever the language.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from closing_host.api.errors import ClosingError, SettingsError
from closing_host.api.money import ore_text
from closing_host.cli.next_commands import NEXT
from closing_host.cli.session import session

if TYPE_CHECKING:
    from rich.console import Console


class Ore(int):
    """An amount in öre, so that output knows money from counts."""


@cache
def console() -> "Console":
    """Where results go. Wide when not a terminal, so that nothing is cut in a pipe."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 200)


@cache
def messages() -> "Console":
    """Where progress and errors go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def result(data: object, human: Callable[[], None]) -> None:
    """Print `data` as JSON when asked for, else let `human` print it for people."""
    if session().json:
        json.dump(_plain(data), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        human()


def line(text: str = "", *, style: str | None = None) -> None:
    """One line of text; never interpreted as markup, since it may hold what a file says."""
    console().print(text, style=style, markup=False)


def fields(pairs: Mapping[str, object]) -> None:
    """Labels and values under each other."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for label, value in pairs.items():
        table.add_row(_text(label, "bold"), _text(cell(value)))
    console().print(table)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers and amounts are right-aligned."""
    from rich import box
    from rich.table import Table

    shown = [list(row) for row in rows]
    built = Table(title=_text(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int) for row in shown)
        built.add_column(_text(column), justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for row in shown:
        built.add_row(*(_text(cell(value)) for value in row))
    console().print(built)


def cell(value: object) -> str:
    """A value in local form."""
    words = session().words
    if value is None:
        return ""
    if isinstance(value, Ore):
        return words.amount(value)
    if isinstance(value, datetime):
        return words.instant(value)
    if isinstance(value, date):
        return words.date(value)
    return str(value)


@contextmanager
def progress(description: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on standard error that appears after a second; yields `report(stage, done, total)`."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=messages(), transient=True, disable=session().json or not messages().is_terminal
    ) as bar:
        task = bar.add_task(description, total=None, visible=False)

        def report(stage: str, done: int, total: int | None) -> None:
            late = (bar.tasks[task].elapsed or 0) > APPEARS_AFTER_SECONDS
            bar.update(task, description=f"{description} {stage}", completed=done, total=total, visible=late)

        yield report


APPEARS_AFTER_SECONDS: Final = 1.0


def error(problem_: ClosingError) -> None:
    """An error in one paragraph, with the run in which it happened."""
    run = problem_.run
    if session().json:
        said: dict[str, object] = {"error": problem_.code, "message": session().words.error(problem_)}
        said |= {"parameters": dict(problem_.parameters)} | ({"run": run} if run else {})
        said |= {"next": NEXT[problem_.code]} if problem_.code in NEXT else {}
        json.dump(_plain(said), sys.stderr, ensure_ascii=False)
        sys.stderr.write("\n")
        return
    words = session().words
    hints = [words.text("Command: {command}.", command=NEXT[problem_.code])] if problem_.code in NEXT else []
    hints += [words.text("Run {run}.", run=run)] if run else []
    problem(words.error(problem_), hint=" ".join(hints))
    if isinstance(problem_, SettingsError):
        for name, code in problem_.fields.items():
            problem(f"  {name}: {words.message(code, {})}")


def problem(text: str, *, hint: str = "") -> None:
    """A paragraph on standard error."""
    messages().print(" ".join(part for part in (text, hint) if part), style="red", markup=False)


def fault(trace: str) -> None:
    """A fault of our own: the trace, and what to do with it."""
    messages().print(trace, markup=False, style="dim")
    problem(
        session().words.text(
            "Something failed that should not. Nothing was changed after the last finished step. "
            "Please report the text above together with what you did."
        )
    )


def _text(value: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(value, style=style)


def _plain(value: object) -> object:
    """What JSON can hold: money as text with two decimals, dates as ISO, anything unknown as its text."""
    if isinstance(value, Ore):
        return ore_text(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Iterable):
        return [_plain(each) for each in value]
    return str(value)
