"""The transaction analysis of a period as its documents tell of it: what the checks say now, or said at the locking."""

from dataclasses import replace
from typing import cast

import polars as pl

from closing_host.closing.analysis import CHECKS, CheckResult
from closing_host.closing.analysis.choices import State, hash_of
from closing_host.documents.analysis_report import CheckAnswer, FindingAnswer
from closing_host.engagements.analysing import Analysis, analyse_opened, beside, marks_of
from closing_host.engagements.host import Host
from closing_host.engagements.period_material import PeriodMaterial
from closing_host.locale import Words
from closing_host.storage.periods import FrozenCheck, PeriodRecords


def check_answers(host: Host, words: Words, material: PeriodMaterial) -> tuple[CheckAnswer, ...]:
    """A line for each check. In a locked period none runs (P 7.3): what is frozen is how many findings there were, and
    why a check could not run."""
    period, snapshot = material.sheet.period, material.sheet.snapshot
    if period.lock is not None:
        with host.store.database.read() as connection:
            records = PeriodRecords(connection, snapshot.engagement_id, snapshot.year_start)
            return tuple(_frozen(words, each) for each in records.checks(period.lock.id))
    found = analyse_opened(host, material.books, beside(host, material.books), period=period.key)
    shown = replace(found, marks=marks_of(host, material.books))
    names = _voucher_names(shown)
    return tuple(_answer(words, shown, each, names) for each in shown.results)


def _frozen(words: Words, check: FrozenCheck) -> CheckAnswer:
    standard = next((each.code for each in CHECKS if each.id == check.check_id), "")
    name = check.name or (words.message(standard, {}) if standard else "")
    rule = words.message(f"{standard}-rule", {}) if standard else ""
    why = words.message(check.reason, check.parameters) if check.reason else ""
    return CheckAnswer(check.check_id, name, rule, cast("State", check.state), check.findings, check.left_open, why)


def _answer(words: Words, found: Analysis, result: CheckResult, names: dict[int, str]) -> CheckAnswer:
    return CheckAnswer(
        result.id,
        found.name(result) or words.message(result.code, {}),
        words.message(f"{result.code}-rule", {}),
        found.state(result),
        result.findings.height,
        found.left(result),
        words.message(result.reason, result.parameters) if result.reason else "",
        tuple(_finding(words, found, result, row, names) for row in result.findings.iter_rows(named=True)),
    )


def _finding(
    words: Words, found: Analysis, result: CheckResult, row: dict[str, object], names: dict[int, str]
) -> FindingAnswer:
    text = words.message(result.wording, result.wording_of(row))
    vouchers = row["vouchers"]
    assert isinstance(vouchers, list)
    named = tuple(names[key] for key in vouchers)
    mark = found.marks.get(hash_of(str(row["identity"])))
    if mark is None:
        return FindingAnswer(text, named)
    return FindingAnswer(text, named, mark.marked_by, mark.marked_at, mark.comment)


def _voucher_names(found: Analysis) -> dict[int, str]:
    """Series and number of the vouchers that findings concern."""
    concerned = [each.findings.select(pl.col("vouchers").explode()) for each in found.results]
    keys = pl.concat(concerned).drop_nulls().unique()
    named = found.ledger.vouchers.join(keys, left_on="voucher", right_on="vouchers", how="semi")
    return {
        key: f"{series or ''} {number or ''}".strip() or "–"
        for key, series, number in named.select("voucher", "series", "number").iter_rows()
    }
