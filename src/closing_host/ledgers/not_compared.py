"""What a comparison leaves out, and why: fields that one side cannot hold or says nothing about (P 3.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from closing_host.api.ledger import FINANCIAL_DATA, Ledger

Side = Literal["a", "b"]
Reason = Literal["cannot-hold", "not-stated"]


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A field (`table.column`, `balances.UB`, `company.form`, `years`) left out because `side` has nothing to offer.

    `cannot-hold`: its source declares so. `not-stated`: this ledger states nothing of it while the other does.
    `year` is the index that a kind of balances or a financial year is missing for.
    """

    field: str
    side: Side
    reason: Reason
    year: int | None = None

    @property
    def field_code(self) -> str:
        """The message code of the field's name, to fill the `field` of the reason with."""
        return f"field-{self.field}"

    @property
    def code(self) -> str:
        """The message code of the reason."""
        return f"not-compared-{self.reason}" + ("" if self.year is None else "-of-year")

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of the reason's message."""
        stated: dict[str, object] = {"field": self.field, "side": self.side.upper()}
        return stated if self.year is None else {**stated, "year": self.year}


_STATES: Final[Mapping[str, pl.Expr]] = {
    "accounts.type": pl.col("type").fill_null("") != "",
    "accounts.unit": pl.col("unit").fill_null("").str.strip_chars() != "",
    "accounts.sru": pl.col("sru").list.len() > 0,
    "balances.quantity": pl.col("quantity").is_not_null(),
    "vouchers.registered_on": pl.col("registered_on").is_not_null(),
    "vouchers.signature": pl.col("signature").fill_null("").str.strip_chars() != "",
    "rows.quantity": pl.col("quantity").is_not_null(),
    "rows.signature": pl.col("signature").fill_null("").str.strip_chars() != "",
}
"""Whole columns that a ledger may leave out: when a record states one."""


def columns_not_compared(
    a: Ledger, b: Ledger, absent_in_a: frozenset[str], absent_in_b: frozenset[str]
) -> tuple[NotCompared, ...]:
    """Declared fields first, then columns and kinds of balances of which one of the two states nothing at all.

    Raises `ValueError` for a declared name outside `FINANCIAL_DATA`.
    """
    if unknown := (absent_in_a | absent_in_b) - FINANCIAL_DATA:
        raise ValueError(f"not financial data: {', '.join(sorted(unknown))}")
    declared = [
        *(NotCompared(field, "a", "cannot-hold") for field in sorted(absent_in_a)),
        *(NotCompared(field, "b", "cannot-hold") for field in sorted(absent_in_b)),
    ]
    skipped = absent_in_a | absent_in_b
    found = [each for each in _columns(a, b) if each.field not in skipped]
    return (*declared, *found, *_kinds(a, b))


def _columns(a: Ledger, b: Ledger) -> Iterator[NotCompared]:
    for field, states in _STATES.items():
        table = field.partition(".")[0]
        first, second = a.tables[table], b.tables[table]
        if not (first.height and second.height):
            continue  # no record has a counterpart whose column could differ
        stated = [bool(frame.select(states.any()).item()) for frame in (first, second)]
        if stated[0] != stated[1]:
            yield NotCompared(field, "b" if stated[0] else "a", "not-stated")


def _kinds(a: Ledger, b: Ledger) -> Iterator[NotCompared]:
    stated = [set(each.balances.select("kind", "year").unique().iter_rows()) for each in (a, b)]
    for kind, year in sorted(stated[0] ^ stated[1]):
        side: Side = "b" if (kind, year) in stated[0] else "a"
        yield NotCompared(f"balances.{kind}", side, "not-stated", year)
