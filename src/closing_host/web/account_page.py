"""*Kontoanalys*: a page of one account's rows, and a voucher with the history of its corrections. Pure, over books."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import told_rows
from closing_host.web.grid import Line

ROWS_AT_ONCE: Final = 500

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Page `page` of `pages` of an account's rows, as `account_ledger` gives them. Öre, debit positive.

    `before`: the balance before the first of `rows`; `count`: how many rows there are in all.
    """

    line: Line
    rows: tuple[Row, ...]
    before: int
    count: int
    page: int
    pages: int


def account_page(ledger: Ledger, line: Line, running: pl.DataFrame, page: int = 1) -> AccountPage:
    """`running`: the `running_rows` of the account of `line`, same ledger. A page beyond the last is the last."""
    pages = max(1, -(-running.height // ROWS_AT_ONCE))
    page = min(max(page, 1), pages)
    part = told_rows(ledger, running.slice((page - 1) * ROWS_AT_ONCE, ROWS_AT_ONCE))
    before = part["balance"][0] - part["amount"][0] if part.height else line.opening
    if part.height and page == pages:  # what is drilled into and what it is drilled from never disagree (P 7.2)
        assert part["balance"][-1] == line.closing, line.account
    return AccountPage(line, tuple(part.drop("objects").iter_rows(named=True)), before, running.height, page, pages)


def until(line: Line, running: pl.DataFrame, end: date, *, without: Collection[int] = ()) -> tuple[Line, pl.DataFrame]:
    """The account as it stands when `end` is over: its line and its `running_rows`, vouchers `without` aside.

    Rows whose date cannot be read belong to no period. Raises `DataError` `sum-too-large` for a balance beyond Int64.
    """
    own = running.filter((pl.col("date") <= end) & ~pl.col("voucher").is_in(list(without)))
    rows = fitted(own.with_columns(balance=wide().cum_sum() + line.opening), "balance")
    return replace(line, closing=rows["balance"][-1] if rows.height else line.opening), rows


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """A voucher's head, its `booked` rows, and the `history` of its corrections: rows that were struck or added.

    Rows have the account's `name`, and `objects` as texts such as `Kostnadsställe 10 Norr`. `debit` and `credit`: sums
    of the booked rows in öre, both positive.
    """

    head: Row
    booked: tuple[Row, ...]
    history: tuple[Row, ...]
    debit: int
    credit: int


def voucher_page(ledger: Ledger, head: Row, rows: pl.DataFrame) -> VoucherPage:
    """`head` and `rows` are a voucher's of `ledger`, which names accounts, dimensions and objects."""
    names = ledger.accounts.unique("account", keep="first", maintain_order=True).select("account", "name")
    named = rows.sort("row").join(names, on="account", how="left", maintain_order="left")
    dimensions = dict(ledger.dimensions.select("dimension", "name").iter_rows())
    objects = {(dimension, code): name for dimension, code, name in ledger.objects.iter_rows()}

    def spelt(one: Row) -> str:
        dimension, code = one["dimension"], one["object"]
        return " ".join(
            filter(None, [dimensions.get(dimension) or f"#{dimension}", code, objects.get((dimension, code))])
        )

    told = [
        {**row, "objects": tuple(spelt(each) for each in row["objects"] or ())} for row in named.iter_rows(named=True)
    ]
    booked = tuple(row for row in told if row["kind"] == "booked")
    amounts = [row["amount"] or 0 for row in booked]
    debit, credit = sum(each for each in amounts if each > 0), -sum(each for each in amounts if each < 0)
    return VoucherPage(head, booked, tuple(row for row in told if row["kind"] != "booked"), debit, credit)
