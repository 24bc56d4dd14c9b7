"""A ledger's tables as a comparison sees them: texts trimmed, absent texts empty, left-out columns without content."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from closing_host.api.ledger import SCHEMAS, Ledger
from closing_host.ledgers.objects import with_objects_text

VOUCHER_FIELDS: Final = ("date", "text", "registered_on", "signature")
"""What may differ between two vouchers of the same key."""

ROW_FIELDS: Final = ("kind", "account", "amount", "objects", "date", "text", "quantity", "signature")
"""What makes two rows of a voucher the same row."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparable:
    """The tables of a `Ledger` with their own column names; `objects` are text, `sru` is one text, lines are gone."""

    accounts: pl.DataFrame
    dimensions: pl.DataFrame
    objects: pl.DataFrame
    balances: pl.DataFrame
    vouchers: pl.DataFrame
    rows: pl.DataFrame


def comparable(ledger: Ledger, skipped: Collection[str]) -> Comparable:
    """`ledger` without the fields `skipped` (`table.column`, `dimensions`, `objects`, `rows.history`)."""
    rows, balances = ledger.rows, ledger.balances
    if "rows.history" in skipped:
        rows = rows.filter(pl.col("kind") == "booked")
    if "balances.objects" in skipped:
        balances = balances.filter(pl.col("objects").list.len().fill_null(0) == 0)
    accounts = ledger.accounts.with_columns(pl.col("sru").list.join(" "))
    return Comparable(
        accounts=_prepared("accounts", accounts, skipped),
        dimensions=_prepared("dimensions", ledger.dimensions, skipped),
        objects=_prepared("objects", ledger.objects, skipped),
        balances=_prepared("balances", with_objects_text(balances), skipped),
        vouchers=_prepared("vouchers", ledger.vouchers, skipped).drop("line"),
        rows=_prepared("rows", with_objects_text(rows), skipped).drop("line"),
    )


def _prepared(table: str, frame: pl.DataFrame, skipped: Collection[str]) -> pl.DataFrame:
    if table in skipped:
        frame = frame.clear()
    return frame.select(_column(name, frame.schema[name], f"{table}.{name}" in skipped) for name in SCHEMAS[table])


def _column(name: str, dtype: pl.DataType, skipped: bool) -> pl.Expr:
    if dtype != pl.String:
        return pl.lit(None, dtype).alias(name) if skipped else pl.col(name)
    return pl.lit("").alias(name) if skipped else pl.col(name).str.strip_chars().fill_null("")
