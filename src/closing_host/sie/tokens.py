"""One record's text as fields (SIE 1.3): blanks, quotes, `\\"`, lone backslashes, object lists.

This is the strict reading, character by character where it has to be. The columnar patterns (`patterns.py`) accept
only what reads the same here and gives nothing to say.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from closing_host.sie.findings import SHOWN

LABEL: Final = re.compile(r'[ \t]*#([^ \t{"]*)')

LISTS: Final = frozenset({"TRANS", "RTRANS", "BTRANS", "OIB", "OUB", "PSALDO", "PBUDGET"})
"""Labels whose records hold an object list. In all others a brace is an ordinary character."""

_TO_QUOTE: Final = re.compile(r'(?:[^"\\]|\\"|\\(?!"))*+')
_BARE: Final = re.compile(r"[^ \t]+")
_BARE_BEFORE_LIST: Final = re.compile(r"[^ \t{]+")
_BARE_IN_LIST: Final = re.compile(r'[^ \t}"]+')
_AFTER_QUOTE: Final = frozenset(("", " ", "\t", "{", "}"))


class Field(NamedTuple):
    """A field's value, the column where it starts (1-based, in the line) and whether it stood in quotes."""

    text: str
    column: int
    quoted: bool


class Fault(NamedTuple):
    """Something in a record's form that a finding must name."""

    code: str
    column: int
    text: str


@dataclass(slots=True)
class Record:
    """A label (as written, without `#`) and its fields.

    `objects`: the members of the object list, None when there is none. `split`: how many fields stand before it.
    """

    label: str
    column: int
    fields: list[Field] = field(default_factory=list)
    objects: list[Field] | None = None
    split: int = 0
    faults: list[Fault] = field(default_factory=list)


def parse(text: str, offset: int = 0) -> Record | None:
    """The record that stands in `text`, or None when it does not begin with `#`.

    `offset`: characters of the line that stand before `text`; columns count them.
    """
    match = LABEL.match(text)
    if match is None:
        return None
    record = Record(match[1], offset + match.start(1))
    wants_list = match[1].upper() in LISTS
    position, end = match.end(), len(text)
    while True:
        while position < end and text[position] in " \t":
            position += 1
        if position >= end:
            return record
        if text[position] == '"':
            value, after = _quoted(text, position, offset, record.faults)
            record.fields.append(Field(value, offset + position + 1, True))
        elif wants_list and record.objects is None and text[position] == "{":
            record.split = len(record.fields)
            record.objects, after = _listed(text, position, offset, record.faults)
        else:
            bare = _BARE_BEFORE_LIST if wants_list and record.objects is None else _BARE
            after = bare.match(text, position).end()  # type: ignore[union-attr]  # a character that is no blank
            record.fields.append(Field(_plain(text[position:after]), offset + position + 1, False))
        position = after


def parse_list(inner: str) -> tuple[list[Field], list[Fault]]:
    """The members of an object list, given what stands between its braces. Columns count from its first character."""
    faults: list[Fault] = []
    members, after = _listed(f"{{{inner}}}", 0, -1, faults)
    if after != len(inner) + 2:
        faults.append(Fault("sie-list-wrong", after, inner))
    return members, faults


def _listed(text: str, position: int, offset: int, faults: list[Fault]) -> tuple[list[Field], int]:
    """Members from the `{` at `position`, and where the text goes on behind the `}`."""
    members: list[Field] = []
    start, end = position, len(text)
    position += 1
    while True:
        while position < end and text[position] in " \t":
            position += 1
        if position >= end:
            faults.append(Fault("sie-list-unclosed", offset + start + 1, _excerpt(text, start)))
            return members, end
        if text[position] == "}":
            return members, position + 1
        if text[position] == '"':
            value, after = _quoted(text, position, offset, faults)
        else:
            after = _BARE_IN_LIST.match(text, position).end()  # type: ignore[union-attr]  # neither blank, } nor "
            value = _plain(text[position:after])
        members.append(Field(value, offset + position + 1, text[position] == '"'))
        position = after


def _quoted(text: str, position: int, offset: int, faults: list[Fault]) -> tuple[str, int]:
    """The value that starts with the quote at `position`, and where the text goes on behind it.

    A quote that neither a blank nor a brace follows is taken as part of the text: programs forget to escape them.
    Without any closing quote the text runs to the line's end; a last `\\"` is then a backslash and the closing quote,
    as in `"C:\\data\\"`.
    """
    start = position + 1
    position, inside = start, False
    while True:
        position = _TO_QUOTE.match(text, position).end()  # type: ignore[union-attr]  # it matches the empty text too
        if position >= len(text):
            faults.append(Fault("sie-quote-unclosed", offset + start, _excerpt(text, start - 1)))
            inner = text[start:]
            value = _plain(inner[:-2]) + "\\" if inner.endswith('\\"') else _plain(inner)
            return _without_tabs(value, offset + start, faults), position
        if text[position + 1 : position + 2] in _AFTER_QUOTE:
            return _without_tabs(_plain(text[start:position]), offset + start, faults), position + 1
        if not inside:
            faults.append(Fault("sie-quote-inside", offset + position + 1, _excerpt(text, start - 1)))
        inside = True
        position += 1


def _excerpt(text: str, start: int) -> str:
    """What a finding shows; a whole line for each fault in it could fill the memory."""
    return text[start : start + SHOWN]


def _without_tabs(value: str, column: int, faults: list[Fault]) -> str:
    """A quoted text with blanks for its tabs, which may not stand there (SIE 1.3)."""
    if "\t" not in value:
        return value
    faults.append(Fault("sie-tab-in-text", column, _excerpt(value, 0)))
    return value.replace("\t", " ")


def _plain(written: str) -> str:
    return written.replace('\\"', '"')
