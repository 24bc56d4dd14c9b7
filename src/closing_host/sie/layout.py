"""How a table's values are laid out as SIE records, as Polars expressions: strict, as a writer must (SIE 1.3).

A record is a label and its fields with one blank between them. Fields at the end that state nothing are left out;
one that states nothing before a field that does is `""`. Texts always stand in quotes; other fields only where they
have to, because some programs do not accept quotes round a number (SIE 2).
"""

from collections.abc import Mapping
from typing import Final, Literal

import polars as pl

Kind = Literal["word", "text", "integer", "amount", "date", "quantity", "objects"]
"""`word` is text that is seldom quoted, such as an account or a signature."""

Field = tuple[str, Kind]
"""A column and how it is written."""

NOTHING: Final = '""'
EOL: Final = "\r\n"

NEEDS_QUOTES: Final = ' \t"{}'
"""A field that holds one of these characters, or none at all, is written in quotes."""

_ROW: Final[tuple[Field, ...]] = (
    ("account", "word"),
    ("objects", "objects"),
    ("amount", "amount"),
    ("date", "date"),
    ("text", "text"),
    ("quantity", "quantity"),
    ("signature", "text"),
)
_SUM: Final[tuple[Field, ...]] = (("amount", "amount"), ("quantity", "quantity"))
_TOTAL: Final[tuple[Field, ...]] = (("year", "integer"), ("account", "word"), *_SUM)
_OBJECT: Final[tuple[Field, ...]] = (("year", "integer"), ("account", "word"), ("objects", "objects"), *_SUM)
_PERIOD: Final[tuple[Field, ...]] = (_OBJECT[0], ("period", "integer"), *_OBJECT[1:])

LAYOUTS: Final[Mapping[str, tuple[Field, ...]]] = {
    "KONTO": (("account", "word"), ("name", "text")),
    "KTYP": (("account", "word"), ("type", "word")),
    "ENHET": (("account", "word"), ("unit", "text")),
    "SRU": (("account", "word"), ("sru", "word")),
    "DIM": (("dimension", "integer"), ("name", "text")),
    "UNDERDIM": (("dimension", "integer"), ("name", "text"), ("parent", "integer")),
    "OBJEKT": (("dimension", "integer"), ("object", "text"), ("name", "text")),
    "IB": _TOTAL,
    "UB": _TOTAL,
    "RES": _TOTAL,
    "OIB": _OBJECT,
    "OUB": _OBJECT,
    "PSALDO": _PERIOD,
    "PBUDGET": _PERIOD,
    "VER": (
        ("series", "word"),
        ("number", "word"),
        ("date", "date"),
        ("text", "text"),
        ("registered_on", "date"),
        ("signature", "text"),
    ),
    "TRANS": _ROW,
    "RTRANS": _ROW,
    "BTRANS": _ROW,
}
"""The fields of each record that comes from a table, by the table's columns (SIE 1.5)."""

_OPTIONAL: Final[Mapping[tuple[Field, ...], int]] = {_TOTAL: 1, _OBJECT: 1, _PERIOD: 1, _ROW: 4, LAYOUTS["VER"]: 3}
"""How many fields at the end may be left out."""


def mandatory(label: str) -> tuple[Field, ...]:
    """The fields of `label` that every record of it states."""
    fields = LAYOUTS[label]
    return fields[: len(fields) - _OPTIONAL.get(fields, 0)]


def record(label: str | pl.Expr, like: str) -> pl.Expr:
    """The line of `label`, without its end, with the fields that `LAYOUTS` names for `like`."""
    start = pl.lit(f"#{label}") if isinstance(label, str) else pl.lit("#") + label
    fields = (_written(pl.col(column), kind) for column, kind in LAYOUTS[like])
    line = pl.concat_str([start, *fields], separator=" ")
    for _ in range(_OPTIONAL.get(LAYOUTS[like], 0)):
        line = line.str.strip_suffix(f" {NOTHING}")
    return line


def field(value: str, kind: Kind) -> str:
    """One field outside any table, given as text: in quotes when it is a text or has to be."""
    if kind != "text" and value and not any(character in NEEDS_QUOTES for character in value):
        return value
    return '"' + value.replace('"', '\\"') + '"'


def _written(column: pl.Expr, kind: Kind) -> pl.Expr:
    match kind:
        case "word":
            to_quote = column.str.contains(f"^$|[{NEEDS_QUOTES}]")
            return pl.when(to_quote).then(_quoted(column)).otherwise(column).fill_null(NOTHING)
        case "text":
            return _quoted(column).fill_null(NOTHING)
        case "integer":
            return column.cast(pl.String).fill_null(NOTHING)
        case "amount":
            return _amount(column).fill_null(NOTHING)
        case "date":
            return _date(column).fill_null(NOTHING)
        case "quantity":
            return column.cast(pl.String).str.strip_chars_end("0").str.strip_suffix(".").fill_null(NOTHING)
    return _objects(column)


def _quoted(column: pl.Expr) -> pl.Expr:
    return pl.concat_str([pl.lit('"'), column.str.replace_all('"', '\\"', literal=True), pl.lit('"')])


def _amount(ore: pl.Expr) -> pl.Expr:
    size = ore.abs()
    sign = pl.when(ore < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    decimals = (size % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str([sign, (size // 100).cast(pl.String), pl.lit("."), decimals])


def _date(day: pl.Expr) -> pl.Expr:
    number = day.dt.year() * 10_000 + day.dt.month().cast(pl.Int32) * 100 + day.dt.day()
    return number.cast(pl.String).str.zfill(8)


def _objects(objects: pl.Expr) -> pl.Expr:
    code = _quoted(pl.element().struct.field("object"))
    pairs = objects.list.eval(pl.concat_str([pl.element().struct.field("dimension"), code], separator=" "))
    return pl.concat_str([pl.lit("{"), pairs.list.join(" ").fill_null(""), pl.lit("}")])
