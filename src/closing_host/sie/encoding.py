"""Which character set a SIE file is in. `#FORMAT PC8` cannot be trusted, the bytes can (SIE 2)."""

import codecs
import re
from typing import Final

from closing_host.api.errors import DataError

UTF8: Final = "utf-8"
UTF8_BOM: Final = "utf-8-sig"
CP437: Final = "cp437"
CP1252: Final = "cp1252"

_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"#\0": "utf-16-le", b"\0#": "utf-16-be"}

_ASCII: Final = bytes(range(0x80))

# The seven letters å ä ö Å Ä Ö é. None of these bytes is a letter of Swedish in the other set.
_LETTERS_CP437: Final = b"\x86\x84\x94\x8f\x8e\x99\x82"
_LETTERS_CP1252: Final = b"\xe5\xe4\xf6\xc5\xc4\xd6\xe9"
_LETTERS_UTF8: Final = re.compile(rb"\xc3[\xa5\xa4\xb6\x85\x84\x96\xa9]")

DESTROYED: Final = "\ufffd"
GARBLED: Final = ("Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "├Ñ", "├ñ", "├╢", "├à", "├ä", "├û")
"""UTF-8 letters that were once read as Windows-1252 or as code page 437, and saved so."""


def detect(data: bytes) -> str:
    """The encoding that the bytes show: BOM; valid UTF-8 with at least one letter outside ASCII; else the larger of
    the counts of Swedish letters in UTF-8, code page 437 and Windows-1252; else code page 437.

    Counting the UTF-8 letters too keeps one damaged byte from turning a whole UTF-8 file into garbled text.
    """
    if data.startswith(codecs.BOM_UTF8):
        return UTF8_BOM
    if data[:2] in _UTF16:
        return _UTF16[data[:2]]
    if data.isascii():
        return CP437
    if _is_utf8(data):
        return UTF8
    high = data.translate(None, _ASCII)
    utf8 = len(_LETTERS_UTF8.findall(high))
    cp437 = len(high) - len(high.translate(None, _LETTERS_CP437))
    cp1252 = len(high) - len(high.translate(None, _LETTERS_CP1252))
    if utf8 and utf8 >= max(cp437, cp1252):
        return UTF8
    return CP1252 if cp1252 > cp437 else CP437


def named(encoding: str) -> str:
    """The encoding that a user asked for, under Python's name. Raises `DataError` for one that nobody knows."""
    try:
        "#".encode(encoding)
    except (LookupError, ValueError) as error:
        raise DataError("sie-encoding-unknown", encoding=encoding) from error
    return codecs.lookup(encoding).name


def keeps_lines(encoding: str) -> bool:
    """Whether line ends and labels are single ASCII bytes in it, so that bytes can be cut before they are decoded."""
    return b"#VER\n".decode(encoding, "replace") == "#VER\n"


def decode(data: bytes, encoding: str) -> str:
    """`data` as text; what does not fit becomes U+FFFD, which the reader reports."""
    return data.decode(encoding, "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode(UTF8)
    except UnicodeDecodeError:
        return False
    return True
