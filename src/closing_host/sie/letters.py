"""From the file's bytes to UTF-8, piece by piece, and what became of the letters on the way."""

import codecs
from functools import cached_property
from typing import NamedTuple

from closing_host.sie import encoding


class Oddity(NamedTuple):
    """Letters that look wrong: a finding's code, how many there are in the piece, and where the first one stands."""

    code: str
    number: int
    line: int  # 0 is the piece's first
    column: int
    text: str


class Letters:
    """Decodes one file. `asked`: the encoding that the user asked for; otherwise the bytes decide.

    The first piece that holds anything but ASCII decides for the whole file; what stands before it reads alike
    in all of them.
    """

    def __init__(self, asked: str | None = None) -> None:
        self._decided = asked
        self._original = ""

    @classmethod
    def already_utf8(cls, original: str) -> "Letters":
        """For a file whose bytes have been turned into UTF-8 as a whole; `original` is what they were."""
        letters = cls(encoding.UTF8)
        letters._original = original
        return letters

    @property
    def encoding(self) -> str:
        """The file's encoding, under Python's name; code page 437 when ASCII was all there was."""
        return self._original or self._used

    @property
    def _used(self) -> str:
        return self._decided or encoding.CP437

    def utf8(self, data: bytes) -> tuple[bytes, list[Oddity]]:
        """The next piece as UTF-8 without byte order mark, and what looks wrong in it."""
        if data.isascii():
            return data, []
        if self._decided is None:
            self._decided = encoding.detect(data)
        kept = self._used in (encoding.UTF8, encoding.UTF8_BOM)
        if kept:
            data = data.removeprefix(codecs.BOM_UTF8)
        odd = _oddities(data, self._used, "sie-letters-garbled", self._garbled)
        text = encoding.decode(data, self._used)
        destroyed = encoding.DESTROYED in text
        if destroyed or not kept:
            data = text.encode("utf-8", "replace")
        if destroyed:
            odd += _oddities(data, encoding.UTF8, "sie-letters-destroyed", (encoding.DESTROYED.encode(),))
        return data, odd

    @cached_property
    def _garbled(self) -> tuple[bytes, ...]:
        """The signs of garbled letters as bytes of this file, as far as its encoding has them."""
        written = (sign.encode(self._used, "ignore") for sign in encoding.GARBLED)
        return tuple(each for each in written if len(each) > 1)


def _oddities(data: bytes, written_in: str, code: str, signs: tuple[bytes, ...]) -> list[Oddity]:
    """One for each of `signs` that stands in `data`."""
    # One byte is looked for ten times as fast as two.
    leads = {sign[:-1] for sign in signs if sign[:1] in data}
    present = {lead for lead in leads if lead in data}
    found = []
    for sign in (sign for sign in signs if sign[:-1] in present and sign in data):
        start = data.find(sign)
        before = encoding.decode(data[:start], written_in)
        line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
        column = len(before) - line_start + 1
        line = (before[line_start:] + encoding.decode(data[start : start + 80], written_in)).splitlines()[0]
        found.append(Oddity(code, data.count(sign), line_ends(before, len(before)), column, line))
    return found


def line_ends(text: str, end: int) -> int:
    """How many lines end in the first `end` characters; LF, CRLF or CR."""
    return text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
