"""A piece of a file as a frame of lines, one record or one brace on each, whatever the file's own layout.

The frame: `at` UInt32 (0, 1, ... in the piece: the order of everything), `line` UInt32 (1-based in the piece), `offset`
UInt32 (characters of the file's line that stand before `text`), `text` String.
"""

import io
import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from closing_host.sie.findings import SHOWN, Note
from closing_host.sie.pieces import LONGEST_LINE
from closing_host.sie.tokens import parse

AT: Final = pl.col("at")
LINE: Final = pl.col("line")
TEXT: Final = pl.col("text")
_LENGTH: Final = TEXT.str.len_bytes()

_CONTROL: Final = r"[\x00-\x08\x0b-\x1f\x7f]"
"""Control characters, which may not stand in a text (SIE 1.3); tab and the line ends are dealt with on their own."""

_END_OF_FILE: Final = "[\x00\x1a]+[ \t]*$"
"""DOS programs end a file with Ctrl-Z, and pad it."""

_CROWDED: Final = r'^[ \t]*[{}][ \t]*[^ \t]|^[ \t]*#[Vv][Ee][Rr][ \t"].*[{}]|\}[ \t]*$'
"""Lines that may hold a brace of a block beside something else."""

_SMALL: Final = 2**16
"""Bytes that are parted into lines faster one by one."""

_MOST_PARTS: Final = 16
"""Parts that a line is taken apart into; a line with more is no SIE, and looking for each costs as much as the line."""

_BRACE_FIRST: Final = re.compile(r"[ \t]*[{}]")


def split(data: bytes) -> pl.DataFrame:
    """Lines of UTF-8 text that end with LF or CRLF."""
    lines = _few(data) if len(data) <= _SMALL else pl.read_lines(io.BytesIO(data), name="text")
    return lines.with_row_index("at").select(AT, (AT + 1).alias("line"), pl.lit(0, pl.UInt32).alias("offset"), TEXT)


def _few(data: bytes) -> pl.DataFrame:
    """As `pl.read_lines` does, without its threads: those take longer than a small file."""
    texts = data.decode("utf-8").split("\n")
    if not texts[-1]:
        texts.pop()
    return pl.DataFrame({"text": [text.removesuffix("\r") for text in texts]}, schema={"text": pl.String})


def need_tidying(lines: pl.DataFrame, left: Sequence[pl.DataFrame]) -> bool:
    """Whether `split_tidily` would make other lines of the piece: one of `lines` is too long, or one of those that the
    patterns `left` holds a control character (a CR among them) or a brace beside something else."""
    if (lines.select(_LENGTH.max()).item() or 0) > LONGEST_LINE:
        return True
    odd = TEXT.str.contains(f"{_CONTROL}|{_CROWDED}").any()
    return any(bool(frame.select(odd).item()) for frame in left)


def split_tidily(data: bytes) -> tuple[pl.DataFrame, list[Note]]:
    """What `split` makes of orderly text, for any: lone CRs end lines, blanks stand for control characters, every
    brace of a block gets a line of its own, and what is longer than `LONGEST_LINE` bytes is cut. All but the first and
    third is noted."""
    lines = split(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    notes = [
        Note("sie-line-too-long", line, None, text, parameters={"limit": LONGEST_LINE})
        for line, text in lines.filter(_LENGTH > LONGEST_LINE).select(LINE, TEXT.str.head(SHOWN)).iter_rows()
    ]
    lines = lines.with_columns(TEXT.str.head(LONGEST_LINE))
    clean = lines.with_columns(TEXT.str.replace(_END_OF_FILE, ""))
    for line, text in clean.filter(TEXT.str.contains(_CONTROL)).select(LINE, TEXT).iter_rows():
        match = re.search(_CONTROL, text)
        assert match is not None
        notes.append(Note("sie-control-character", line, match.start() + 1, text[:SHOWN], 1))
    clean = clean.with_columns(TEXT.str.replace_all(_CONTROL, " "))
    crowded = TEXT.str.contains(_CROWDED)
    parts = [
        (at, line, start, part)
        for at, line, _, text in clean.filter(crowded).iter_rows()
        for start, part in _apart(text)
    ]
    apart = pl.DataFrame(parts, schema=clean.schema, orient="row")
    # The sort is stable: the parts of one line keep their order.
    spread = pl.concat([clean.filter(~crowded), apart]).sort("at", maintain_order=True)
    return spread.drop("at").with_row_index("at"), notes


def _apart(text: str) -> list[tuple[int, str]]:
    """Where each brace and each other part of a line starts, and its text: `} #VER A 1 20240101 {` has three."""
    parts = []
    start = 0
    while True:
        while brace := _BRACE_FIRST.match(text, start):
            parts.append((start, brace[0]))
            start = brace.end()
        rest = text[start:]
        cut = _block_brace(rest) if len(parts) < _MOST_PARTS else None
        if cut is None:
            if rest.strip(" \t"):
                parts.append((start, rest))
            return parts
        parts.append((start, rest[:cut]))
        start += cut


def _block_brace(text: str) -> int | None:
    """Where behind a #VER the `{` of its block stands, or behind a #TRANS the `}`; None when there is none."""
    record = parse(text)
    if record is None:
        return None
    label = record.label.upper()
    bare = [field for field in record.fields if not field.quoted]
    if label == "VER":
        return next((field.column - 1 for field in bare if field.text[0] in "{}"), None)
    if label in ("TRANS", "RTRANS", "BTRANS") and bare and bare[-1].text == "}":
        return bare[-1].column - 1
    return None
