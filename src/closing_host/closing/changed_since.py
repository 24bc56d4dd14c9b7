"""What imports changed in books that were signed off: vouchers of those days, and what moved signed figures (P 7.2).

Pure: the books as they were signed off and as they are now, side by side. A voucher is the same one by series and
number, as in `ledgers.comparison`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import Company, Ledger, LedgerBuilder
from closing_host.closing.recognition import Place
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import opening_balances
from closing_host.ledgers.comparison import compare
from closing_host.ledgers.voucher_search import with_amounts

MOVED: Final[dict[str, Any]] = {
    "account": pl.String,
    "date": pl.Date,  # the voucher's; null for an opening balance, and for a voucher without a readable date
    "series": pl.String,  # null for an opening balance
    "number": pl.String,
    "voucher": pl.UInt32,  # its key in the books of now; null when it is gone
    "before": pl.Int64,  # öre, debit positive
    "after": pl.Int64,
}
"""Columns of `moved_amounts`."""

MOVED_FIGURES: Final[dict[str, Any]] = {
    "account": pl.String,
    "name": pl.String,
    "before": pl.Int64,
    "after": pl.Int64,
}
"""Columns of `moved_figures`."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangedVouchers:
    """Vouchers that are new, gone or changed: frames as in `ledgers.comparison.Comparison`.

    `vouchers` has `amount` too, the sum of the debits in öre: of now, and as it was for a voucher that is gone.
    `voucher_b` is the key in the books of now.
    """

    vouchers: pl.DataFrame
    fields: pl.DataFrame
    rows: pl.DataFrame

    @property
    def count(self) -> int:
        """How many vouchers."""
        return self.vouchers.height

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(int(each.estimated_size()) for each in (self.vouchers, self.fields, self.rows))


def keys_of_days(several: Iterable[pl.DataFrame], start: date, end: date) -> pl.DataFrame:
    """`series`, `number` of every voucher of those days: what has to be read of two books to see what differs there.

    A voucher that came from or went to another day has its key among them too.
    """
    keys = [each.filter(pl.col("date").is_between(start, end)).select("series", "number") for each in several]
    return pl.concat(keys).unique()


def of_keys(vouchers: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The vouchers with one of the `keys`."""
    return vouchers.join(keys, on=["series", "number"], how="semi", nulls_equal=True, maintain_order="left")


def changed_vouchers(
    before: Ledger,
    now: Ledger,
    start: date,
    end: date,
    *,
    own: Collection[Place] = (),
    absent_before: frozenset[str] = frozenset(),
    absent_now: frozenset[str] = frozenset(),
) -> ChangedVouchers:
    """The vouchers that differ and are dated from `start` to `end` in one of the two.

    `own`: places of closing entries that came back unchanged; their vouchers are not new, the entry was there before.
    `absent_before`, `absent_now`: what the sources cannot hold, as `compare` takes them.
    """
    dated = [each.vouchers.filter(pl.col("date").is_between(start, end)) for each in (before, now)]
    keys = keys_of_days([before.vouchers, now.vouchers], start, end)
    a, b = (_of_keys(each, keys) for each in (before, now))
    found = compare(a, b, absent_in_a=absent_before, absent_in_b=absent_now)
    # Vouchers without number share a key with those of other days.
    in_days = pl.col("voucher_a").is_in(dated[0]["voucher"].implode()) | pl.col("voucher_b").is_in(
        dated[1]["voucher"].implode()
    )
    back = _places(own)
    others = found.vouchers.filter(in_days.fill_null(False))
    returned = others.filter(pl.col("change") == "new").join(back, on=["series", "number"], how="semi")
    vouchers = others.join(returned, on="voucher_b", how="anti", maintain_order="left")
    changed = vouchers.filter(pl.col("change") == "changed").select("voucher_b")
    return ChangedVouchers(
        _with_amounts(vouchers, a, b),
        found.voucher_fields.join(changed, on="voucher_b", how="semi", maintain_order="left"),
        found.rows.join(changed, on="voucher_b", how="semi", maintain_order="left"),
    )


def moved_amounts(before: Ledger, now: Ledger) -> pl.DataFrame:
    """What each voucher moves on each account where that is not the same, and opening balances that differ.

    The columns of `MOVED`, sorted. The sum of `after` − `before` until a day is exactly what an account's balance in
    the books moved by. Raises `DataError` for a sum beyond Int64.
    """
    key = ["account", "date", "series", "number"]
    sides = [_booked(each).group_by(key).agg(wide().sum(), pl.col("voucher").min()) for each in (before, now)]
    both = sides[0].join(sides[1], on=key, how="full", coalesce=True, nulls_equal=True, suffix="_now")
    vouchers = both.select(*key, voucher="voucher_now", before="amount", after="amount_now")
    nothing = pl.lit(None, pl.String)
    opened = (
        opening_balances(before)
        .join(opening_balances(now), on="account", how="full", coalesce=True, suffix="_now")
        .select(
            "account",
            date=pl.lit(None, pl.Date),
            series=nothing,
            number=nothing,
            voucher=pl.lit(None, pl.UInt32),
            before=wide("opening"),
            after=wide("opening_now"),
        )
    )
    filled = pl.concat([vouchers, opened]).with_columns(pl.col("before", "after").fill_null(0))
    differing = filled.filter(pl.col("before") != pl.col("after"))
    opening_first = pl.col("series").is_not_null()
    return fitted(differing, "before", "after").sort(
        "account", opening_first, "date", "series", "number", nulls_last=True
    )


def moved_until(
    moved: pl.DataFrame,
    account: str,
    first: date,
    last: date,
    *,
    own: Collection[Place] = (),
    apart: Collection[Place] = (),
) -> pl.DataFrame:
    """Of `moved_amounts` what is in the account's balance at `last` in a year that begins on `first`.

    Without vouchers that are an entry's which counted before (`own`, as in `changed_vouchers`), and without those that
    are in another period than their day says (`apart`: `returned_entries`).
    """
    in_days = pl.col("date").is_between(first, last)
    found = moved.filter((pl.col("account") == account) & (in_days | pl.col("series").is_null()))
    came = _places(own).with_columns(before=pl.lit(0, pl.Int64))
    key = ["series", "number"]
    return found.join(came, on=[*key, "before"], how="anti", maintain_order="left").join(
        _places(apart), on=key, how="anti", maintain_order="left"
    )


def moved_figures(frozen: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The accounts that close otherwise than they did, sorted: the columns of `MOVED_FIGURES`, in öre.

    Both have the columns of `period_balances.FIGURES`; an account that one of them lacks stands at zero there.
    """
    both = frozen.select("account", "name", before="closing").join(
        now.select("account", "name", after="closing"), on="account", how="full", coalesce=True, suffix="_now"
    )
    filled = both.select(
        "account", pl.coalesce("name_now", "name").alias("name"), pl.col("before", "after").fill_null(0)
    )
    return filled.filter(pl.col("before") != pl.col("after")).sort("account")


@cache
def nothing_changed() -> ChangedVouchers:
    """What `changed_vouchers` gives for the same books."""
    nothing = LedgerBuilder(Company(""), []).build()
    return changed_vouchers(nothing, nothing, date.min, date.max)


def _places(own: Collection[Place]) -> pl.DataFrame:
    return pl.DataFrame(sorted(set(own)), schema={"series": pl.String, "number": pl.String}, orient="row")


def _booked(ledger: Ledger) -> pl.DataFrame:
    head = ledger.vouchers.lazy().select(
        "voucher", "date", pl.col("series").fill_null(""), pl.col("number").fill_null("")
    )
    rows = ledger.rows.lazy().filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null())
    return rows.select("voucher", pl.col("account").fill_null(""), "amount").join(head, on="voucher").collect()


def _of_keys(ledger: Ledger, keys: pl.DataFrame) -> Ledger:
    """The ledger with nothing but its vouchers of the `keys` and their rows."""
    kept = of_keys(ledger.vouchers, keys)
    rows = ledger.rows.filter(pl.col("voucher").is_in(kept["voucher"].implode()))
    return replace(ledger, vouchers=kept, rows=rows, accounts=ledger.accounts.clear(), balances=ledger.balances.clear())


def _with_amounts(vouchers: pl.DataFrame, a: Ledger, b: Ledger) -> pl.DataFrame:
    place = vouchers.with_row_index("place")
    gone = place.filter(pl.col("change") == "removed").with_columns(voucher=pl.col("voucher_a"))
    there = place.filter(pl.col("change") != "removed").with_columns(voucher=pl.col("voucher_b"))
    both = pl.concat([with_amounts(gone, a), with_amounts(there, b)])
    return both.sort("place").drop("place", "voucher", "corrected")
