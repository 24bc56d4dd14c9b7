"""#KSUMMA: the CRC-32 that a SIE file may carry of its own records (SIE 1.7).

Counted are labels with their `#` and the contents of fields; not counted are blanks and tabs between fields, quotes
around fields, braces of lists and blocks, line ends and the backslash of an escaped quote. The values counted are
those of code page 437, whatever the file's real bytes are.
"""

import re
import zlib
from typing import Final

from closing_host.sie import codepage

ESCAPED_QUOTE: Final = b'\\"'

_UNCOUNTED: Final = b" \t{}\r\n"
_COUNTED: Final = re.compile(
    rb'"((?:\\"|[^"\r\n])*)(?:"|(?=[\r\n])|\Z)'  # a quoted field; without its closing quote it ends with the line
    rb'|((?:\\"|[^" \t{}\r\n])+)'  # what stands outside quotes
)
_PLACEHOLDER: Final = b"\x00"
_PIECE: Final = 2**16
"""Characters at a time: the parts of a piece then stay in the processor's cache, which triples the speed."""


def checksum(text: str, running: int = 0) -> int:
    """The sum of the records in `text`: unsigned 32 bits, the number that stands in the closing #KSUMMA.

    `text` is everything after the line of the opening #KSUMMA up to the line of the closing one, decoded. It may come
    in pieces that are cut at line ends: give the sum so far as `running`. A character that code page 437 lacks counts
    as one `?`, which is what a program that converts a text to that code page usually leaves; the specification says
    nothing of them. Never raises.
    """
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE) + 1 or len(text)
        data = codepage.encode(text[start:end])
        counted = _by_splitting(data)
        running = zlib.crc32(_by_pattern(data) if counted is None else counted, running)
        start = end
    return running


def _by_splitting(data: bytes) -> bytes | None:
    """The counted bytes, by a handful of passes over the whole; None where a quote is left open in some line."""
    if _PLACEHOLDER in data:
        return None
    pieces = data.replace(ESCAPED_QUOTE, _PLACEHOLDER).split(b'"')
    inside = b"".join(pieces[1::2])
    if len(pieces) % 2 == 0 or b"\n" in inside or b"\r" in inside:
        return None
    # What stands outside quotes holds no quote of its own, so it can be joined by them, cleaned at once and cut again.
    pieces[0::2] = b'"'.join(pieces[0::2]).translate(None, _UNCOUNTED).split(b'"')
    return b"".join(pieces).replace(_PLACEHOLDER, b'"')


def _by_pattern(data: bytes) -> bytes:
    """The counted bytes, field by field: a fifth of the speed, and right for open quotes and NUL bytes too."""
    return b"".join((quoted or bare).replace(ESCAPED_QUOTE, b'"') for quoted, bare in _COUNTED.findall(data))
