"""Checks of accounts against each other and against the sub-ledger: TA20-TA22 (P 7.3)."""

from decimal import Decimal
from typing import Final

import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Values, among
from closing_host.closing.analysis.result import Found
from closing_host.ledgers.amounts import fitted, wide

THREE_BASES: Final = (
    # Output VAT at 25, 12 and 6 percent, and three times the base for each krona of it: 3/0.25, 3/0.12, 3/0.06.
    (("2610-2619",), ("2614", "2615", "2617"), 12),
    (("2620-2629",), ("2624", "2625"), 25),
    (("2630-2639",), ("2634", "2635"), 50),
)
"""Accounts, those of reverse charge among them that do not count, and the factor. Thirds keep it in whole öre."""


def posted_by_hand(facts: AnalysisFacts, values: Values) -> Found:
    """TA20: a row on a control account in a voucher that no document and no payment refers to."""
    accounts = tuple(account for side in facts.documents for account in facts.control_accounts.get(side, ()))
    refers = ("year_start", "series", "number")
    year = facts.ledger.year
    named = pl.concat([frame.select(refers) for frame in (*facts.documents.values(), *facts.payments.values())]).filter(
        pl.col("year_start") == (year.start if year else None)
    )
    rows = facts.rows.filter(pl.col("account").is_in(accounts))
    by_hand = rows.join(named.select("series", "number").unique(), on=["series", "number"], how="anti")
    grouped = by_hand.group_by("voucher", "account").agg(
        pl.col("date", "series", "number", "text").first(), wide().sum()
    )
    return Found(_with_vouchers(fitted(grouped, "amount")))


def vat_too_high(facts: AnalysisFacts, values: Values) -> Found:
    """TA21: the voucher's output VAT is that of a larger sale than it books on 3000-3999, by more than `least` and
    `percent` of that sale."""
    amount = wide()
    base = pl.sum_horizontal(
        pl.when(among(*accounts) & ~among(*reverse)).then(amount * -factor).otherwise(0).sum()
        for accounts, reverse, factor in THREE_BASES
    )
    sums = (
        facts.rows.filter(among("2610-2639", "3000-3999"))
        .group_by("voucher")
        .agg(
            pl.col("date", "series", "number", "text").first(),
            thirds=base,
            sales=pl.when(among("3000-3999")).then(amount * -1).otherwise(0).sum(),
        )
    )
    over = pl.col("thirds") - 3 * pl.col("sales")
    found = sums.filter(
        (pl.col("thirds") > 0)
        & (over > 3 * values.number("least"))
        & (over * 10_000 > pl.col("thirds") * int(values.decimal("percent") * 100))
    )
    listed = found.with_columns(amount=over // 3, base=pl.col("thirds") // 3).drop("thirds")
    return Found(fitted(_with_vouchers(listed), "amount", "base", "sales"), ("base",), ("base", "sales"))


def social_fees(facts: AnalysisFacts, values: Values) -> Found:
    """TA22: social fees of the year so far are not `rate` percent of the salaries, ± `points` percentage points."""
    salaries, fees = (
        int(facts.year.filter(values.accounts(name)).select(wide().sum()).item() or 0) for name in ("salaries", "fees")
    )
    rate, points = values.decimal("rate"), values.decimal("points")
    share = Decimal(100 * fees) / salaries if salaries > 0 else None
    if share is not None and abs(share - rate) <= points:
        return Found(pl.DataFrame())
    expected = round(salaries * rate / 100)
    row = {
        "date": facts.end,
        "account": "",
        "amount": fees - expected,
        "salaries": salaries,
        "fees": fees,
        "share": "" if share is None else f"{share:.2f}",
        "rate": str(rate),
    }
    return Found(pl.DataFrame([row]), ("salaries", "fees"), ("salaries", "fees"))


def _with_vouchers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(vouchers=pl.concat_list("voucher")).drop("voucher")
