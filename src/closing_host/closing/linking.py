"""The sub-ledger's documents and payments, linked to the vouchers that booked them and to the day they count from.

A document counts from its voucher's day, else from its own date (P 7.4.2); a payment likewise, and never before its
document. A voucher of an earlier or later year is not in this ledger: it counts as booked before the year's first
day or after its last one, whatever date the document carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.api.subledger import Side, SubLedger
from closing_host.closing.control import Control, control
from closing_host.closing.facts import documents_frame, payments_frame

STANDINGS: Final = ("here", "absent", "before", "after", "none")
"""Where a voucher is: in the ledger; named, but not in the ledger; in an earlier year; in a later one; not named."""

ENTRY: Final = (
    *("document", "payment", "kind", "party", "dated", "amount", "foreign"),
    *("voucher", "standing", "day", "counts_on"),
)
"""Columns of the entries."""


def sign_of(side: Side) -> int:
    """1 for receivables, whose open items stand in debit, and -1 for payables."""
    return 1 if side == "receivables" else -1


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """One side's sub-ledger beside the ledger's control accounts.

    `documents`: as `facts.DOCUMENTS`, with `voucher`, `standing` and `day`. `entries`: one line per document and
    payment with the columns of `ENTRY`; `amount` is its effect in öre as the ledger would book it (debit positive),
    `foreign` its amount in hundredths of the document's currency, `voucher` the ledger's key where `standing` is
    "here", `day` the day of booking, `counts_on` the day from which it is part of the open amount: null when it never
    is, because it is not booked, cancelled, or of a document that is not counted. `first` is the first day for which
    open items can be told within the year.
    """

    facts: SubLedger
    control: Control
    first: date
    documents: pl.DataFrame
    entries: pl.DataFrame

    @property
    def sign(self) -> int:
        """See `sign_of`."""
        return sign_of(self.facts.side)


def link(ledger: Ledger, facts: SubLedger, accounts: Sequence[str] = ()) -> Linked:
    """Link `facts` to `ledger`. `accounts`: the control accounts, unless they are the source's own.

    Raises `DataError` when the ledger states no year, there is no control account, or a document number repeats.
    """
    held = control(ledger, accounts or facts.control_accounts)
    documents = _placed(documents_frame(facts), held)
    payments = _placed(payments_frame(facts), held)
    sign = sign_of(facts.side)
    counted = pl.col("booked") & ~pl.col("cancelled")
    by_document = documents.with_columns(counts_on=pl.when(counted).then("day"))
    of_documents = by_document.with_columns(
        payment=pl.lit(None, pl.String), kind=pl.lit("document"), amount=pl.col("total") * sign
    )
    parents = by_document.select("document", "party", from_day="counts_on")
    of_payments = payments.join(parents, on="document", how="left", maintain_order="left").with_columns(
        amount=pl.col("amount") * -sign,
        counts_on=pl.when(pl.col("booked") & pl.col("from_day").is_not_null()).then(
            pl.max_horizontal("day", "from_day")
        ),
    )
    entries = pl.concat([of_documents.select(ENTRY), of_payments.select(ENTRY)])
    first = min(max(held.start, facts.complete_from), held.end)
    return Linked(facts, held, first, documents, entries)


def _placed(frame: pl.DataFrame, held: Control) -> pl.DataFrame:
    """`frame` with `voucher`, `standing` and `day`. Of vouchers with the same series and number the first is meant."""
    heads = (
        held.ledger.vouchers.select("series", "number", "voucher", booked_on="date")
        .unique(["series", "number"], keep="first", maintain_order=True)
        .with_columns(year_start=pl.lit(held.start))
    )
    year = pl.col("year_start")
    standing = (
        pl.when(year.is_null())
        .then(pl.lit("none"))
        .when(pl.col("voucher").is_not_null())
        .then(pl.lit("here"))
        .when(year < held.start)
        .then(pl.lit("before"))
        .when(year > held.end)
        .then(pl.lit("after"))
        .otherwise(pl.lit("absent"))
    )
    day = (
        pl.when(pl.col("standing") == "before")
        .then(pl.min_horizontal("dated", pl.lit(held.start - timedelta(days=1))))
        .when(pl.col("standing") == "after")
        .then(pl.max_horizontal("dated", "year_start"))
        .otherwise(pl.coalesce("booked_on", "dated"))
    )
    return (
        frame.join(heads, on=["year_start", "series", "number"], how="left", maintain_order="left")
        .with_columns(standing=standing.cast(pl.Enum(STANDINGS)))
        .with_columns(day=day)
        .drop("booked_on")
    )
