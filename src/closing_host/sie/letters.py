"""From the file's bytes to UTF-8, piece by piece, and what became of the letters on the way."""

import codecs
from functools import cache

from closing_host.sie import encoding
from closing_host.sie.findings import Note
from closing_host.sie.pieces import last_end


class Letters:
    """Finds out the encoding of one file. `asked`: the encoding that the user asked for; otherwise the bytes decide.

    The first piece that holds anything but ASCII decides for the whole file; what stands before it reads alike
    in all of them. A last line without an end decides only when it has to: it may be cut off within a letter.
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

    def decide(self, data: bytes) -> str:
        """The encoding to decode the next piece with."""
        if self._decided is None and not data.isascii():
            whole_lines = data[: last_end(data)]
            self._decided = encoding.detect(data if whole_lines.isascii() else whole_lines)
        return self._used


def utf8(data: bytes, written_in: str) -> tuple[bytes, list[Note]]:
    """A piece as UTF-8 without byte order mark, and what looks wrong with its letters."""
    if data.isascii():
        return data, []
    kept = written_in in (encoding.UTF8, encoding.UTF8_BOM)
    if kept:
        data = data.removeprefix(codecs.BOM_UTF8)
    notes = _notes(data, written_in, "sie-letters-garbled", _garbled(written_in))
    text = encoding.decode(data, written_in)
    destroyed = encoding.DESTROYED in text
    if destroyed or not kept:
        data = text.encode("utf-8", "replace")
    if destroyed:
        notes += _notes(data, encoding.UTF8, "sie-letters-destroyed", (encoding.DESTROYED.encode(),))
    return data, notes


@cache
def _garbled(written_in: str) -> tuple[bytes, ...]:
    """The signs of garbled letters as bytes of an encoding, as far as it has them."""
    written = (sign.encode(written_in, "ignore") for sign in encoding.GARBLED)
    return tuple(each for each in written if len(each) > 1)


def _notes(data: bytes, written_in: str, code: str, signs: tuple[bytes, ...]) -> list[Note]:
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
        found.append(Note(code, 1 + line_ends(before, len(before)), column, line, data.count(sign)))
    return found


def line_ends(text: str, end: int) -> int:
    """How many lines end in the first `end` characters; LF, CRLF or CR."""
    return text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
