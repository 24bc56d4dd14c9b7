"""How each document and payment meets the ledger: the ground on which a difference is explained.

Every entry has exactly one `meets`, and with the rows on the control accounts they add up to the difference:

- `opening`: booked before the first day, so its counterpart is the opening balance;
- `voucher`: its voucher is in the ledger, dated in the year;
- `misdated`: its voucher is in the ledger, but dated outside the year or not readably, so no balance holds it;
- `nothing`: no voucher is named or found, or it is a payment past the control accounts of a document without voucher;
- `later`: booked after the year; never counted in it.
"""

from typing import Final

import polars as pl

from closing_host.closing.linking import Linked

MEETS: Final = ("opening", "voucher", "misdated", "nothing", "later")


def grouped(linked: Linked) -> pl.DataFrame:
    """The entries with `meets` (Enum of `MEETS`) and the ledger's voucher: `booked_on`, `series`, `number`, `text`."""
    start, end = linked.control.start, linked.control.end
    heads = linked.control.ledger.vouchers.select("voucher", "series", "number", "text", booked_on="date")
    entries = linked.entries.join(heads, on="voucher", how="left", maintain_order="left")
    standing, early = pl.col("standing"), pl.col("day") < linked.first
    within = pl.col("booked_on").is_between(start, end).fill_null(False)
    meets = (
        pl.when(standing == "after")
        .then(pl.lit("later"))
        .when((standing == "here") & ~within)
        .then(pl.lit("misdated"))
        .when((standing == "absent") | ((standing == "none") & ~early))
        .then(pl.lit("nothing"))
        .when(early)
        .then(pl.lit("opening"))
        .otherwise(pl.lit("voucher"))
    )
    placed = entries.with_columns(meets=meets)
    unbooked = placed.filter((pl.col("kind") == "document") & (pl.col("meets") == "nothing"))["document"]
    past = (
        (pl.col("meets") == "voucher")
        & pl.col("document").is_in(unbooked.implode())
        & ~pl.col("voucher").is_in(linked.control.rows["voucher"].implode())
    )
    return placed.with_columns(meets=pl.when(past).then(pl.lit("nothing")).otherwise("meets").cast(pl.Enum(MEETS)))
