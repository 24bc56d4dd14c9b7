"""Ledger and sub-ledger day by day: UB(c, d), Σ open(d) and what lies between them (P 7.4.6, *Differensen uppstod*)."""

from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import fitted, wide

DAILY: Final[dict[str, Any]] = {
    "date": pl.Date,
    "ledger": pl.Int64,  # balance of the control accounts at the day's end, debit positive
    "open": pl.Int64,  # Σ open, positive is what is owed
    "difference": pl.Int64,  # ledger less open, for payables ledger plus open; debit positive
    "final": pl.Boolean,  # False for days after the day of import, when documents may still come
}
"""Columns of the daily series."""


def daily_series(linked: Linked) -> pl.DataFrame:
    """Every day of the year for which open items can be told, as `DAILY`.

    The first line is the evening before the first such day: what the year opened with. Raises `DataError` for a sum
    beyond Int64.
    """
    eve = linked.first - timedelta(days=1)
    last = linked.control.end
    held = linked.control.rows.filter(pl.col("date").is_between(linked.control.start, last))
    opening = linked.control.openings.select(date=pl.lit(eve), amount="opening")
    booked = _by_day(pl.concat([opening, held.select("date", "amount")]), eve, "ledger")
    entries = linked.entries.filter(pl.col("counts_on") <= last)
    counted = _by_day(entries.select(date="counts_on", amount=wide() * linked.sign), eve, "open")
    days = pl.DataFrame({"date": pl.date_range(eve, last, eager=True)})
    series = (
        days.join(booked, on="date", how="left")
        .join(counted, on="date", how="left")
        .sort("date")
        .with_columns(pl.col("ledger", "open").fill_null(0).cum_sum())
        .with_columns(
            difference=pl.col("ledger") - pl.col("open") * linked.sign,
            final=pl.col("date") <= linked.facts.complete_to,
        )
    )
    return fitted(series, "ledger", "open", "difference").select(*DAILY)


def _by_day(amounts: pl.DataFrame, eve: date, name: str) -> pl.DataFrame:
    """Sums per day; what came before `eve` is part of it."""
    return amounts.group_by(date=pl.max_horizontal("date", pl.lit(eve))).agg(wide().sum().alias(name))
