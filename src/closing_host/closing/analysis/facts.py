"""What the checks look at: the books of the year and of the year before, laid out once for all checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.api.subledger import Side
from closing_host.ledgers.amounts import wide
from closing_host.ledgers.balances import opening_balances


@dataclass(frozen=True, slots=True, eq=False)
class SignedOff:
    """A period that is *Klar* or *Låst*: its days, and the vouchers (`series`, `number`) that it had then."""

    start: date
    end: date
    vouchers: pl.DataFrame


@dataclass(frozen=True, eq=False)
class AnalysisFacts:
    """The books and the period under analysis.

    `ledger` holds the closing entries that count; `previous` is the books of the year before, None when they are not
    imported. `start` and `end`: the period, both included; `year_end`: it is *Årsavslut*. `imported_on`: the day of
    the import. `manual_series`: those in which people post by hand, None when the source cannot tell. `documents`:
    the columns of `closing.facts.DOCUMENTS` for each side that the source states; `payments` likewise;
    `control_accounts` of each side. `cannot_hold`: what the source's data cannot hold (`api.ledger.FINANCIAL_DATA`).
    """

    ledger: Ledger
    start: date
    end: date
    previous: Ledger | None = None
    year_end: bool = False
    imported_on: date | None = None
    manual_series: frozenset[str] | None = None
    signed_off: Sequence[SignedOff] = ()
    documents: Mapping[Side, pl.DataFrame] = field(default_factory=dict)
    payments: Mapping[Side, pl.DataFrame] = field(default_factory=dict)
    control_accounts: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)
    cannot_hold: frozenset[str] = frozenset()

    @cached_property
    def vouchers(self) -> pl.DataFrame:
        """The year's vouchers that are dated by the end of the period, or not readably, in source order."""
        dated = pl.col("date")
        return self.ledger.vouchers.filter(dated.is_null() | (dated <= self.end))

    @cached_property
    def year(self) -> pl.DataFrame:
        """The year's booked rows until the end of the period, as `booked`."""
        return booked(self.ledger).filter(pl.col("date") <= self.end)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The period's booked rows, as `booked`."""
        return self.year.filter(pl.col("date") >= self.start)

    @cached_property
    def earlier(self) -> pl.DataFrame:
        """The booked rows before the period, of the year before too, as `booked`; their `voucher` is no key."""
        before = self.year.filter(pl.col("date") < self.start)
        if self.previous is None:
            return before
        return pl.concat([booked(self.previous).filter(pl.col("date") < self.start), before])

    @cached_property
    def closing(self) -> pl.DataFrame:
        """`account`, `opening`, `closing` (öre, Int128) at the end of the period of every account that has either."""
        moved = self.year.group_by("account").agg(change=wide().sum())
        return (
            opening_balances(self.ledger)
            .join(moved, on="account", how="full", coalesce=True)
            .with_columns(wide("opening").fill_null(0), pl.col("change").fill_null(0))
            .select("account", "opening", closing=pl.col("opening") + pl.col("change"))
            .sort("account")
        )


def booked(ledger: Ledger) -> pl.DataFrame:
    """The rows that count, each with its voucher: `voucher`, `row`, `account`, `amount`, `row_text`, `series`,
    `number`, `date`, `text`, `month` (YYYYMM). Rows without amount or account, or without a date, are in no period."""
    voucher = ledger.vouchers.lazy().select("voucher", "series", "number", "date", "text")
    return (
        ledger.rows.lazy()
        .filter((pl.col("kind") == "booked") & pl.col("amount").is_not_null() & pl.col("account").is_not_null())
        .select("voucher", "row", "account", "amount", row_text="text")
        .join(voucher, on="voucher")
        .filter(pl.col("date").is_not_null())
        .with_columns(month=pl.col("date").dt.year() * 100 + pl.col("date").dt.month())
        .sort("voucher", "row")
        .collect()
    )


def a_year_before(day: date) -> date:
    """The same day a year earlier; the last of February for a leap day, and for what is a month's last day."""
    try:
        earlier = day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)
    leap = (earlier.month, earlier.day) == (2, 28) and day.month == 2 and _is_leap(earlier.year)
    return date(earlier.year, 2, 29) if leap else earlier


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
