"""From the file's bytes to UTF-8, piece by piece, and what became of the letters on the way."""

import codecs
from functools import cached_property

from closing_host.sie import encoding
from closing_host.sie.findings import Findings


class Letters:
    """Decodes one file. `asked`: the encoding that the user asked for; otherwise the bytes decide.

    The first piece that holds anything but ASCII decides for the whole file; what stands before it reads alike
    in all of them.
    """

    def __init__(self, findings: Findings, asked: str | None = None) -> None:
        self._findings = findings
        self._decided = asked
        self._original = ""

    @classmethod
    def already_utf8(cls, findings: Findings, original: str) -> "Letters":
        """For a file whose bytes have been turned into UTF-8 as a whole; `original` is what they were."""
        letters = cls(findings, encoding.UTF8)
        letters._original = original
        return letters

    @property
    def encoding(self) -> str:
        """The file's encoding, under Python's name; code page 437 when ASCII was all there was."""
        return self._original or self._used

    @property
    def _used(self) -> str:
        return self._decided or encoding.CP437

    def utf8(self, data: bytes, first: int) -> bytes:
        """A piece as UTF-8 without byte order mark; `first` is its first line's number."""
        if self._decided is None and not data.isascii():
            self._decided = encoding.detect(data)
        if data.startswith(codecs.BOM_UTF8) and self._used in (encoding.UTF8, encoding.UTF8_BOM):
            data = data[len(codecs.BOM_UTF8) :]
        if data.isascii():
            return data
        self._look(data, self._used, first, "sie-letters-garbled", self._garbled)
        text = encoding.decode(data, self._used)
        if encoding.DESTROYED in text:
            data = text.encode("utf-8", "replace")
            self._look(data, encoding.UTF8, first, "sie-letters-destroyed", (encoding.DESTROYED.encode(),))
            return data
        return data if self._used in (encoding.UTF8, encoding.UTF8_BOM) else text.encode("utf-8", "replace")

    def close(self) -> None:
        """The file has ended."""
        if self.encoding != encoding.CP437:
            self._findings.add("sie-encoding-unexpected", None, encoding=self.encoding)

    @cached_property
    def _garbled(self) -> tuple[bytes, ...]:
        """The signs of garbled letters as bytes of this file, as far as its encoding has them."""
        written = (sign.encode(self._used, "ignore") for sign in encoding.GARBLED)
        return tuple(each for each in written if len(each) > 1)

    def _look(self, data: bytes, written_in: str, first: int, code: str, signs: tuple[bytes, ...]) -> None:
        """Report once how often any of `signs` stands in the file, and where first."""
        # One byte is looked for ten times as fast as two.
        leads = {sign[:-1] for sign in signs if sign[:1] in data}
        present = {lead for lead in leads if lead in data}
        for sign in (sign for sign in signs if sign[:-1] in present):
            number = data.count(sign)
            if number:
                start = data.find(sign)
                before = encoding.decode(data[:start], written_in)
                line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
                column = len(before) - line_start + 1
                line = (before[line_start:] + encoding.decode(data[start : start + 80], written_in)).splitlines()[0]
                self._findings.count(code, (first + line_ends(before, len(before)), column, line), number)


def line_ends(text: str, end: int) -> int:
    """How many lines end in the first `end` characters; LF, CRLF or CR."""
    return text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
