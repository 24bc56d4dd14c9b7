"""Exactly what differs between two ledgers, whatever their sources: files, snapshots, a live source."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.company_differences import company_differences
from closing_host.ledgers.comparable import ROW_FIELDS, Comparable, comparable
from closing_host.ledgers.differences import (
    CHANGE,
    balance_differences,
    keyed_differences,
    month_differences,
    row_differences,
    total_differences,
    voucher_field_differences,
)
from closing_host.ledgers.matching import match_vouchers
from closing_host.ledgers.not_compared import NotCompared, columns_not_compared

FRAMES: Final = ("company", "accounts", "objects", "balances", "vouchers", "voucher_fields", "rows", "totals", "months")
"""The frames of a `Comparison`, in the order in which they are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The differences from ledger `a` (old) to ledger `b` (new); empty frames when there are none.

    Amounts are öre, debit positive; differences are b - a; `change` is new (only in b), removed (only in a) or
    changed. `voucher_a` and `voucher_b` are the ledgers' own voucher keys, null where the voucher is missing.
    """

    company: pl.DataFrame
    """`field` (`company.name`, `years.0`, `currency`), `old`, `new`."""
    accounts: pl.DataFrame
    """`account`, `change`, `field`, `old`, `new`; one line per changed field."""
    objects: pl.DataFrame
    """`dimension`, `object` (null for the dimension itself), `change`, `field`, `old`, `new`."""
    balances: pl.DataFrame
    """`kind`, `year`, `period`, `account`, `objects` (text), `a`, `b`, `difference`, `quantity_a`, `quantity_b`."""
    vouchers: pl.DataFrame
    """`change`, `series`, `number`, `date`, `text`, `voucher_a`, `voucher_b`; date and text are b's unless removed."""
    voucher_fields: pl.DataFrame
    """Changed vouchers' fields: `voucher_a`, `voucher_b`, `series`, `number`, `field`, `old`, `new`."""
    rows: pl.DataFrame
    """Changed vouchers' rows: keys as above, `change` (removed or new), `kind`, `account`, `amount`, `objects`
    (text), `date`, `text`, `quantity`, `signature`, `count` (how many such rows)."""
    totals: pl.DataFrame
    """Sum of booked rows per account, differing or not: `account`, `a`, `b`, `difference`."""
    months: pl.DataFrame
    """What the differing vouchers move by account and month: `account`, `period` (YYYYMM), `difference`."""
    not_compared: tuple[NotCompared, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Differences by kind: each voucher, account, object, balance and field of the company counts once."""
        changes = self.vouchers["change"]
        return {
            "company": self.company.height,
            "accounts": self.accounts["account"].n_unique(),
            "objects": self.objects.select("dimension", "object").n_unique(),
            "balances": self.balances.height,
            "vouchers_new": int((changes == "new").sum()),
            "vouchers_removed": int((changes == "removed").sum()),
            "vouchers_changed": int((changes == "changed").sum()),
        }

    @property
    def count(self) -> int:
        """The number of differences; totals follow from the vouchers and do not count."""
        return sum(self.counts.values())

    @property
    def equal(self) -> bool:
        """No difference in anything that was compared."""
        return self.count == 0

    def as_records(self) -> dict[str, object]:
        """All of it as JSON can hold it: dates and quantities as text, amounts as integer öre."""
        return {
            "equal": self.equal,
            "count": self.count,
            "counts": dict(self.counts),
            "not_compared": [asdict(each) for each in self.not_compared],
            **{name: _plain(getattr(self, name)) for name in FRAMES},
        }


def compare(
    a: Ledger,
    b: Ledger,
    *,
    absent_in_a: frozenset[str] = frozenset(),
    absent_in_b: frozenset[str] = frozenset(),
) -> Comparison:
    """Every difference from `a` to `b`, vouchers matched as in `matching`, texts compared without outer blanks.

    `absent_in_a` and `absent_in_b` name what the ledgers' sources declare that they cannot hold (`FINANCIAL_DATA`).
    That, whole columns (registration date, signature, quantity, account type, unit, SRU), kinds of balances per
    year, and fields of the company that only one of the two states, are listed in `not_compared` instead of counted.
    Raises `ValueError` for an unknown name, `DataError` when a sum exceeds Int64.
    """
    company, one_sided = company_differences(a, b)
    left_out = columns_not_compared(a, b, absent_in_a, absent_in_b)
    skipped = {each.field for each in left_out if each.year is None}
    first, second = comparable(a, skipped), comparable(b, skipped)
    matches = match_vouchers(first, second, same_year=_same_year(a, b))
    pairs = matches.drop_nulls().sort("a").with_row_index("pair")
    fields = voucher_field_differences(first, second, pairs)
    rows = row_differences(first, second, pairs)
    changed = pairs.join(pl.concat([fields.select("pair"), rows.select("pair")]), on="pair", how="semi")
    named = _named(first, second, changed).sort("pair")
    names = named.select("pair", "voucher_a", "voucher_b", "series", "number")
    vouchers = _in_order(
        pl.concat(
            [
                named.select(_VOUCHER_COLUMNS),
                _alone(first, matches.filter(pl.col("b").is_null()), "a"),
                _alone(second, matches.filter(pl.col("a").is_null()), "b"),
            ]
        )
    )
    return Comparison(
        company=company,
        accounts=keyed_differences(first.accounts, second.accounts, ["account"], ["name", "type", "unit", "sru"]),
        objects=_object_differences(first, second),
        balances=balance_differences(first, second),
        vouchers=vouchers,
        voucher_fields=names.join(fields, on="pair").sort("pair", "field").drop("pair"),
        rows=names.join(rows, on="pair").sort("pair", "change", *ROW_FIELDS).select(*_ROW_COLUMNS),
        totals=total_differences(first, second),
        months=month_differences(first, second, vouchers),
        not_compared=(*left_out, *one_sided),
    )


_VOUCHER_COLUMNS: Final = ("change", "series", "number", "date", "text", "voucher_a", "voucher_b")
_ROW_COLUMNS: Final = ("voucher_a", "voucher_b", "series", "number", "change", *ROW_FIELDS, "count")


def _same_year(a: Ledger, b: Ledger) -> bool:
    """The year is part of the voucher key; a ledger without one (SIE 4I) may belong to any."""
    return a.year is None or b.year is None or a.year.start == b.year.start


def _named(a: Comparable, b: Comparable, changed: pl.DataFrame) -> pl.DataFrame:
    """The changed pairs with b's series, number, date and text, in a's source order."""
    return changed.join(b.vouchers, left_on="b", right_on="voucher").select(
        "pair", *_VOUCHER_COLUMNS[1:5], change=pl.lit("changed", CHANGE), voucher_a="a", voucher_b="b"
    )


def _alone(side: Comparable, matches: pl.DataFrame, name: str) -> pl.DataFrame:
    return (
        side.vouchers.join(matches, left_on="voucher", right_on=name, how="semi")
        .with_columns(
            change=pl.lit("removed" if name == "a" else "new", CHANGE),
            voucher_a=pl.col("voucher") if name == "a" else pl.lit(None, pl.UInt32),
            voucher_b=pl.col("voucher") if name == "b" else pl.lit(None, pl.UInt32),
        )
        .select(_VOUCHER_COLUMNS)
    )


def _in_order(vouchers: pl.DataFrame) -> pl.DataFrame:
    """By series and number, numbers of more digits after those of fewer; new before removed before changed."""
    digits = pl.col("number").str.len_chars()
    return vouchers.sort("change", "series", digits, "number", "voucher_a", "voucher_b")


def _object_differences(a: Comparable, b: Comparable) -> pl.DataFrame:
    dimensions = keyed_differences(a.dimensions, b.dimensions, ["dimension"], ["name", "parent"])
    objects = keyed_differences(a.objects, b.objects, ["dimension", "object"], ["name"])
    return pl.concat([dimensions.with_columns(object=pl.lit(None, pl.String)).select(objects.columns), objects]).sort(
        "dimension", "object", "field"
    )


def _plain(frame: pl.DataFrame) -> list[dict[str, object]]:
    return [
        {
            name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
            for name, value in record.items()
        }
        for record in frame.iter_rows(named=True)
    ]
