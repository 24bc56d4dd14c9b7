"""Values written as text that no library's version changes and that no two different records share.

A text is its length in UTF-8 bytes, a colon and itself (`5:hello`), a number its digits and a semicolon (`-1250;`),
an absent value `~`. Fields follow each other in a fixed order, so a record can be read back in one way only. Dates
are numbers YYYYMMDD, quantities millionths.
"""

import polars as pl

from closing_host.api.ledger import QUANTITY


def text(column: pl.Expr | str) -> pl.Expr:
    """A String or Enum column."""
    value = (pl.col(column) if isinstance(column, str) else column).cast(pl.String)
    return pl.concat_str(value.str.len_bytes().cast(pl.String), pl.lit(":"), value).fill_null("~")


def number(column: pl.Expr | str) -> pl.Expr:
    """An integer column."""
    value = (pl.col(column) if isinstance(column, str) else column).cast(pl.String)
    return pl.concat_str(value, pl.lit(";")).fill_null("~")


def day(column: str) -> pl.Expr:
    """A Date column."""
    value = pl.col(column)
    parts = (value.dt.year().cast(pl.Int64) * 100 + value.dt.month()) * 100 + value.dt.day()
    return number(parts)


def quantity(column: str) -> pl.Expr:
    """A Decimal(38, 6) column."""
    return number(pl.col(column).cast(QUANTITY).to_physical())


def texts(column: str) -> pl.Expr:
    """A list of texts, in its order, behind its length."""
    items = pl.col(column).list.eval(text(pl.element())).list.join("")
    return pl.concat_str(number(pl.col(column).list.len()), items).fill_null("~")


def plain(value: str | int | None) -> str:
    """One Python value in the same form."""
    if value is None:
        return "~"
    return f"{value};" if isinstance(value, int) else f"{len(value.encode())}:{value}"
