"""Closing entries in the balances: the books as they are with every entry that counts (P 7.5.4).

The books themselves are never touched: comparisons, history and fingerprints see the imported ledger alone.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from closing_host.api.ledger import SCHEMAS, BalanceKind, Ledger
from closing_host.closing.entries import ClosingEntry
from closing_host.ledgers.accounts import is_result_account
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import movements as booked_movements

MOVEMENTS: Final[dict[str, Any]] = {"account": pl.String, "period": pl.String, "amount": pl.Int64}
"""Columns of `movements`: `period` as in `EntryContent`, `amount` in öre, debit positive."""

_TOTAL: Final = (
    (pl.col("year") == 0) & (pl.col("objects").list.len().fill_null(0) == 0) & pl.col("amount").is_not_null()
)


def counted(entries: Iterable[ClosingEntry]) -> tuple[ClosingEntry, ...]:
    """Those that are part of the balances, in the order in which they are booked: by date, V before S, number."""
    counting = (entry for entry in entries if entry.counts)
    return tuple(sorted(counting, key=lambda each: (each.content.date, each.kind != "V", each.number)))


def movements(entries: Iterable[ClosingEntry]) -> pl.DataFrame:
    """What the counted entries move, summed by account and period and sorted: the columns of `MOVEMENTS`.

    Raises `DataError` `sum-too-large` for a sum beyond Int64.
    """
    rows = [(row.account, entry.content.period, row.amount) for entry in counted(entries) for row in entry.content.rows]
    frame = pl.DataFrame(rows, schema=MOVEMENTS, orient="row")
    summed = frame.group_by("account", "period").agg(wide().sum())
    return fitted(summed, "amount").sort("account", "period").select(*MOVEMENTS)


def with_entries(ledger: Ledger, entries: Iterable[ClosingEntry]) -> Ledger:
    """The ledger with the counted entries booked: the same ledger when there are none.

    Each is a voucher after the ledger's own, without series and with its label as number ("V1"), so that trial
    balance, account analysis and files show it. Closing balances and results (UB, RES) and monthly changes (PSALDO)
    of the year move with it where the ledger states that kind; what it states per object (OUB, PSALDO with objects)
    stays. A ledger whose figures are stated without vouchers (SIE 1-3) gets no vouchers either: its figures alone
    move.

    Raises `ValueError` for an entry of another year, `DataError` `sum-too-large` for a balance beyond Int64.
    """
    counting = counted(entries)
    if not counting:
        return ledger
    if ledger.year is not None and any(each.year_start != ledger.year.start for each in counting):
        raise ValueError("a closing entry of another financial year")
    figures_only = _states_figures_only(ledger)
    balances = _moved(ledger, counting, both=figures_only)
    if figures_only:
        return dataclasses.replace(ledger, balances=balances)
    first = 0 if ledger.vouchers.is_empty() else int(ledger.vouchers["voucher"].max()) + 1  # type: ignore[arg-type]
    return dataclasses.replace(
        ledger,
        balances=balances,
        vouchers=pl.concat([ledger.vouchers, _vouchers(counting, first)]),
        rows=pl.concat([ledger.rows, _rows(counting, first)]),
    )


def _states_figures_only(ledger: Ledger) -> bool:
    """Whether its changes are stated and not booked, so that vouchers would take their place."""
    return not ledger.vouchers.height and bool(booked_movements(ledger, by="year").filter(pl.col("change") != 0).height)


def _vouchers(entries: tuple[ClosingEntry, ...], first: int) -> pl.DataFrame:
    records = [
        {
            "voucher": key,
            "series": "",
            "number": entry.label,
            "date": entry.content.date,
            "text": entry.content.text,
            "signature": "",
        }
        for key, entry in enumerate(entries, first)
    ]
    return pl.DataFrame(records, schema=dict(SCHEMAS["vouchers"]))


def _rows(entries: tuple[ClosingEntry, ...], first: int) -> pl.DataFrame:
    records = [
        {
            "voucher": key,
            "row": number,
            "kind": "booked",
            "account": row.account,
            "amount": row.amount,
            "objects": [{"dimension": dimension, "object": code} for dimension, code in row.objects],
            "text": row.text,
            "signature": "",
        }
        for key, entry in enumerate(entries, first)
        for number, row in enumerate(entry.content.rows)
    ]
    return pl.DataFrame(records, schema=dict(SCHEMAS["rows"]))


def _moved(ledger: Ledger, entries: tuple[ClosingEntry, ...], *, both: bool) -> pl.DataFrame:
    """The stated balances with what the entries move, of each kind that the ledger states at all.

    `both`: where it states one of UB and RES the other one is zero, and not unknown, so it is begun.
    """
    moves = pl.DataFrame(
        [
            (row.account, entry.content.date.year * 100 + entry.content.date.month, row.amount)
            for entry in entries
            for row in entry.content.rows
        ],
        schema={"account": pl.String, "period": pl.Int32, "delta": pl.Int64},
        orient="row",
    )
    balances = ledger.balances
    months = _of(balances, "PSALDO")
    if months.height:
        by_month = moves.group_by("account", "period").agg(wide("delta").sum())
        balances = _added(balances, by_month.with_columns(kind=pl.lit("PSALDO")))
    in_all = moves.group_by("account").agg(wide("delta").sum()).filter(pl.col("delta") != 0)
    placed = _closing_kinds(ledger, in_all.with_columns(period=pl.lit(None, pl.Int32)), both=both)
    return _added(balances, placed)


def _of(balances: pl.DataFrame, kind: BalanceKind) -> pl.DataFrame:
    return balances.filter(pl.col("kind") == kind, _TOTAL)


def _closing_kinds(ledger: Ledger, moves: pl.DataFrame, *, both: bool) -> pl.DataFrame:
    """`moves` with the `kind` under which each account's closing is stated, or would be; without those of no kind.

    A result account's is RES and any other's UB, unless the source states it under the other alone.
    """
    stated = {kind: _of(ledger.balances, kind)["account"] for kind in ("UB", "RES")}
    own = pl.when(is_result_account()).then(pl.lit("RES")).otherwise(pl.lit("UB"))
    in_balance, in_result = (pl.col("account").is_in(stated[kind].implode()) for kind in ("UB", "RES"))
    kind = (
        pl.when(is_result_account() & ~in_result & in_balance)
        .then(pl.lit("UB"))
        .when(~is_result_account() & ~in_balance & in_result)
        .then(pl.lit("RES"))
        .otherwise(own)
    )
    kinds = [each for each in stated if stated[each].len()]
    return moves.with_columns(kind=kind).filter(pl.col("kind").is_in(list(stated) if both and kinds else kinds))


def _added(balances: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """`balances` with each move on the first row of its kind, account and period, or on a new row at the end."""
    key = ["kind", "account", "period"]
    typed = moves.with_columns(pl.col("kind").cast(SCHEMAS["balances"]["kind"]))
    places = balances.with_row_index("place").filter(_TOTAL).group_by(key).agg(pl.col("place").min())
    found = typed.join(places, on=key, how="left", nulls_equal=True)
    moved = (
        balances.with_row_index("place")
        .join(found.filter(pl.col("place").is_not_null()).select("place", "delta"), on="place", how="left")
        .sort("place")
        .with_columns(amount=pl.when(pl.col("delta").is_null()).then(wide()).otherwise(wide() + pl.col("delta")))
    )
    new = (
        found.filter(pl.col("place").is_null())
        .sort(key)
        .select(
            "kind",
            year=pl.lit(0, pl.Int16),
            period="period",
            account="account",
            objects=pl.lit([], SCHEMAS["balances"]["objects"]),
            amount="delta",
            quantity=pl.lit(None, SCHEMAS["balances"]["quantity"]),
        )
    )
    columns = list(SCHEMAS["balances"])
    return fitted(pl.concat([moved.select(columns), new.select(columns)]), "amount")
