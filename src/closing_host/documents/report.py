"""A document for people, as text that is ready to be set: what `pdf` prints, whatever it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

PART_LINES: Final = 2_000
"""Lines of tables in one file: setting more at once costs time and memory out of proportion."""

LineKind = Literal["row", "group", "sum", "note"]
"""`group` heads the rows below it, `note` says more of the row above: one text across the table. `sum` is a total."""


@dataclass(frozen=True, slots=True)
class Column:
    """`share`: its part of the width that the others leave; 0 makes it as wide as what stands in it."""

    title: str
    right: bool = False
    share: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a cell for each column, or one text for `group` and `note`."""

    kind: LineKind
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A section with a table, and a sentence before it. `continued`: it begins in an earlier part.

    `half`: it needs half the page's width only, and stands beside another such one."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    lead: str = ""
    continued: bool = False
    half: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A section of short texts, one below the other."""

    title: str
    texts: tuple[str, ...]


Section = Table | Points


@dataclass(frozen=True, slots=True)
class Report:
    """A document. `facts` are labels and values under the title, `warning` a line that nobody may miss.

    `foot` stands on every page, before `page`; `continued` is the word for a table that began in an earlier part.
    `page` and `part_of` are templates with `{n}` and `{m}`; `part` is the latter filled, "" for a report in one part.
    `made_at` (UTC) is the time in the file's properties. `wide`: on the page's broad side.
    """

    title: str
    owner: str
    language: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    foot: str
    page: str
    part_of: str
    continued: str
    made_at: datetime
    warning: str = ""
    part: str = ""
    wide: bool = True


def parts(report: Report, most: int = PART_LINES) -> list[Report]:
    """`report` in as many reports as keep each at `most` lines; by itself when it has no more.

    A group that goes on in the next part is headed there too.
    """
    contents = list(_filled(report.sections, most))
    if len(contents) == 1:
        return [report]
    count = len(contents)
    return [
        replace(report, sections=tuple(sections), part=report.part_of.format(n=number, m=count))
        for number, sections in enumerate(contents, 1)
    ]


def _filled(sections: Sequence[Section], most: int) -> Iterator[list[Section]]:
    now: list[Section] = []
    left = most
    for section in sections:
        rest: Section = section
        while isinstance(rest, Table) and len(rest.lines) > left:
            if at := _break(rest.lines, left, whole=left == most):
                now.append(replace(rest, lines=rest.lines[:at]))
                rest = replace(rest, lines=(*_heading(rest.lines, at), *rest.lines[at:]), continued=True)
            yield now
            now, left = [], most
        now.append(rest)
        left -= len(rest.lines) if isinstance(rest, Table) else 0
    yield now


def _break(lines: Sequence[Line], left: int, *, whole: bool) -> int:
    """How many of `lines` go first, at most `left`: none breaks a heading, a note or a sum off what it belongs to.

    0: the table begins in the next part. `whole`: it has a part to itself, so something must go first.
    """
    at = left
    while at and (lines[at].kind in ("note", "sum") or lines[at - 1].kind == "group"):
        at -= 1
    return at or (left if whole else 0)


def _heading(lines: Sequence[Line], at: int) -> tuple[Line, ...]:
    """The heading of the group that line `at` belongs to, unless it is one itself."""
    before = [line for line in lines[: at + 1] if line.kind in ("group", "sum")]
    return (before[-1],) if before and before[-1].kind == "group" and lines[at].kind != "group" else ()
