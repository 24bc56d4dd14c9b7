"""Running checks over the facts: their findings with identities, listed."""

from collections.abc import Iterable

import polars as pl

from closing_host.closing.analysis.checks import CHECKS, Check
from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.result import COMMON, CheckResult, Found, Mark, Outcome


def analyse(facts: AnalysisFacts, checks: Iterable[Check] = CHECKS) -> tuple[CheckResult, ...]:
    """Each check's result, in the order of `checks`."""
    return tuple(_result(each, facts) for each in checks)


def _result(check: Check, facts: AnalysisFacts) -> CheckResult:
    values = check.chosen
    reason = check.needs(facts, values)
    found = Found(pl.DataFrame(), reason=reason) if reason else check.expression(facts, values)
    findings = _listed(check, found, facts)
    outcome: Outcome = "found" if findings.height else "could_not_run" if found.reason else "passed"
    mark: Mark = "info" if findings.height and "red" not in findings["mark"] else check.mark
    return CheckResult(check.id, check.code, mark, outcome, findings, found.ore, found.reason, found.parameters)


def _listed(check: Check, found: Found, facts: AnalysisFacts) -> pl.DataFrame:
    """The rows with all of `COMMON` in front and their identity, by date, account and vouchers."""
    rows = found.rows
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in COMMON.items() if name not in rows.columns]
    filled = rows.with_columns(missing) if rows.width else pl.DataFrame(schema=COMMON)
    filled = filled.with_columns(
        pl.col("account").fill_null(""), pl.col("vouchers").fill_null([]), pl.col("mark").fill_null(check.mark)
    )
    return (
        _identified(check, filled, found.identical, facts)
        .sort("date", "account", "identity", nulls_last=True)
        .select(*COMMON, pl.exclude(*COMMON))
    )


def _identified(check: Check, rows: pl.DataFrame, identical: tuple[str, ...], facts: AnalysisFacts) -> pl.DataFrame:
    """`rows` with `identity`: check, vouchers, account, amount and the `identical` columns.

    A voucher is its series and number; without a number its day and text, since its place in the file may move.
    """
    key = (
        pl.when(pl.col("number") != "")
        .then(pl.concat_str("series", "number", separator=" "))
        .otherwise(pl.concat_str(pl.col("date").cast(pl.String), "text", separator=" ", ignore_nulls=True))
    )
    names = facts.ledger.vouchers.select(vouchers="voucher", key=key)
    numbered = rows.with_row_index("at")
    keys = (
        numbered.select("at", "vouchers")
        .explode("vouchers")
        .join(names, on="vouchers")
        .group_by("at")
        .agg(pl.col("key").sort().str.join(";"))
    )
    parts = (pl.col(each).cast(pl.String).fill_null("") for each in ("key", "account", "amount", *identical))
    identity = pl.concat_str(pl.lit(check.id), *parts, separator="|")
    return numbered.join(keys, on="at", how="left").with_columns(identity=identity).drop("at", "key")
