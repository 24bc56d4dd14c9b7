"""The income statement by the groups of the BAS chart (*resultaträkning*), beside the same period of the year before.

Amounts are in the ledger's sign, öre, debit positive: revenue and profit are negative. Who shows them turns the sign.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, Literal

import polars as pl

from closing_host.closing.periods import Period
from closing_host.ledgers.amounts import fitted, wide

Kind = Literal["group", "total", "booked"]

AMOUNTS: Final = ("change", "closing", "before", "before_closing")
"""This period and the year until its end; the same of last year, null for both when it is not imported."""

STATEMENT: Final[dict[str, Any]] = {"line": pl.String, "kind": pl.String, **dict.fromkeys(AMOUNTS, pl.Int64)}
"""Columns of `statement`."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement. A group's accounts are those that begin with `first` to `last`; a total is the sum of
    all groups above it."""

    code: str
    kind: Kind
    first: str = ""
    last: str = ""


LINES: Final = (
    Line("net-sales", "group", "30", "37"),
    Line("own-work", "group", "38", "38"),
    Line("other-revenue", "group", "39", "39"),
    Line("goods", "group", "40", "49"),
    Line("external", "group", "50", "69"),
    Line("personnel", "group", "70", "76"),
    Line("depreciation", "group", "77", "78"),
    Line("other-costs", "group", "79", "79"),
    Line("operating-result", "total"),
    Line("financial", "group", "80", "87"),
    Line("after-financial", "total"),
    Line("appropriations", "group", "88", "88"),
    Line("tax", "group", "89", "89"),
    Line("result", "total"),
    Line("booked-result", "booked", "899", "899"),
)
"""The statement in its order. On 8990-8999 the result itself is booked, which is no part of it (P 4.1)."""


def group_of(account: str = "account") -> pl.Expr:
    """The code of the group that a result account belongs to, by its first digits whatever its length."""
    number = pl.col(account)
    two = number.str.slice(0, 2).str.pad_end(2, "0")
    groups = (each for each in LINES if each.kind == "group")
    within = (pl.when(two.is_between(pl.lit(each.first), pl.lit(each.last))).then(pl.lit(each.code)) for each in groups)
    return pl.coalesce(pl.when(number.str.starts_with("899")).then(pl.lit("booked-result")), *within)


def statement(figures: pl.DataFrame) -> pl.DataFrame:
    """The columns of `STATEMENT` in the order of `LINES`, groups without accounts too.

    `figures`: result accounts with `account` and `AMOUNTS`. Raises `DataError` `sum-too-large`.
    """
    sums = figures.group_by(group_of().alias("line")).agg(*(wide(each).sum() for each in AMOUNTS))
    compared = not figures.is_empty() and figures["before"].is_not_null().any()
    by_group = {row["line"]: row for row in sums.iter_rows(named=True)}
    so_far = dict.fromkeys(AMOUNTS, 0)
    rows = []
    for line in LINES:
        own = by_group.get(line.code)
        amounts = {each: own[each] or 0 for each in AMOUNTS} if own else dict.fromkeys(AMOUNTS, 0)
        if line.kind == "group":
            so_far = {each: so_far[each] + amounts[each] for each in AMOUNTS}
        shown: dict[str, int | None] = dict(so_far if line.kind == "total" else amounts)
        if not compared:
            shown |= {"before": None, "before_closing": None}
        rows.append({"line": line.code, "kind": line.kind, **shown})
    wide_schema = {**STATEMENT, **dict.fromkeys(AMOUNTS, pl.Int128)}
    return fitted(pl.DataFrame(rows, schema=wide_schema), *AMOUNTS).select(*STATEMENT)


def as_statement(frame: pl.DataFrame) -> pl.DataFrame:
    """`AMOUNTS` of the frame as an income statement shows them: revenue and profit positive, costs negative."""
    return frame.with_columns(-pl.col(each) for each in AMOUNTS)


def same_period_before(periods: tuple[Period, ...], of: Period) -> Period | None:
    """Of last year's `periods` the one that `of` is compared with: *Årsavslut*, or the same month a year earlier."""
    wanted = of.key if of.is_year_end else f"{of.end.year - 1:04d}-{of.end.month:02d}"
    return next((each for each in periods if each.key == wanted), None)


def variance(now: int, before: int | None) -> int | None:
    """What changed since last year, öre; None without last year."""
    return None if before is None else now - before


def percent(now: int, before: int | None) -> Decimal | None:
    """The variance in percent of what it was, to one decimal; None without last year and where it was 0."""
    if not before:
        return None
    return (Decimal(100 * (now - before)) / Decimal(abs(before))).quantize(Decimal("0.1"), ROUND_HALF_UP)
