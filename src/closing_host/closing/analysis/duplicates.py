"""Checks for what may be booked twice: TA16, TA17 (P 7.3)."""

from datetime import timedelta
from typing import Final

import polars as pl

from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Values
from closing_host.closing.analysis.result import Found

_KEY: Final = ("account", "amount")


def possible_duplicates(facts: AnalysisFacts, values: Values) -> Found:
    """TA16: the same amount twice on an account within `days`, in different vouchers with the same text or the same
    accounts. Amounts that came in `months` earlier months are recurring and left out.

    Vouchers that follow each other so are one finding, also when several of their accounts show it.
    """
    near = facts.start - timedelta(days=values.number("days"))
    large = pl.col("amount").abs() >= values.number("least")
    rows = facts.year.filter(large & (pl.col("date") >= near))
    twice = rows.filter(pl.col("voucher").n_unique().over(_KEY) > 1)
    told = _told(twice.join(_recurring(twice, facts, values), on=[*_KEY, "month"], how="anti"), facts)
    pairs = pl.concat([_following(told, "words", values), _following(told, "accounts", values)])
    if not pairs.height:
        return Found(pairs.clear())
    grouped = (
        pairs.filter(pl.col("date") >= facts.start)
        .unique([*_KEY, "voucher", "before"])
        .sort(pl.col("amount").abs(), "account", descending=[True, False])
        .group_by("before", "voucher", maintain_order=True)
        .agg(pl.col("account", "amount", "date", "series", "number", "text").first(), pl.col("other").first())
    )
    return Found(
        grouped.with_columns(vouchers=pl.concat_list("before", "voucher")).drop("before", "voucher"),
    )


def double_documents(facts: AnalysisFacts, values: Values) -> Found:
    """TA17: one supplier has two invoices of the same number, or of the same amount and day.

    Cancelled ones are left out, and a credit note beside its invoice is none of it: its amount has the other sign.
    """
    alive = facts.documents["payables"].filter(
        ~pl.col("cancelled") & (pl.col("total") > 0) & (pl.col("dated") <= facts.end)
    )
    by_number = _same(alive.filter(pl.col("external_number").fill_null("") != ""), "party", "external_number")
    by_amount = _same(alive, "party", "total", "dated")
    found = pl.concat([by_number, by_amount]).unique("documents", keep="first", maintain_order=True)
    in_period = found.filter(pl.col("date") >= facts.start)
    account = ", ".join(facts.control_accounts.get("payables", ()))
    return Found(in_period.with_columns(account=pl.lit(account)), ("party", "documents"))


def _recurring(rows: pl.DataFrame, facts: AnalysisFacts, values: Values) -> pl.DataFrame:
    """`account`, `amount`, `month` of those amounts of `rows` that came in enough months before the month."""
    every = pl.concat([facts.earlier, facts.rows]).select(*_KEY, "month")
    seen = every.join(rows.select(_KEY).unique(), on=_KEY, how="semi").unique().sort(*_KEY, "month")
    earlier = seen.with_columns(months=pl.int_range(pl.len()).over(*_KEY))
    return earlier.filter(pl.col("months") >= values.number("months"))


def _told(rows: pl.DataFrame, facts: AnalysisFacts) -> pl.DataFrame:
    """`rows` with `words`, the text without case, digits' neighbours and spaces, and `accounts` of the voucher."""
    in_question = facts.year.join(rows.select("voucher").unique(), on="voucher", how="semi")
    accounts = in_question.group_by("voucher").agg(accounts=pl.col("account").unique().sort().str.join(" "))
    text = pl.when(pl.col("row_text") != "").then("row_text").otherwise("text")
    words = text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return rows.with_columns(words=words).join(accounts, on="voucher", how="left")


def _following(told: pl.DataFrame, by: str, values: Values) -> pl.DataFrame:
    """Rows that come within `days` of one in another voucher with the same account, amount and `by`."""
    alike = [*_KEY, by]
    ordered = (
        told.filter(pl.col(by).fill_null("") != "")
        .unique([*alike, "voucher"], keep="first")
        .sort(*alike, "date", "voucher")
        .with_columns(
            before=pl.col("voucher").shift(1).over(alike),
            then=pl.col("date").shift(1).over(alike),
            other=(pl.col("series") + " " + pl.col("number")).shift(1).over(alike),
        )
    )
    close = (pl.col("date") - pl.col("then")).dt.total_days() <= values.number("days")
    return ordered.filter(pl.col("before").is_not_null() & close).select(
        *_KEY, "voucher", "before", "date", "series", "number", "text", "other"
    )


def _same(documents: pl.DataFrame, *key: str) -> pl.DataFrame:
    return (
        documents.sort("dated", "document")
        .group_by(key, maintain_order=True)
        .agg(
            name=pl.col("party_name").first(),
            documents=pl.col("document").str.join(", "),
            date=pl.col("dated").last(),
            amount=pl.col("total").last(),
            count=pl.len(),
        )
        .filter(pl.col("count") > 1)
        .select("party", "name", "documents", "date", "amount", "count")
    )
