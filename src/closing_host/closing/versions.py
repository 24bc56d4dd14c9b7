"""What changed between two versions of an attachment, item by item."""

from typing import Any, Final

import polars as pl

from closing_host.closing.items import in_order

CHANGES: Final[dict[str, Any]] = {
    "change": pl.Enum(("added", "gone", "changed")),
    "party": pl.String,
    "party_name": pl.String,
    "document": pl.String,
    "open_before": pl.Int64,  # null for an added item
    "open_after": pl.Int64,  # null for one that is gone
    "fields": pl.List(pl.String),  # names of the columns that differ, for a changed one
}
"""Columns of the changes."""

_COMPARED: Final = ("party", "party_name", "external_number", "dated", "due", "original", "paid", "open", "check")


def item_changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """How the open items `after` differ from those `before`, both as `items.ITEMS` of the same day.

    What happened after that day (paid, written off) is not a change of the attachment.
    """
    both = before.select("document", *_COMPARED, here=pl.lit(True)).join(
        after.select("document", *_COMPARED, here=pl.lit(True)), on="document", how="full", coalesce=True, suffix="_new"
    )
    differing = [
        pl.when(pl.col(name).ne_missing(pl.col(f"{name}_new"))).then(pl.lit(name)).alias(f"{name}_differs")
        for name in _COMPARED
    ]
    change = (
        pl.when(pl.col("here").is_null())
        .then(pl.lit("added"))
        .when(pl.col("here_new").is_null())
        .then(pl.lit("gone"))
        .when(pl.col("fields").list.len() > 0)
        .then(pl.lit("changed"))
    )
    return (
        both.with_columns(fields=pl.concat_list(differing).list.drop_nulls())
        .with_columns(change=change.cast(CHANGES["change"]))
        .filter(pl.col("change").is_not_null())
        .select(
            "change",
            pl.coalesce("party_new", "party").alias("party"),
            pl.coalesce("party_name_new", "party_name").alias("party_name"),
            "document",
            pl.col("open").alias("open_before"),
            pl.col("open_new").alias("open_after"),
            pl.when(pl.col("change") == "changed")
            .then("fields")
            .otherwise(pl.lit([], pl.List(pl.String)))
            .alias("fields"),
        )
        .sort(in_order("party", "document"))
        .select(*CHANGES)
    )
