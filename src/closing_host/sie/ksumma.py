"""#KSUMMA followed through the pieces of a file (SIE 1.7)."""

import re
from typing import Final

from closing_host.sie.checksum import checksum
from closing_host.sie.findings import Findings
from closing_host.sie.letters import line_ends

# Begins with a plain character, which the engine finds ten times as fast as a line's start.
_RECORD: Final = re.compile(r'#[Kk][Ss][Uu][Mm][Mm][Aa](?:[ \t]+"?([^ \t"\r\n]*)[^\r\n]*)?(?:\r\n|\r|\n|\Z)')


class Ksumma:
    """The checksum of what stands between the two records. `state` is as in `Provenance.checksum`."""

    def __init__(self, findings: Findings) -> None:
        self.state = ""
        self._findings = findings
        self._running: int | None = None
        self._opened_at = 0

    def feed(self, data: bytes, first: int, *, stated: bool) -> None:
        """The next piece, in UTF-8. `first` is its first line's number, `stated` whether a #KSUMMA stands in it."""
        if self._running is None and not stated:
            return
        text = data.decode("utf-8")
        position = 0
        for match in _RECORD.finditer(text) if stated else ():
            before = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
            if text[before : match.start()].strip(" \t{}"):
                continue
            if self._running is not None:
                self._running = checksum(text[position:before], self._running)
            position = match.end()
            self._record(match[1] or "", first + line_ends(text, before))
        if self._running is not None:
            self._running = checksum(text[position:], self._running)

    def close(self) -> None:
        """The file has ended."""
        if self._running is not None:
            self.state = "unclosed"
            self._findings.add("sie-checksum-unclosed", self._opened_at)

    def _record(self, value: str, line: int) -> None:
        if self._running is None and not value:
            self._running, self._opened_at = 0, line
        elif self._running is None:
            self.state = "wrong"
            self._findings.add("sie-checksum-unopened", line, None, value)
        else:
            right = value.isdecimal() and int(value) == self._running
            self.state = "right" if right else "wrong"
            if not right:
                self._findings.add("sie-checksum-wrong", line, None, value, stated=value, counted=self._running)
            self._running = None
