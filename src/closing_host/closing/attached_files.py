"""Which files may be attached, told from what is in them (T F5, F7, F11).

The name's suffix says what a file is meant to be, and the bytes must agree. Nothing in a file is run, unpacked or
parsed: of an office document only the list of its members is read.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from closing_host.api.errors import DataError

MOST_BYTES: Final = 25 * 1024 * 1024
"""The largest file that may be attached."""

MOST_MEMBERS: Final = 10_000
MOST_UNPACKED: Final = 1 << 30
"""Limits of an office document: members, and bytes when unpacked. We unpack none; who opens it shall not suffer."""

LONGEST_NAME: Final = 500


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file. `holds`: whether bytes are of it."""

    name: str
    suffixes: tuple[str, ...]
    holds: Callable[[bytes], bool]


def recognise(name: str, content: bytes) -> FileType:
    """The type of the file `name`, whose bytes agree with its suffix.

    Raises `DataError`: `attached-file-empty`, `attached-file-large`, `attached-file-type` (not on the list),
    `attached-file-content` (the bytes are something else, an office document with macros, or a broken one).
    """
    if not content:
        raise DataError("attached-file-empty", file=name)
    if len(content) > MOST_BYTES:
        raise DataError("attached-file-large", file=name, megabytes=MOST_BYTES // 1024 // 1024)
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    found = next((each for each in FILE_TYPES if suffix in each.suffixes), None)
    if found is None:
        allowed = ", ".join(each.name for each in FILE_TYPES)
        raise DataError("attached-file-type", file=name, allowed=allowed)
    if not found.holds(content):
        raise DataError("attached-file-content", file=name, type=found.name)
    return found


def kept_name(name: str) -> str:
    """The original name as it is kept: the last part of a path, as text that any database takes."""
    last = re.split(r"[/\\]", name)[-1]
    return last.encode("utf-8", "replace").decode()[-LONGEST_NAME:] or "?"


def saved_name(name: str, suffix: str) -> str:
    """A name for saving the file, safe on every system: no folders, no signs that a system or a reader mistakes.

    It ends in `suffix`, so that what opens it is what the bytes are.
    """
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    stem = plain[: -len(suffix)] if plain.lower().endswith(suffix) else plain
    kept = "".join("_" if each in '<>:"|?*' or unicodedata.category(each)[0] == "C" else each for each in stem)
    kept = kept.strip(". ") or "file"
    if re.fullmatch(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", kept):
        kept = f"_{kept}"
    return kept.encode()[:150].decode("utf-8", "ignore").rstrip(". ") + suffix


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(magics)


def _office(part: str) -> Callable[[bytes], bool]:
    """A ZIP with the main part of an office document, without macros and without members that reach outside."""

    def holds(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
            return False
        names = {each.filename for each in members}
        outside = any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
        macros = any("vbaproject" in name.lower() for name in names)
        bounded = len(members) <= MOST_MEMBERS and sum(each.file_size for each in members) <= MOST_UNPACKED
        return {"[Content_Types].xml", part} <= names and bounded and not outside and not macros

    return holds


_TEXT_CONTROLS: Final = b"\t\n\r\x0c\x1a"  # the last ends a file on old systems, SIE files among them
_NOT_TEXT: Final = bytes(sorted({*range(0x20), 0x7F} - set(_TEXT_CONTROLS)))
_MARKUP: Final = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe)\b", re.IGNORECASE)


def _plain(content: bytes) -> bytes | None:
    """A text's bytes in an encoding that keeps ASCII; None when it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeDecodeError:
            return None
    plain = content.removeprefix(b"\xef\xbb\xbf")
    return plain if len(plain.translate(None, _NOT_TEXT)) == len(plain) else None


def _text(content: bytes) -> bool:
    plain = _plain(content)
    return plain is not None and _MARKUP.match(plain.lstrip()) is None and not plain.startswith(b"%PDF-")


def _xml(content: bytes) -> bool:
    plain = _plain(content)
    return plain is not None and re.match(rb"<(\?xml\b|[A-Za-z_])", plain.lstrip()) is not None and _text(content)


def _sie(content: bytes) -> bool:
    plain = _plain(content)
    return plain is not None and re.match(rb"\s*#FLAGGA\b", plain) is not None


FILE_TYPES: Final = (
    FileType("PDF", (".pdf",), _starts(b"%PDF-")),
    FileType("PNG", (".png",), _starts(b"\x89PNG\r\n\x1a\n")),
    FileType("JPEG", (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff")),
    FileType("XLSX", (".xlsx",), _office("xl/workbook.xml")),
    FileType("DOCX", (".docx",), _office("word/document.xml")),
    FileType("CSV", (".csv",), _text),
    FileType("TXT", (".txt",), _text),
    FileType("XML", (".xml",), _xml),
    FileType("SIE", (".se", ".si", ".sie"), _sie),
)
"""What may be attached. Everything else is refused, whatever it says of itself."""
