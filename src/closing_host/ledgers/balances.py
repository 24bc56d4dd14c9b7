"""Balances per account and period, computed from vouchers or, without vouchers, taken as the source states them.

Definitions (P 7.2): an account opens at its stated opening balance, result accounts at zero; the change of a period
is the sum of the booked rows whose *voucher* is dated in it; closing = opening + changes. Struck and added rows are
history and never count. All amounts are öre, debit positive.

What belongs to no period of the year (a voucher dated outside it or without a readable date, a stated balance that
the stated months do not explain) is not dropped: it stands in a period of its own, last, whose `period`, `start`
and `end` are null, for the accounts that have such amounts. A row without a readable account has the account "".
"""

from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.accounts import is_result_account, with_names
from closing_host.ledgers.amounts import fitted, wide
from closing_host.ledgers.periods import By, periods
from closing_host.ledgers.stated import stated_closings, stated_months, stated_openings

TRIAL_BALANCE: Final = (
    "account",
    "name",
    "declared",
    "period",
    "start",
    "end",
    "opening",
    "change",
    "closing",
)
"""Columns of a trial balance."""


def opening_balances(ledger: Ledger) -> pl.DataFrame:
    """`account`, `opening` of every account with a stated opening balance, sorted; result accounts are left out.

    A ledger that states no #IB 0 at all opens at last year's closing balances, #UB -1 (SIE 1.6).
    Raises `DataError` for a sum beyond Int64.
    """
    stated = stated_openings(ledger).filter(~is_result_account())
    return fitted(stated.rename({"amount": "opening"}), "opening")


def movements(ledger: Ledger, *, by: By = "month") -> pl.DataFrame:
    """`account`, `period`, `change` for every account and period with rows (or stated changes), sorted.

    `period` as in `periods.periods`; null, sorted last, for what belongs to none. Raises `DataError` for a sum
    beyond Int64.
    """
    changes = _changes(ledger, _laid_out(ledger, by))
    return fitted(changes, "change").sort("account", "period", nulls_last=True)


def trial_balance(ledger: Ledger, *, by: By = "month") -> pl.DataFrame:
    """Every account in every period: the columns of `TRIAL_BALANCE`, sorted by account and period.

    Holds all declared accounts and all that are used. `opening` and `closing` are the balances before and after the
    period, so each closing is the next opening. By year there is one period. A ledger without vouchers (SIE 1-3)
    gives its balances as stated; where it states no monthly changes (#PSALDO) there is one period, the whole year,
    also by month. Raises `DataError` for a sum beyond Int64.
    """
    laid_out = _laid_out(ledger, by)
    changes = _changes(ledger, laid_out)
    opening = opening_balances(ledger)
    used = pl.concat([ledger.accounts.select("account"), opening.select("account"), changes.select("account")])
    grid = pl.concat(
        [
            used.unique().join(laid_out.select("period"), how="cross"),
            _outside(changes, opening, laid_out).select("account", "period"),
        ]
    )
    filled = (
        grid.join(laid_out, on="period", how="left")
        .join(changes, on=["account", "period"], how="left", nulls_equal=True)
        .join(opening, on="account", how="left")
        .with_columns(pl.col("change").fill_null(0), wide("opening").fill_null(0))
        .sort("account", "period", nulls_last=True)
        .with_columns(closing=pl.col("opening") + pl.col("change").cum_sum().over("account"))
        .with_columns(opening=pl.col("closing") - pl.col("change"))
    )
    return with_names(fitted(filled, "opening", "change", "closing"), ledger).select(TRIAL_BALANCE)


def account_ledger(ledger: Ledger, account: str) -> pl.DataFrame:
    """The booked rows of `account` by voucher date and source order, with running `balance` in öre.

    Columns: `voucher`, `row` (keys), `series`, `number`, `date`, `text` (the voucher's), `row_text`, `objects`,
    `amount`, `balance`, `counter_accounts` (sorted: the accounts on the voucher's other side), `line`. Rows of
    vouchers without a readable date come last. The balance begins at the account's opening balance, so the last one
    is the account's closing balance. Empty for an account without rows. Raises `DataError` for a balance beyond Int64.
    """
    return told_rows(ledger, running_rows(ledger, account))


def running_rows(ledger: Ledger, account: str) -> pl.DataFrame:
    """The rows of `account_ledger`, with no more than makes their order and balances: `place` (in the ledger's rows),
    `voucher`, `row`, `account`, `amount`, `date`, `balance`. A busy account has a tenth of a million rows: its page
    takes a slice of these and has `told_rows` say the rest of them alone. Raises as `account_ledger`."""
    dates = ledger.vouchers.lazy().select("voucher", "date")
    opening = opening_balances(ledger).filter(pl.col("account") == account)["opening"].sum()
    listed = (
        ledger.rows.lazy()
        .select("voucher", "row", "kind", "account", "amount")
        .with_row_index("place")
        .filter(_booked_on(account))
        .drop("kind")
        .join(dates, on="voucher", how="left")
        .sort("date", "voucher", "row", nulls_last=True)
        .with_columns(balance=wide().cum_sum() + opening)
        .collect()
    )
    return fitted(listed, "balance")


def told_rows(ledger: Ledger, own: pl.DataFrame) -> pl.DataFrame:
    """Some of the `running_rows` of an account as `account_ledger` gives them, in their order."""
    voucher = _of_vouchers(ledger.vouchers, own).select("voucher", "series", "number", "text")
    shown = ledger.rows.select("objects", "line", row_text="text")[own["place"]]
    counter = _counter_accounts(own, _of_vouchers(ledger.rows, own))
    return (
        own.hstack(shown)
        .join(voucher, on="voucher", how="left", maintain_order="left")
        .join(counter, on=["voucher", "row"], how="left", maintain_order="left")
        .select(
            *("voucher", "row", "series", "number", "date", "text", "row_text", "objects", "amount", "balance"),
            pl.col("counter_accounts").fill_null([]),
            "line",
        )
    )


_BOOKED: Final = (pl.col("kind") == "booked") & pl.col("amount").is_not_null()


def _booked_on(account: str) -> pl.Expr:
    named = pl.col("account") == account
    return _BOOKED & (named if account else named | pl.col("account").is_null())


def _of_vouchers(frame: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("voucher").is_in(own["voucher"].unique().implode()))


def _counter_accounts(own: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Per row of `own`: the distinct other accounts with the opposite sign on the same voucher, of rows `near`."""
    others = near.filter(_BOOKED).select(
        "voucher", counter=pl.col("account").fill_null(""), counter_sign=pl.col("amount").sign()
    )
    return (
        own.select("voucher", "row", pl.col("account").fill_null(""), sign=pl.col("amount").sign())
        .join(others.unique(), on="voucher")
        .filter((pl.col("sign") * pl.col("counter_sign") < 0) & (pl.col("counter") != pl.col("account")))
        .group_by("voucher", "row")
        .agg(pl.col("counter").sort().alias("counter_accounts"))
    )


def _laid_out(ledger: Ledger, by: By) -> pl.DataFrame:
    """The periods to show: the whole year for a ledger that can tell nothing by month."""
    by_year = not _has_vouchers(ledger) and not stated_months(ledger).height
    return periods(ledger, by="year" if by_year else by)


def _has_vouchers(ledger: Ledger) -> bool:
    return bool(ledger.vouchers.height)


def _changes(ledger: Ledger, laid_out: pl.DataFrame) -> pl.DataFrame:
    """`account`, `period` (one of `laid_out` or null), `change` (Int128)."""
    return _booked_changes(ledger, laid_out) if _has_vouchers(ledger) else _stated_changes(ledger, laid_out)


def _booked_changes(ledger: Ledger, laid_out: pl.DataFrame) -> pl.DataFrame:
    dated = ledger.vouchers.select("voucher", "date").unique("date", keep="any").select("date")
    placed = dated.join_where(laid_out, pl.col("date") >= pl.col("start"), pl.col("date") <= pl.col("end")).select(
        "date", "period"
    )
    voucher = ledger.vouchers.select("voucher", "date").join(placed, on="date", how="left", maintain_order="left")
    rows = ledger.rows.lazy().filter(_BOOKED).select("voucher", "account", "amount")
    return (
        _with_periods(rows, voucher.select("voucher", "period"))
        .group_by("account", "period")
        .agg(wide().sum().alias("change"))
        .with_columns(pl.col("account").fill_null(""))
        .group_by("account", "period")
        .agg(pl.col("change").sum())
        .collect()
    )


def _with_periods(rows: pl.LazyFrame, voucher: pl.DataFrame) -> pl.LazyFrame:
    """`rows` with the `period` of their voucher. Keys of vouchers as the contract has them, 0, 1 and so on in order,
    are places, which saves a third of a trial balance's time; otherwise they are looked up."""
    if voucher["voucher"].equals(pl.int_range(voucher.height, dtype=pl.UInt32, eager=True)):
        return rows.with_columns(period=pl.lit(voucher["period"]).gather(pl.col("voucher")))
    return rows.join(voucher.lazy(), on="voucher", how="left")


def _stated_changes(ledger: Ledger, laid_out: pl.DataFrame) -> pl.DataFrame:
    """Stated months, and what stated closing balances hold beyond opening balances and months.

    One period takes all of it; of several, each takes its month and null the rest.
    """
    sole = laid_out["period"][0] if laid_out.height == 1 else None
    monthly = (
        stated_months(ledger)
        .join(laid_out.select("period", placed="period"), on="period", how="left")
        .select("account", period=pl.coalesce("placed", pl.lit(sole, pl.Int32)), change="amount")
    )
    rest = _unexplained(ledger, monthly).with_columns(period=pl.lit(sole, pl.Int32))
    return (
        pl.concat([monthly, rest.select(monthly.columns)])
        .group_by("account", "period")
        .agg(pl.col("change").sum())
        .filter((pl.col("change") != 0) | pl.col("period").is_not_null())
    )


def _unexplained(ledger: Ledger, monthly: pl.DataFrame) -> pl.DataFrame:
    """`account`, `change`: stated closing less opening and months. Nothing when no closing balance is stated.

    Of a ledger that states closing balances a missing one is zero (SIE 1.6).
    """
    closing = stated_closings(ledger)
    if not closing.height:
        return pl.DataFrame(schema={"account": pl.String, "change": pl.Int128})
    parts = [
        closing.select("account", change="amount"),
        opening_balances(ledger).select("account", change=0 - wide("opening")),
        monthly.select("account", change=0 - pl.col("change")),
    ]
    return pl.concat(parts).group_by("account").agg(pl.col("change").sum())


def _outside(changes: pl.DataFrame, opening: pl.DataFrame, laid_out: pl.DataFrame) -> pl.DataFrame:
    """Accounts with amounts in no period; without any period, every account with an opening balance too."""
    outside = changes.filter(pl.col("period").is_null()).select("account", "period")
    if laid_out.height:
        return outside
    opened = opening.select("account", period=pl.lit(None, pl.Int32))
    return pl.concat([outside, opened]).unique()
