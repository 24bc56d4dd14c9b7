"""*Förklara differensen*: the difference split into classes that add up to it exactly (P 7.4.6).

- a  rows on the control accounts in vouchers that no document or payment refers to
- b  documents and payments whose voucher's rows on the control accounts differ from them
- c  documents and payments booked on another account
- d  timing: booked on one side of the day and counted on the other
- e  documents and payments without a voucher
- f  the opening balance at the first day, as far as open items do not cover it
- g  remainder, *Oförklarad differens*

Signs are the ledger's, debit positive. Behind each class stand rows of which each says what the ledger has and what
the sub-ledger has; `amount` is the first less the second, so the rows add up to their class.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

import polars as pl

from closing_host.closing.compared import compared
from closing_host.closing.grouping import grouped
from closing_host.closing.linking import Linked
from closing_host.closing.unmatched import counted_at_another_time, items_not_booked, opening, without_voucher
from closing_host.closing.voucher_differences import booked_otherwise, nobodys_rows
from closing_host.ledgers.amounts import fitted, wide

Letter = Literal["a", "b", "c", "d", "e", "f", "g"]

LETTERS: Final[tuple[Letter, ...]] = get_args(Letter)

EXPLAINED: Final[dict[str, Any]] = {
    "class": pl.Enum(LETTERS),
    "date": pl.Date,  # the voucher's, else the document's; null for the remainder
    "series": pl.String,  # "" without a voucher
    "number": pl.String,
    "text": pl.String,
    "account": pl.String,  # the account concerned, of several with commas between; "" when it is no particular one
    "documents": pl.List(pl.String),
    "payments": pl.List(pl.String),
    "party": pl.String,  # "" when none or several
    "ledger": pl.Int64,
    "subledger": pl.Int64,
    "amount": pl.Int64,
}
"""Columns of the rows behind the classes."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The classes' amounts in öre (all seven, by letter) and the rows behind them, as `EXPLAINED`.

    `complete` is False when the source states open items only: then all of the difference is class g, because nothing
    tells which vouchers belong to which documents.
    """

    amounts: dict[Letter, int]
    rows: pl.DataFrame
    complete: bool = True


def explain(linked: Linked, as_at: date, difference: int, items: pl.DataFrame) -> Explanation:
    """Split `difference` at the end of `as_at`; `items` are the open items of that day.

    With the cash method nothing is booked before it is paid: the open items stand as class e, and whatever stands on
    the control accounts as a and f. Raises `DataError` for a sum beyond Int64.
    """
    entries = grouped(linked)
    if linked.facts.cash_method:
        nobody = entries.clear()
        rows = nobodys_rows(linked, compared(linked, nobody), as_at)
        parts = [rows, items_not_booked(items, linked.sign), opening(linked, nobody)]
    else:
        vouchers = compared(linked, entries)
        parts = [
            nobodys_rows(linked, vouchers, as_at),
            *booked_otherwise(linked, vouchers, entries, as_at),
            counted_at_another_time(entries, as_at),
            without_voucher(entries, as_at),
            opening(linked, entries),
        ]
    return _explanation(parts, difference, complete=True)


def unexplained(difference: int) -> Explanation:
    """All of `difference` as class g, for a source that states open items only."""
    return _explanation([], difference, complete=False)


def _explanation(parts: list[pl.DataFrame], difference: int, *, complete: bool) -> Explanation:
    rows = pl.concat([pl.DataFrame(schema=EXPLAINED), *(_filled(part) for part in parts if part.height)])
    rest = difference - int(rows.select(wide().sum()).item())
    if rest:
        remainder = pl.DataFrame({"class": ["g"], "ledger": [rest], "subledger": [0]})
        rows = pl.concat([rows, _filled(remainder)])
    sums = dict(rows.group_by(pl.col("class").cast(pl.String)).agg(wide().sum()).iter_rows())
    amounts: dict[Letter, int] = {letter: int(sums.get(letter, 0)) for letter in LETTERS}
    assert sum(amounts.values()) == difference, "the classes do not add up"
    order = ("class", "date", "series", pl.col("number").str.len_chars(), "number", "account", "amount")
    return Explanation(amounts, rows.sort(*order, pl.col("documents").list.join(" "), maintain_order=True), complete)


def _filled(part: pl.DataFrame) -> pl.DataFrame:
    """`part` with every column of `EXPLAINED`; what it does not state is empty."""
    rows = part.with_columns(amount=wide("ledger") - wide("subledger"))
    empty: dict[str, object] = {"date": None, "documents": [], "payments": []}
    missing = [
        pl.lit(empty.get(name, ""), dtype).alias(name) for name, dtype in EXPLAINED.items() if name not in rows.columns
    ]
    columns = [pl.col(name).cast(dtype) for name, dtype in EXPLAINED.items()]
    return fitted(rows.with_columns(missing), "ledger", "subledger", "amount").select(columns)
