"""Items at the closing day's rate, and their share of VAT."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from closing_host.closing.facts import RATE
from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import fitted, wide

VALUED: Final[dict[str, Any]] = {
    "document": pl.String,
    "party": pl.String,
    "currency": pl.String,
    "foreign_open": pl.Int64,  # hundredths of `currency`; null when not known
    "rate": RATE,  # kronor per unit as booked
    "open": pl.Int64,  # öre as booked
    "closing_rate": RATE,  # null when no rate is given
    "value": pl.Int64,  # öre at the closing rate; null without rate or amount
    "unrealised": pl.Int64,  # what the control account would change by, debit positive: a gain, or if negative a loss
}
"""Columns of the items in foreign currency."""

_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
_OUTPUT_VAT: Final = "^26[123]"


def valued(items: pl.DataFrame, rates: Mapping[str, Decimal], sign: int) -> pl.DataFrame:
    """The items in foreign currency at `rates` (kronor per unit by currency), rounded to whole öre, as `VALUED`."""
    abroad = items.filter(pl.col("currency").is_not_null() & (pl.col("open") != 0))
    values = [
        _in_ore(foreign, rates.get(currency)) for foreign, currency in abroad.select("foreign_open", "currency").rows()
    ]
    return (
        abroad.with_columns(
            closing_rate=pl.Series([rates.get(currency) for currency in abroad["currency"]], dtype=RATE),
            value=pl.Series(values, dtype=pl.Int64),
        )
        .with_columns(unrealised=(pl.col("value") - pl.col("open")) * sign)
        .select(*VALUED)
    )


def _in_ore(foreign: int | None, rate: Decimal | None) -> int | None:
    if foreign is None or rate is None:
        return None
    return int(_EXACT.multiply(Decimal(foreign), rate).to_integral_value(ROUND_HALF_EVEN))


def vat_of(linked: Linked) -> pl.DataFrame:
    """`document`, `total`, `vat`: the VAT in each document's total, in öre; null when neither source nor ledger tells.

    For receivables the ledger tells it by the rows on 2610-2639 in a voucher that books one document alone.
    """
    documents = linked.documents.select("document", "total", "vat", "voucher")
    if linked.facts.side == "payables":  # reverse charge books VAT that the supplier did not charge
        return documents.drop("voucher")
    ledger = linked.control.ledger
    alone = documents.filter(pl.col("voucher").is_not_null() & ~pl.col("voucher").is_duplicated())
    rows = ledger.rows.filter(
        (pl.col("kind") == "booked") & pl.col("amount").is_not_null() & pl.col("account").str.contains(_OUTPUT_VAT)
    )
    booked = rows.group_by("voucher").agg(booked=0 - wide().sum())
    told = (
        alone.select("document", "voucher")
        .join(booked, on="voucher", how="left")
        .with_columns(pl.col("booked").fill_null(0))
    )
    return documents.join(fitted(told, "booked"), on="document", how="left", maintain_order="left").select(
        "document", "total", pl.coalesce("vat", "booked").alias("vat")
    )


def vat_in_open(items: pl.DataFrame, vat: pl.DataFrame) -> tuple[int, tuple[str, ...]]:
    """The VAT in what is open of `items`, in proportion and whole öre, and the documents of which it is not known."""
    total = 0
    unknown = []
    shares = items.select("document", "open").join(vat, on="document", how="left", maintain_order="left")
    for document, left, whole, part in shares.select("document", "open", "total", "vat").iter_rows():
        if part is None:
            unknown.append(document)
        elif whole:
            total += round(Fraction(part * left, whole))
    return total, tuple(unknown)
