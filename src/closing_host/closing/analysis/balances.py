"""Checks of balances: TA14, TA19, TA25-TA30 (P 7.3)."""

from typing import Final

import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Values, among
from closing_host.closing.analysis.result import Found, could_not_run
from closing_host.closing.system_entries.equity import RESULT, RESULT_BOOKED, RESULT_EQUITY, RESULT_SOLE_TRADER
from closing_host.closing.system_entries.year_books import SOLE_TRADER
from closing_host.closing.tax_reserves import YEARS, vintage
from closing_host.ledgers import controls
from closing_host.ledgers.accounts import is_balance_account, with_names
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.balances import trial_balance
from closing_host.ledgers.stated import stated_balances

EITHER_SIGN: Final = (
    r"^(?:1[0-3][0-9][89]|14[0-9]9|1519|1529|1539|1569|1630|1650)[0-9]*$",
    r"^(?:201[1-3]|2091|2093|2098|2099|2330|2480|2518|2431|2438|264[0-9]|2650|2850)[0-9]*$",
)
"""Accounts that may stand on either side (P 4.3): assets, of groups 10-13 the write-downs, and liabilities."""

OVERDRAFT: Final = r"^19[34][0-9]"
"""Bank accounts: below zero is an overdraft, which is worth a word and no more (P 4.3)."""

CLOSING_ACCOUNTS: Final = "-".join(RESULT_BOOKED)
"""The accounts that close the income statement, as a range."""


def wrong_side(facts: AnalysisFacts, values: Values) -> Found:
    """TA14: an asset below zero or a liability above it, but for accounts that may be either; an overdraft is told."""
    account = pl.col("account")
    free = pl.any_horizontal(account.str.contains(each) for each in EITHER_SIGN)
    asset, debt = account.str.starts_with("1"), account.str.starts_with("2")
    wrong = facts.closing.filter(
        ~free & ~values.accounts("except") & ((asset & (pl.col("closing") < 0)) | (debt & (pl.col("closing") > 0)))
    )
    marked = wrong.with_columns(mark=pl.when(account.str.contains(OVERDRAFT)).then(pl.lit("info")))
    return Found(_of_accounts(facts, marked, pl.col("closing"), "mark"))


def not_empty(facts: AnalysisFacts, values: Values) -> Found:
    """TA19: rows in the period, or a balance at its end, on an account that shall have none."""
    rows = facts.rows.filter(values.accounts("accounts"))
    counts = rows.group_by("account").agg(count=pl.len(), vouchers=pl.col("voucher").unique().sort())
    both = facts.closing.filter(values.accounts("accounts")).join(counts, on="account", how="left")
    found = both.filter((pl.col("closing") != 0) | pl.col("count").is_not_null()).with_columns(
        pl.col("count").fill_null(0), pl.col("vouchers").fill_null([])
    )
    return Found(_of_accounts(facts, found, pl.col("closing"), "count", "vouchers"))


def opening_differs(facts: AnalysisFacts, values: Values) -> Found:
    """TA25: a balance account does not open as the year before closed: by its books, else as stated."""
    before = _closed_before(facts)
    if before is None:
        return could_not_run("analysis-no-closing-before")
    opening = facts.closing.select("account", wide("opening"))
    off = (
        opening.join(before, on="account", how="full", coalesce=True)
        .filter(is_balance_account())
        .with_columns(pl.col("opening", "closing").fill_null(0))
        .filter(pl.col("opening") != pl.col("closing"))
    )
    listed = _of_accounts(facts, off, pl.col("opening") - pl.col("closing"), "opening", "closing")
    return Found(fitted(listed, "opening", "closing"), ("opening", "closing"), ("opening", "closing"))


def stated_otherwise(facts: AnalysisFacts, values: Values) -> Found:
    """TA26: the balances that the file states are not what its vouchers make (I02)."""
    result = next(each for each in controls.run_controls(facts.ledger, limit=None) if each.id == "I02")
    if result.outcome == "could_not_run":
        return could_not_run(result.reason, **result.parameters)
    rows = [
        {
            "account": str(each.parameters["account"]),
            "amount": int(each.parameters["difference"] * 100),  # type: ignore[operator]
            "stated": int(each.parameters["stated"] * 100),  # type: ignore[operator]
            "computed": int(each.parameters["computed"] * 100),  # type: ignore[operator]
        }
        for each in result.findings
    ]
    schema = {"account": pl.String, "amount": pl.Int64, "stated": pl.Int64, "computed": pl.Int64}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return Found(found.with_columns(date=pl.lit(facts.end)), ("stated", "computed"), ("stated", "computed"))


def result_not_moved(facts: AnalysisFacts, values: Values) -> Found:
    """TA27: last year's result stands on its account as it opened: nobody has moved it to equity.

    A voucher that also has a row on 8990-8999 books this year's result and moves nothing of last year's.
    """
    result = values.accounts("accounts")
    closing = facts.year.filter(among(CLOSING_ACCOUNTS)).select("voucher")
    moved = facts.year.filter(result).join(closing, on="voucher", how="anti").select("account").unique()
    standing = facts.closing.filter(result & (pl.col("opening") != 0)).join(moved, on="account", how="anti")
    return Found(_of_accounts(facts, standing, pl.col("opening")))


def result_and_balance(facts: AnalysisFacts, values: Values) -> Found:
    """TA28: in *Årsavslut*, the result booked is not the accounts' result, or the balance sheet has not taken it.

    `accounts` are those of equity that take it; a sole trader's is one of them (P 7.5.3 S-e).
    """
    change = facts.year.group_by("account").agg(wide().sum())
    equity = values.words("accounts")
    if facts.ledger.company.form.upper() in SOLE_TRADER:
        equity += (RESULT_SOLE_TRADER,)
    total = {
        name: int(change.filter(among(*accounts)).select(pl.col("amount").sum()).item() or 0)
        for name, accounts in (("result", ("3000-8989",)), ("booked", (CLOSING_ACCOUNTS,)), ("taken", equity))
    }
    rows = []
    if -total["result"] != total["booked"]:
        rows.append({"account": RESULT, "amount": -total["result"] - total["booked"], "kind": "result"})
    # What moves last year's result from the account has nothing to do with this year's, which it then closes at.
    if untaken := min((total["booked"] + total["taken"] + each for each in (0, _opening(facts, equity))), key=abs):
        account = equity[0].partition("-")[0] if equity else RESULT_EQUITY
        rows.append({"account": account, "amount": untaken, "kind": "balance"})
    schema = {"account": pl.String, "amount": pl.Int64, "kind": pl.String}
    return Found(pl.DataFrame(rows, schema=schema, orient="row").with_columns(date=pl.lit(facts.end)), ("kind",))


def _opening(facts: AnalysisFacts, accounts: tuple[str, ...]) -> int:
    return int(facts.closing.filter(among(*accounts)).select(pl.col("opening").sum()).item() or 0)


def cash_below_zero(facts: AnalysisFacts, values: Values) -> Found:
    """TA29: a cash account ends a day of the period below zero; each stretch of such days is one finding.

    A stretch may begin before the period. It lasts until the day before the balance is zero or more again, or until
    the end of the period; `lowest` is of the whole stretch.
    """
    cash = facts.closing.filter(values.accounts("accounts"))
    first = facts.ledger.year.start if facts.ledger.year else facts.start
    days = facts.year.filter(values.accounts("accounts")).select("account", "date", moved=wide())
    openings = cash.select("account", date=pl.lit(first), moved=pl.lit(0, pl.Int128))
    running = (
        pl.concat([openings, days])
        .group_by("account", "date")
        .agg(pl.col("moved").sum())
        .join(cash.select("account", "opening"), on="account")
        .sort("account", "date")
        .with_columns(balance=pl.col("opening") + pl.col("moved").cum_sum().over("account"))
        .with_columns(below=pl.col("balance") < 0)
        .with_columns(stretch=pl.col("below").rle_id().over("account"))
    )
    stretches = (
        running.group_by("account", "stretch")
        .agg(pl.col("below").first(), first=pl.col("date").min(), lowest=pl.col("balance").min())
        .sort("account", "stretch")
        .with_columns(last=pl.col("first").shift(-1).over("account").dt.offset_by("-1d").fill_null(facts.end))
        .filter(pl.col("below") & (pl.col("last") >= facts.start))
    )
    return Found(
        _of_accounts(facts, stretches, pl.col("lowest"), "first", "last").with_columns(date="first"), ("first",)
    )


def old_reserves(facts: AnalysisFacts, values: Values) -> Found:
    """TA30: a tax allocation reserve of more than six tax years ago; its year as `vintage` reads it."""
    year = facts.ledger.year
    tax_year = (year.end if year else facts.end).year
    reserves = with_names(facts.closing.filter(values.accounts("accounts") & (pl.col("closing") != 0)), facts.ledger)
    vintages = [vintage(account, name, tax_year) for account, name in reserves.select("account", "name").iter_rows()]
    aged = reserves.with_columns(vintage=pl.Series(vintages, dtype=pl.Int64)).filter(
        tax_year - pl.col("vintage") > YEARS
    )
    return Found(_of_accounts(facts, aged, pl.col("closing"), "vintage"))


def _closed_before(facts: AnalysisFacts) -> pl.DataFrame | None:
    """`account`, `closing` (Int128) of the year before; None when nothing tells it."""
    if facts.previous is not None:
        return trial_balance(facts.previous, by="year").group_by("account").agg(wide("closing").sum())
    stated = stated_balances(facts.ledger, "UB", -1)
    return stated.select("account", closing="amount") if stated.height else None


def _of_accounts(facts: AnalysisFacts, found: pl.DataFrame, amount: pl.Expr, *columns: str) -> pl.DataFrame:
    named = with_names(found.select("account", amount.alias("amount"), *columns), facts.ledger).drop("declared")
    return fitted(named, "amount").with_columns(date=pl.lit(facts.end))
