"""A small SIE tokeniser of the simulator's own, for loading companies; the product's reader is never used here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Record", "decode", "pairs", "records"]

Field = str | tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """One line: label in upper case without ``#``, and its fields; an object list is a tuple of texts."""

    line: int
    label: str
    fields: tuple[Field, ...]

    def text(self, position: int) -> str:
        """The text at ``position``, empty if the field is absent or a list."""
        value = self.fields[position] if position < len(self.fields) else ""
        return value if isinstance(value, str) else ""

    def objects(self, position: int) -> tuple[str, ...]:
        """The object list at ``position``, empty if there is none."""
        value = self.fields[position] if position < len(self.fields) else ()
        return value if isinstance(value, tuple) else ()


def decode(data: bytes) -> str:
    """Text of a SIE file: UTF-8 where it is, Windows-1252 where its Swedish letters prevail, else CP437."""
    if data.startswith(codecs.BOM_UTF8):
        return data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        windows = sum(data.count(letter.encode("cp1252")) for letter in "åäöÅÄÖéü")
        dos = sum(data.count(letter.encode("cp437")) for letter in "åäöÅÄÖéü")
        return data.decode("cp1252" if windows > dos else "cp437", errors="replace")


def records(text: str) -> Iterator[Record]:
    """Every line that is not blank; ``{`` and ``}`` alone are records with that label."""
    for number, line in enumerate(text.split("\n"), 1):
        content = line.strip(" \t\r\x1a")
        if content in {"{", "}"}:
            yield Record(number, content, ())
        elif content.startswith("#"):
            label, *rest = _fields(content)
            if isinstance(label, str):
                yield Record(number, label[1:].upper(), tuple(rest))


def pairs(objects: tuple[str, ...]) -> list[tuple[str, str]]:
    """The list as (dimension, object) pairs; an odd last member is left out."""
    return list(zip(objects[::2], objects[1::2], strict=False))


_TOKEN = re.compile(r'"((?:\\"|[^"])*)"?|\{((?:"(?:\\"|[^"])*"|[^"}])*)\}?|([^ \t{"]+)')
"""A quoted text (an open quote runs to the end of the line), an object list, or a bare text."""


def _fields(content: str) -> Iterator[Field]:
    for quoted, objects, bare in ((m[1], m[2], m[3]) for m in _TOKEN.finditer(content)):
        if objects is not None:
            yield tuple(part for part in _fields(objects) if isinstance(part, str))
        else:
            yield bare if quoted is None else quoted.replace('\\"', '"')
