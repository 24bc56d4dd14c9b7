"""Controls of balances against each other and against the rows: I02-I05 and I11 (P 7.1)."""

from typing import Final

import polars as pl

from closing_host.api.ledger import Finding, Ledger
from closing_host.api.money import decimal_from_ore
from closing_host.ledgers.accounts import is_balance_account, is_internal_account, is_result_account
from closing_host.ledgers.amounts import wide
from closing_host.ledgers.controls.result import (
    NO_VOUCHERS,
    Answer,
    Context,
    booked_with_amount,
    could_not_run,
    found,
    shown,
)
from closing_host.ledgers.stated import stated_balances, stated_closings, stated_openings

NOT_FULL_YEAR: Final = "control-not-full-year"
NO_OPENING: Final = "control-no-opening"
NO_PREVIOUS_CLOSING: Final = "control-no-previous-closing"
NO_CLOSING: Final = "control-no-closing"
NO_RESULT: Final = "control-no-result"


def closing_differs(ledger: Ledger, context: Context) -> Answer:
    """I02: a stated #UB 0 is not opening balance + rows, or a stated #RES 0 is not the rows.

    Zero balances may be left out, so an unstated one counts as zero on classes 1-8. Runs only when the file covers
    the full year: with vouchers, without an earlier #OMFATTN, and with closing balances wherever the rows need them
    (an export filtered by voucher states none, or no results, and its sums say nothing).
    """
    if not ledger.vouchers.height:
        return could_not_run(NO_VOUCHERS)
    if ledger.covered_until and ledger.year and ledger.covered_until < ledger.year.end:
        return could_not_run(NOT_FULL_YEAR, covered_until=ledger.covered_until)
    opening = stated_openings(ledger)
    rows = booked_with_amount(ledger).group_by("account").agg(wide().sum())
    closing, result = stated_balances(ledger, "UB", 0), stated_balances(ledger, "RES", 0)
    figures = (
        rows.rename({"amount": "rows"})
        .join(opening.rename({"amount": "opening"}), on="account", how="full", coalesce=True)
        .join(closing.rename({"amount": "closing"}), on="account", how="full", coalesce=True)
        .join(result.rename({"amount": "result"}), on="account", how="full", coalesce=True)
        .with_columns(pl.col("rows", "opening").fill_null(0))
    )
    balance = _against(
        figures, "closing", pl.col("opening") + pl.col("rows"), is_balance_account(), "i02-closing-differs"
    )
    income = _against(figures, "result", pl.col("rows"), is_result_account(), "i02-result-differs")
    if not closing.height and balance.height:
        return could_not_run(NO_CLOSING)
    if not result.height and income.height:
        return could_not_run(NO_RESULT)
    off = pl.concat([balance, income]).sort("account", "code")
    return found(
        (
            Finding(
                each["code"],
                "error",
                parameters={
                    "account": each["account"],
                    "stated": decimal_from_ore(each["stated"]),
                    "computed": decimal_from_ore(each["computed"]),
                    "difference": decimal_from_ore(each["stated"] - each["computed"]),
                },
            )
            for each in shown(off, context)
        ),
        off.height,
    )


def opening_differs(ledger: Ledger, context: Context) -> Answer:
    """I03: #IB 0 is not #UB -1 on a balance account. Says so when the total is last year's unbooked result."""
    opening, closing = stated_balances(ledger, "IB", 0), stated_balances(ledger, "UB", -1)
    if not opening.height:
        return could_not_run(NO_OPENING)
    if not closing.height:
        return could_not_run(NO_PREVIOUS_CLOSING)
    off = (
        opening.rename({"amount": "opening"})
        .join(closing.rename({"amount": "closing"}), on="account", how="full", coalesce=True)
        .filter(is_balance_account())
        .with_columns(pl.col("opening", "closing").fill_null(0))
        .filter(pl.col("opening") != pl.col("closing"))
        .sort("account")
    )
    findings = [
        Finding(
            "i03-opening-differs",
            "warning",
            parameters={
                "account": each["account"],
                "opening": decimal_from_ore(each["opening"]),
                "closing": decimal_from_ore(each["closing"]),
                "difference": decimal_from_ore(each["opening"] - each["closing"]),
            },
        )
        for each in shown(off, context)
    ]
    total = int(off["opening"].sum()) - int(off["closing"].sum())
    if total and total == _unbooked_result(ledger, closing):
        findings.insert(0, Finding("i03-previous-result", "info", parameters={"amount": decimal_from_ore(total)}))
    return found(findings, off.height)


def opening_not_zero(ledger: Ledger, context: Context) -> Answer:
    """I04: the opening balances do not sum to zero: the year before was not closed."""
    opening = stated_balances(ledger, "IB", 0)
    if not opening.height:
        return could_not_run(NO_OPENING)
    total = int(opening["amount"].sum())
    finding = Finding("i04-opening-not-zero", "warning", parameters={"amount": decimal_from_ore(total)})
    return found([finding], int(total != 0))


def opening_on_result_account(ledger: Ledger, context: Context) -> Answer:
    """I05: a result account has an opening balance, which no balance of ours counts."""
    opening = stated_balances(ledger, "IB", 0)
    if not opening.height:
        return could_not_run(NO_OPENING)
    off = opening.filter(is_result_account() & (pl.col("amount") != 0)).sort("account")
    return found(
        (
            Finding(
                "i05-opening-on-result-account",
                "warning",
                parameters={"account": each["account"], "amount": decimal_from_ore(each["amount"])},
            )
            for each in shown(off, context)
        ),
        off.height,
    )


def internal_not_zero(ledger: Ledger, context: Context) -> Answer:
    """I11: the closing balances of class 9 do not net to zero. Information."""
    closing = _closings(ledger).group_by("account").agg(pl.col("amount").sum())
    internal = closing.filter(is_internal_account() & (pl.col("amount") != 0)).sort("account")
    total = int(internal["amount"].sum())
    accounts = ", ".join(internal["account"])
    finding = Finding(
        "i11-internal-not-zero",
        "info",
        parameters={"amount": decimal_from_ore(total), "accounts": accounts},
    )
    return found([finding], int(total != 0))


def _closings(ledger: Ledger) -> pl.DataFrame:
    """`account`, `amount`, to be added up per account: opening balances and rows, or stated closing balances."""
    if not ledger.vouchers.height:
        return stated_closings(ledger)
    rows = booked_with_amount(ledger).select("account", wide())
    return pl.concat([stated_openings(ledger), rows])


def _against(figures: pl.DataFrame, stated: str, computed: pl.Expr, needed: pl.Expr, code: str) -> pl.DataFrame:
    """`account`, `code`, `stated`, `computed` where they differ; `needed` accounts also where nothing is stated."""
    return (
        figures.filter(pl.col(stated).is_not_null() | needed)
        .select("account", code=pl.lit(code), stated=pl.col(stated).fill_null(0), computed=computed)
        .filter(pl.col("stated") != pl.col("computed"))
    )


def _unbooked_result(ledger: Ledger, closing: pl.DataFrame) -> int:
    """The result of the year before in SIE sign: as stated, else what its closing balances lack to sum to zero."""
    result = stated_balances(ledger, "RES", -1)
    return int(result["amount"].sum() if result.height else -closing["amount"].sum())
