"""Text as the fonts of a PDF can show it.

The typesetter fails on what its fonts lack, and on some marks that stand alone, so what is not known to be shown
becomes `MISSING`. Nothing that text says is ever read as markup: it reaches the template as data (`pdf`).
"""

import re
import unicodedata
from typing import Final

MISSING: Final = "\u25a1"
"""A white square: a character that the document's fonts cannot show."""

# Latin, Greek, Cyrillic, punctuation, signs that stand in names and texts; each is set by a test.
_SHOWN: Final = (
    (0x0020, 0x007E),
    (0x00A0, 0x00AC),
    (0x00AE, 0x0241),
    (0x0250, 0x02AF),
    (0x0384, 0x03CE),
    (0x0400, 0x045F),
    (0x0490, 0x04C4),
    (0x04D0, 0x04F9),
    (0x1E00, 0x1E9B),
    (0x1E9E, 0x1E9E),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2026),
    (0x202F, 0x2037),
    (0x2039, 0x203E),
    (0x2044, 0x2044),
    (0x2070, 0x208E),
    (0x20A2, 0x20A4),
    (0x20AB, 0x20AC),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2199),
    (0x2200, 0x220D),
    (0x220F, 0x221A),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
    (0x25A0, 0x25A1),
)

LONGEST: Final = 2_000
"""Characters of a cell: time to set a run without blanks grows by its square, two minutes for 40,000 (measured)."""

CUT: Final = " […]"

_BREAK: Final = "\u200b"  # where a line may break
_LONGEST_WORD: Final = 40
_LONG: Final = re.compile(r"[^\s\u00a0\u200b]{13,}")


def shown() -> str:
    """Every character that `printable` lets through."""
    every = (chr(code) for first, last in _SHOWN for code in range(first, last + 1))
    return "".join(each for each in every if _is_shown(each))


def printable(text: str) -> str:
    """`text` on one line, composed, with every character that cannot be shown as `MISSING`."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(_plain(each) for each in composed).split(" ")).strip(" ")


def cut(text: str, longest: int = LONGEST) -> str:
    """`text`, the rest of one that is longer than `longest` characters left out for `CUT`."""
    return text if len(text) <= longest else text[: longest - len(CUT)] + CUT


def breakable(text: str) -> str:
    """`text` with places to break a line in runs without any, as in numbers and addresses, for a narrow column.

    Words stay whole: the typesetter knows where to hyphenate them.
    """
    return _LONG.sub(lambda run: run[0] if _is_word(run[0]) else _BREAK.join(re.findall(".{1,6}", run[0])), text)


def _is_word(run: str) -> bool:
    return run.isalpha() and len(run) <= _LONGEST_WORD


def _plain(character: str) -> str:
    if _is_shown(character):
        return character
    if character.isspace() or unicodedata.category(character) in ("Zs", "Zl", "Zp"):
        return " "
    return MISSING


def _is_shown(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _SHOWN) and unicodedata.category(character)[0] in "LNPSZ"
