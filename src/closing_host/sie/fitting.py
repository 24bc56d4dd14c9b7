"""What of a table a SIE file cannot hold, replaced by rule and told: characters, control characters, empty fields."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from closing_host.sie.codepage import UNWRITABLE, fit
from closing_host.sie.layout import NEEDS_QUOTES, Field, Kind

_SUSPECT: Final = rf"{UNWRITABLE}|\\$"
_CODES: Final = ("account", "object", "objects", "series", "number")
_INDEX: Final = "index in frame"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text of `column` that was replaced `count` times, first in the frame's row `index`.

    `merged`: it is a code, and another code of the column is written the same way.
    """

    column: str
    index: int
    count: int
    before: str
    after: str
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """`count` records state nothing in the mandatory `column`, first the frame's row `index`."""

    column: str
    index: int
    count: int


def fitted(
    frame: pl.DataFrame, fields: Sequence[Field], text_limit: int | None = None
) -> tuple[pl.DataFrame, list[Replaced]]:
    """`frame` with every text of `fields` as it can be written, and one `Replaced` for each distinct text.

    Characters are replaced by `codepage.fit`. A backslash that would stand last inside quotes becomes `/`, because
    a reader would take it and the closing quote for an escaped quote. `text_limit`: the most characters that the
    column `text` may hold (the texts of vouchers and rows); what is longer is cut.
    """
    replaced: list[Replaced] = []
    for column, kind in fields:
        if kind not in ("word", "text", "objects"):
            continue
        limit = text_limit if column == "text" else None
        texts = _suspects(frame, column, kind, limit)
        rules = {text: writable(text, kind, limit) for text in texts["text"].unique()}
        rules = {before: after for before, after in rules.items() if before != after}
        if not rules:
            continue
        merged = _merged(frame, column, kind, rules) if column in _CODES else frozenset[str]()
        places = texts.filter(pl.col("text").is_in(list(rules))).group_by("text").agg(pl.min(_INDEX), pl.len())
        replaced += [
            Replaced(column, index, count, before, rules[before], rules[before] in merged)
            for before, index, count in places.sort(_INDEX, "text").iter_rows()
        ]
        frame = frame.with_columns(_replaced(pl.col(column), kind, rules))
    return frame, replaced


def writable(text: str, kind: Kind, limit: int | None = None) -> str:
    """One text as it can be written in a field of `kind`, cut at `limit` characters."""
    held = fit(text)[:limit]
    quoted = kind != "word" or any(character in NEEDS_QUOTES for character in held)
    return f"{held[:-1]}/" if quoted and held.endswith("\\") else held


def gaps(frame: pl.DataFrame, fields: Sequence[Field]) -> list[Gap]:
    """Which of `fields`, all mandatory, state nothing where they must: null, or an account without a number."""
    found = []
    for column, _ in fields:
        missing = pl.col(column).is_null()
        if column == "account":
            missing |= pl.col(column) == ""
        indices = frame.select(pl.arg_where(missing)).to_series()
        if indices.len():
            found.append(Gap(column, indices[0], indices.len()))
    return found


def _merged(frame: pl.DataFrame, column: str, kind: Kind, rules: dict[str, str]) -> frozenset[str]:
    """What more than one code of `column` is written as."""
    written = [rules.get(code, code) for code in _texts(frame, column, kind)["text"].unique() if code is not None]
    return frozenset(each for each, count in Counter(written).items() if count > 1)


def _suspects(frame: pl.DataFrame, column: str, kind: Kind, limit: int | None) -> pl.DataFrame:
    """The texts of `column` that may have to be replaced, with the rows where they stand."""
    texts = _texts(frame, column, kind)
    suspect = pl.col("text").str.contains(_SUSPECT)
    return texts.filter(suspect if limit is None else suspect | (pl.col("text").str.len_chars() > limit))


def _texts(frame: pl.DataFrame, column: str, kind: Kind) -> pl.DataFrame:
    """All texts of `column`, those inside lists too, with the rows where they stand."""
    texts = frame.select(pl.int_range(pl.len()).alias(_INDEX), pl.col(column).alias("text"))
    if kind == "objects":
        texts = texts.filter(pl.col("text").list.len() > 0).explode("text")
        texts = texts.with_columns(pl.col("text").struct.field("object").alias("text"))
    return texts


def _replaced(column: pl.Expr, kind: Kind, rules: dict[str, str]) -> pl.Expr:
    if kind != "objects":
        return column.replace(rules)
    member = pl.element().struct
    return column.list.eval(pl.struct(member.field("dimension"), member.field("object").replace(rules)))
