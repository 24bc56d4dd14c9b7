"""Code page 437 ("PC8"), the only character set of SIE 1-4 (SIE 1.3)."""

import codecs
from encodings import cp437
from typing import Final

# The codec that "…".encode("cp437") uses looks each character up in a dict; a charmap built from the same table
# writes the same bytes at seven times the speed.
_CHARMAP: Final = codecs.charmap_build(cp437.decoding_table)

CHARACTERS: Final = frozenset(cp437.decoding_table)
"""The 256 characters that code page 437 holds, control characters among them."""


def encode(text: str) -> bytes:
    """`text` in code page 437, one byte per character; `?` for each character that it lacks."""
    return codecs.charmap_encode(text, "replace", _CHARMAP)[0]
