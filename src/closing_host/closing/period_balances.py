"""*Balansavstämning* and *Resultatanalys* (P 7.2): every account's opening, change and closing in a period.

Closing entries count in their own period: one of *Årsavslut* is in that period alone, although its date is the last
day of the one before. So figures are made of the imported ledger and, beside it, of what the entries move.
"""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.closing.entries import YEAR_END
from closing_host.closing.periods import Period
from closing_host.ledgers.accounts import is_balance_account, is_result_account, with_names
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import movements, opening_balances

FIGURES: Final[dict[str, Any]] = {
    "account": pl.String,
    "name": pl.String,
    "opening": pl.Int64,  # öre, debit positive: before the period
    "change": pl.Int64,  # rows and closing entries of the period
    "entries": pl.Int64,  # of that what the closing entries move
    "closing": pl.Int64,
    "used": pl.Boolean,  # it opened with a balance, or has rows or entries until the period's end
}
"""Columns of a period's figures."""

_AMOUNTS: Final = ("ib", "earlier", "rows", "entries", "entries_before")


def period_figures(ledger: Ledger, moves: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The columns of `FIGURES` for every account of the ledger and the entries, sorted by account.

    `ledger`: the import alone. `moves`: `closing.effect.movements` of the entries that count. In *Årsavslut* opening
    is the closing of the last ordinary period, and the change is what its own entries move. A balance account's closing
    is IB + Σ rows to the period's end + Σ entries of the periods until it; result accounts open at zero.

    Raises `DataError` `sum-too-large` for a balance beyond Int64.
    """
    sums = (
        pl.concat(
            [
                _part(ledger.accounts),
                _part(opening_balances(ledger), ib=wide("opening")),
                _booked(ledger, period),
                _part(_with_rows(ledger, period.end), moved=pl.lit(True)),
                _entered(moves, period),
            ]
        )
        .group_by("account")
        .agg(pl.col(_AMOUNTS).sum(), pl.col("moved").any())
        .with_columns(
            opening=pl.col("ib") + pl.col("earlier") + pl.col("entries_before"),
            change=pl.col("rows") + pl.col("entries"),
            used=(pl.col("ib") != 0) | pl.col("moved") | (pl.col("entries") != 0) | (pl.col("entries_before") != 0),
        )
        .with_columns(closing=pl.col("opening") + pl.col("change"))
    )
    closed = fitted(sums, "opening", "change", "entries", "closing")
    return with_names(closed, ledger).sort("account").select(*FIGURES)


def balance_figures(figures: pl.DataFrame, *, unused: bool = False) -> pl.DataFrame:
    """The accounts of *Balansavstämning*: classes 1 and 2 that are used; with `unused` the others of them too."""
    return figures.filter(is_balance_account() & (pl.col("used") | pl.lit(unused)))


def figures_to_freeze(figures: pl.DataFrame, listed: Collection[str]) -> pl.DataFrame:
    """What a locked period keeps: the used accounts, and those that are `listed` for what users did with them; zeros
    for one that the books do not have."""
    lost = sorted(set(listed).difference(figures["account"]))
    zeros = pl.DataFrame({"account": lost}, schema={"account": pl.String}).select(
        pl.col(each) if each == "account" else pl.lit("" if kind == pl.String else 0, kind).alias(each)
        for each, kind in FIGURES.items()
    )
    kept = figures.filter(pl.col("used") | pl.col("account").is_in(list(listed)))
    return pl.concat([kept, zeros]).with_columns(used=pl.lit(True)).sort("account")


def result_figures(figures: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """*Resultatanalys*: the used accounts of classes 3-8 with `before` and `before_closing`, the change and closing of
    the same period last year, null for an account when that year is not imported.

    `before`: `period_figures` of the year before. An account used in one of the years only is listed all the same.
    """
    own = figures.filter(is_result_account() & pl.col("used"))
    if before is None:
        nothing = pl.lit(None, pl.Int64)
        return own.with_columns(before=nothing, before_closing=nothing)
    then = before.filter(is_result_account() & pl.col("used")).select(
        "account", then_name="name", before="change", before_closing="closing"
    )
    return (
        own.join(then, on="account", how="full", coalesce=True)
        .with_columns(
            pl.coalesce("name", "then_name").alias("name"),
            pl.col("opening", "change", "entries", "closing", "before", "before_closing").fill_null(0),
            pl.col("used").fill_null(True),
        )
        .drop("then_name")
        .sort("account")
    )


def _part(frame: pl.DataFrame, moved: pl.Expr | None = None, **amounts: pl.Expr) -> pl.DataFrame:
    """What `frame` adds to the sums of its accounts."""
    zero = pl.lit(0, pl.Int128)
    return frame.select(
        "account",
        *(amounts.get(each, zero).alias(each) for each in _AMOUNTS),
        moved=pl.lit(False) if moved is None else moved,
    )


def _booked(ledger: Ledger, period: Period) -> pl.DataFrame:
    """What is booked in the period, and in the months before it; of *Årsavslut* all of the year comes before.

    Every account of the books has a row, also one whose first voucher is dated later or outside the year.
    """
    month = pl.col("period")
    until = (month <= period.end.year * 100 + period.end.month).fill_null(False)
    before = pl.lit(period.is_year_end) | (month < period.start.year * 100 + period.start.month)
    return _part(
        movements(ledger),
        moved=until & (pl.col("change") != 0),
        earlier=pl.when(until & before).then(wide("change")).otherwise(0),
        rows=pl.when(until & ~before).then(wide("change")).otherwise(0),
    )


def _with_rows(ledger: Ledger, end: date) -> pl.DataFrame:
    """The accounts with booked rows until `end`, also those whose rows come to nothing."""
    until = ledger.vouchers.lazy().filter(pl.col("date") <= end).select("voucher")
    booked = ledger.rows.lazy().filter(pl.col("kind") == "booked").join(until, on="voucher", how="semi")
    return booked.select(pl.col("account").fill_null("").unique()).collect()


def _entered(moves: pl.DataFrame, period: Period) -> pl.DataFrame:
    """What the entries move in the period, and in those before it; every ordinary period comes before *Årsavslut*."""
    year_end, month = pl.col("period") == YEAR_END, pl.col("period")
    if period.is_year_end:
        own, earlier = year_end, ~year_end
    else:
        first, last = f"{period.start:%Y-%m}", f"{period.end:%Y-%m}"
        own, earlier = ~year_end & month.is_between(pl.lit(first), pl.lit(last)), ~year_end & (month < first)
    return _part(
        moves.filter(own | earlier),
        entries=pl.when(own).then(wide()).otherwise(0),
        entries_before=pl.when(earlier).then(wide()).otherwise(0),
    )
