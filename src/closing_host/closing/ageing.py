"""How long items have been due (P 7.4.5), and what each party owes in each bucket.

Days overdue = the day less the due date; an item without a due date is aged from its own date and marked. Credit
items age like the others and are also summed by themselves (*Kreditposter*).
"""

from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.ledgers.amounts import fitted, wide

BUCKETS: Final = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90")
"""*Ej förfallet*, *1-30*, *31-60*, *61-90*, *> 90* days."""

_LAST_DAYS: Final = (0, 30, 60, 90)

AGE: Final[dict[str, Any]] = {
    "days": pl.Int32,  # overdue; 0 or less: not due
    "bucket": pl.Enum(BUCKETS),
    "due_missing": pl.Boolean,
}
"""Columns that `with_age` adds."""

AGEING: Final[dict[str, Any]] = {"bucket": pl.Enum(BUCKETS), "count": pl.UInt32, "amount": pl.Int64}
"""Columns of the ageing table: always one line for each bucket."""


def with_age(items: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """`items` with the columns of `AGE`, from their `due` and `dated`."""
    days = (pl.lit(as_at) - pl.coalesce("due", "dated")).dt.total_days().cast(pl.Int32)
    bucket = pl.lit(BUCKETS[-1])
    for last, name in reversed(list(zip(_LAST_DAYS, BUCKETS, strict=False))):
        bucket = pl.when(days <= last).then(pl.lit(name)).otherwise(bucket)
    return items.with_columns(
        days=days,
        bucket=bucket.cast(AGE["bucket"]),
        due_missing=pl.col("due").is_null(),
    )


def ageing(items: pl.DataFrame) -> pl.DataFrame:
    """Open öre per bucket, as `AGEING`. The buckets add up to the items (asserted)."""
    sums = (
        items.filter(pl.col("open") != 0)
        .group_by("bucket")
        .agg(count=pl.len().cast(pl.UInt32), amount=wide("open").sum())
    )
    every = pl.DataFrame({"bucket": BUCKETS}, schema={"bucket": AGEING["bucket"]})
    filled = every.join(sums, on="bucket", how="left", maintain_order="left").with_columns(
        pl.col("count", "amount").fill_null(0)
    )
    assert filled["amount"].sum() == items.select(wide("open").sum()).item(), "an item stands in no bucket"
    return fitted(filled, "amount").select(*AGEING)


def credits(items: pl.DataFrame) -> int:
    """Öre of all negative items: credit notes and overpayments, 0 or less."""
    return int(items.filter(pl.col("open") < 0).select(wide("open").sum()).item())


def parties(items: pl.DataFrame) -> pl.DataFrame:
    """One line per party, in order of number: `party`, `party_name`, `count`, `open`, `credits` and each of `BUCKETS`.

    A party that is named differently on its documents has the name of the latest one.
    """
    amounts = ("open", "credits", *BUCKETS)
    sums = (
        items.filter(pl.col("open") != 0)
        .group_by("party")
        .agg(
            party_name=pl.col("party_name").sort_by("dated", "document").last(),
            count=pl.len(),
            open=wide("open").sum(),
            credits=wide("open").filter(pl.col("open") < 0).sum(),
            **{bucket: wide("open").filter(pl.col("bucket") == bucket).sum() for bucket in BUCKETS},
        )
    )
    return (
        fitted(sums, *amounts)
        .sort(pl.col("party").str.len_chars(), "party")
        .select("party", "party_name", "count", *amounts)
    )
