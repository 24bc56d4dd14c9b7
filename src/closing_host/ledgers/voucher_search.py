"""Finding vouchers: by words, amount, number, series, account, day, and whether they were corrected. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.amounts import fitted, wide

Order = Literal["number", "date", "newest"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
"""By series and number; by date; by date, the newest first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; a voucher has to fit all that is stated. `series` None: any, also "" is one.

    `search`: words in the text of the voucher or of a row, its series and number (`A 12`, `12`), or the amount of a
    row in kronor (`1 250,00`), whichever way it was booked. `account`: one that a booked row is on. `first` and
    `last`: days, both included. `corrected`: has struck or added rows.
    """

    search: str = ""
    series: str | None = None
    account: str = ""
    first: date | None = None
    last: date | None = None
    corrected: bool = False


def find_vouchers(ledger: Ledger, wanted: Wanted, order: Order = "number") -> pl.DataFrame:
    """`voucher` (key), `series`, `number`, `date`, `text` of the vouchers that fit, in order."""
    found = ledger.vouchers.select("voucher", "series", "number", "date", "text")
    if wanted.series is not None:
        found = found.filter(pl.col("series").fill_null("") == wanted.series)
    if wanted.first is not None:
        found = found.filter(pl.col("date") >= wanted.first)
    if wanted.last is not None:
        found = found.filter(pl.col("date") <= wanted.last)
    if wanted.account:
        on_account = (pl.col("kind") == "booked") & (pl.col("account") == wanted.account)
        found = _with_rows(found, ledger, on_account)
    if wanted.corrected:
        found = _with_rows(found, ledger, pl.col("kind") != "booked")
    if words := wanted.search.strip():
        found = _matching(found, ledger, words)
    if order == "number":
        return _by_number(found)
    return found.sort("date", "voucher", descending=order == "newest", nulls_last=True)


def told_vouchers(ledger: Ledger, keys: pl.Series) -> pl.DataFrame:
    """The vouchers with these `keys`, in their order: the columns of `find_vouchers` and of `with_amounts`."""
    heads = ledger.vouchers.filter(pl.col("voucher").is_in(keys.implode()))
    found = keys.alias("voucher").to_frame().join(heads, on="voucher", how="left", maintain_order="left")
    return with_amounts(found.select("voucher", "series", "number", "date", "text"), ledger)


def with_amounts(vouchers: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """`vouchers` with `amount`, the sum of their booked debits in öre, and `corrected`. For one page of a long list.

    Raises `DataError` for a sum beyond Int64.
    """
    rows = ledger.rows.filter(pl.col("voucher").is_in(vouchers["voucher"].implode()))
    debits = (
        rows.filter((pl.col("kind") == "booked") & (pl.col("amount") > 0))
        .group_by("voucher")
        .agg(wide().sum().alias("amount"))
    )
    corrected = rows.filter(pl.col("kind") != "booked").select("voucher", corrected=pl.lit(True)).unique()
    return fitted(
        vouchers.join(debits, on="voucher", how="left", maintain_order="left")
        .join(corrected, on="voucher", how="left", maintain_order="left")
        .with_columns(pl.col("amount").fill_null(0), pl.col("corrected").fill_null(False)),
        "amount",
    )


_AMOUNT: Final = re.compile(r"-?([0-9]{1,15})(?:[.,]([0-9]{1,2}))?")
_BLANKS: Final = re.compile(r"\s")


def ore_of(text: str) -> int | None:
    """The amount that a user typed, in öre without sign: `1 250`, `1250,5`, `-1 250.00`; None for anything else."""
    parts = _AMOUNT.fullmatch(_BLANKS.sub("", text))
    return None if parts is None else int(parts[1]) * 100 + int((parts[2] or "").ljust(2, "0"))


def _by_number(vouchers: pl.DataFrame) -> pl.DataFrame:
    """By series, then by number as a number; numbers that are none last, as they came.

    By one whole number that holds the place of the series before the voucher's number: sorting a quarter of a million
    texts, or by several columns, takes longer than all the rest of a page.
    """
    series = vouchers.select("series").unique().sort("series", nulls_last=True).with_row_index("place")
    placed = vouchers.join(series, on="series", how="left", nulls_equal=True, maintain_order="left")
    number = pl.col("number").cast(pl.Int64, strict=False).fill_null(_LARGEST)
    key = pl.col("place").cast(pl.Int128) * 2**64 + number.cast(pl.Int128)
    return placed.sort(key, "voucher").drop("place")


_LARGEST: Final = 2**63 - 1


def _with_rows(vouchers: pl.DataFrame, ledger: Ledger, rows: pl.Expr) -> pl.DataFrame:
    return vouchers.join(ledger.rows.lazy().filter(rows).select("voucher").collect(), on="voucher", how="semi")


def _matching(vouchers: pl.DataFrame, ledger: Ledger, words: str) -> pl.DataFrame:
    own = _says("text", words) | _is_number(words, vouchers["series"].unique().to_list())
    of_rows = _says("text", words)
    if (ore := ore_of(words)) is not None:
        of_rows |= (pl.col("kind") == "booked") & pl.col("amount").is_in([ore, -ore])
    keys = [
        vouchers.lazy().filter(own).select("voucher"),
        ledger.rows.lazy().filter(of_rows).select("voucher"),
    ]
    return vouchers.join(pl.concat(pl.collect_all(keys)), on="voucher", how="semi")


def _says(column: str, words: str) -> pl.Expr:
    # Looking without regard to case costs a third of writing a million texts anew in small letters.
    return pl.col(column).str.contains(f"(?i){pl.escape_regex(words)}").fill_null(False)


def _is_number(words: str, series: Iterable[str | None]) -> pl.Expr:
    """The series and number, with or without a blank between them, or the number alone."""
    wanted = _BLANKS.sub("", words).lower()
    number = pl.col("number").fill_null("").str.to_lowercase()
    named = [
        (pl.col("series").fill_null("") == each) & (number == wanted[len(each.lower()) :])
        for each in {each or "" for each in series}
        if wanted.startswith(each.lower())
    ]
    return pl.any_horizontal(number == wanted, *named)
