"""Balances as the source states them, added up per account. Amounts are öre as Int128: no sum here can wrap."""

import polars as pl

from closing_host.api.ledger import BalanceKind, Ledger
from closing_host.ledgers.accounts import is_result_account
from closing_host.ledgers.amounts import wide


def stated_balances(ledger: Ledger, kind: BalanceKind, year: int) -> pl.DataFrame:
    """`account`, `amount` of one kind and year; empty when the source states none. "" is an unreadable account."""
    return _totals(ledger, kind, year).group_by(pl.col("account").fill_null("")).agg(wide().sum()).sort("account")


def stated_months(ledger: Ledger) -> pl.DataFrame:
    """`account`, `period` (YYYYMM), `amount` of the year's monthly changes (#PSALDO)."""
    return (
        _totals(ledger, "PSALDO", 0)
        .group_by(pl.col("account").fill_null(""), "period")
        .agg(wide().sum())
        .sort("account", "period")
    )


def stated_openings(ledger: Ledger) -> pl.DataFrame:
    """`account`, `amount`: #IB 0, or last year's #UB -1 of a ledger that states no #IB 0 at all (SIE 1.6)."""
    opening = stated_balances(ledger, "IB", 0)
    return opening if opening.height else stated_balances(ledger, "UB", -1)


def stated_closings(ledger: Ledger) -> pl.DataFrame:
    """`account`, `amount`: a result account's #RES 0, any other's #UB 0; the other kind where that is all there is."""
    balance = stated_balances(ledger, "UB", 0).rename({"amount": "balance"})
    result = stated_balances(ledger, "RES", 0).rename({"amount": "result"})
    both = balance.join(result, on="account", how="full", coalesce=True)
    amount = (
        pl.when(is_result_account()).then(pl.coalesce("result", "balance")).otherwise(pl.coalesce("balance", "result"))
    )
    return both.select("account", amount=amount).sort("account")


def _totals(ledger: Ledger, kind: BalanceKind, year: int) -> pl.DataFrame:
    """Without the rows per object: type 3 states those beside their total, and adding both doubles (SIE 1.6)."""
    return ledger.balances.filter(
        (pl.col("kind") == kind)
        & (pl.col("year") == year)
        & (pl.col("objects").list.len().fill_null(0) == 0)
        & pl.col("amount").is_not_null()
    )
