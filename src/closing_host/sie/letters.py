"""From the file's bytes to UTF-8, piece by piece, and what became of the letters on the way."""

import codecs

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

    @property
    def encoding(self) -> str:
        """The encoding used, under Python's name; code page 437 when ASCII was all there was."""
        return self._decided or encoding.CP437

    def utf8(self, data: bytes, first: int) -> bytes:
        """A piece as UTF-8 without byte order mark; `first` is its first line's number."""
        if self._decided is None and not data.isascii():
            self._decided = encoding.detect(data)
        if data.startswith(codecs.BOM_UTF8) and self.encoding in (encoding.UTF8, encoding.UTF8_BOM):
            data = data[len(codecs.BOM_UTF8) :]
        if data.isascii():
            return data
        text = encoding.decode(data, self.encoding)
        if self.encoding not in (encoding.UTF8, encoding.UTF8_BOM) or encoding.DESTROYED in text:
            data = text.encode("utf-8", "replace")
        self._look(data, first, "sie-letters-destroyed", (encoding.DESTROYED,))
        self._look(data, first, "sie-letters-garbled", encoding.GARBLED)
        return data

    def close(self) -> None:
        """The file has ended."""
        if self.encoding != encoding.CP437:
            self._findings.add("sie-encoding-unexpected", None, encoding=self.encoding)

    def _look(self, data: bytes, first: int, code: str, signs: tuple[str, ...]) -> None:
        """Report once how often any of `signs` stands in the file, and where first."""
        leads = {sign.encode()[: len(sign[0].encode())] for sign in signs}
        if not any(lead in data for lead in leads):
            return
        for sign in signs:
            written = sign.encode()
            number = data.count(written)
            if number:
                start = data.find(written)
                line_start = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
                line = data[line_start : start + 80].decode("utf-8", "ignore").split("\n")[0].rstrip("\r")
                column = len(data[line_start:start].decode()) + 1
                self._findings.count(code, (first + _ends(data, start), column, line), number)


def _ends(data: bytes, end: int) -> int:
    """How many lines end before the byte at `end`; LF, CRLF or CR."""
    return data.count(b"\n", 0, end) + data.count(b"\r", 0, end) - data.count(b"\r\n", 0, end)
