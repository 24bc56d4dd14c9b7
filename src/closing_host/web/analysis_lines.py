"""The checks of the transaction analysis as a page lists them: the gravest first, findings in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, get_args

import polars as pl

from closing_host.closing.analysis import CHECKS, CheckResult
from closing_host.closing.analysis.choices import State, hash_of
from closing_host.engagements.analysing import Analysis
from closing_host.engagements.frozen_analysis import FrozenAnalysis
from closing_host.locale import Words
from closing_host.storage.analysis_decisions import Mark

SHOWN: Final = 50
"""Findings of a check before one asks for all of them."""

_ORDER: Final[tuple[State, ...]] = get_args(State)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding: its hash, its words, the vouchers that it concerns (key, name), else the account if it has a page,
    and the mark if it is done with."""

    finding: str
    text: str
    vouchers: tuple[tuple[int, str], ...]
    account: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check. `left`: findings not done with; `more`: findings that are not among `findings`."""

    id: str
    name: str
    rule: str
    state: State
    left: int
    count: int
    reason: str
    findings: tuple[FindingLine, ...]
    more: int


def check_lines(words: Words, found: Analysis, *, whole: str = "") -> tuple[CheckLine, ...]:
    """All checks by how they stand; of the check `whole` all findings."""
    names, accounts = _voucher_names(found, whole), _with_pages(found)
    lines = [_line(words, found, each, names, accounts, None if each.id == whole else SHOWN) for each in found.results]
    return tuple(sorted(lines, key=lambda line: _ORDER.index(line.state)))


def frozen_lines(words: Words, frozen: FrozenAnalysis) -> tuple[CheckLine, ...]:
    """The checks as they stood when the period was locked."""
    codes = {each.id: each.code for each in CHECKS}
    lines = []
    for each in frozen.checks:
        code = codes.get(each.check_id, "")
        name = each.name or (words.message(code, {}) if code else each.check_id)
        rule = words.message(f"{code}-rule", {}) if code else ""
        state = next(known for known in _ORDER if known == each.state)
        why = words.message(each.reason, each.parameters) if each.reason else ""
        lines.append(CheckLine(each.check_id, name, rule, state, each.left_open, each.findings, why, (), 0))
    return tuple(sorted(lines, key=lambda line: _ORDER.index(line.state)))


def _line(
    words: Words,
    found: Analysis,
    result: CheckResult,
    names: Mapping[int, str],
    accounts: Collection[str],
    limit: int | None,
) -> CheckLine:
    rows = result.findings if limit is None else result.findings.head(limit)
    return CheckLine(
        id=result.id,
        name=found.name(result) or words.message(result.code, {}),
        rule=words.message(f"{result.code}-rule", {}),
        state=found.state(result),
        left=found.left(result) if result.outcome == "found" else 0,
        count=result.findings.height,
        reason=words.message(result.reason, result.parameters) if result.reason else "",
        findings=tuple(
            FindingLine(
                hash_of(row["identity"]),
                words.message(result.wording, result.wording_of(row)),
                tuple((key, names[key]) for key in row["vouchers"]),
                row["account"] if not row["vouchers"] and row["account"] in accounts else "",
                found.marks.get(hash_of(row["identity"])),
            )
            for row in rows.iter_rows(named=True)
        ),
        more=result.findings.height - rows.height,
    )


def _with_pages(found: Analysis) -> frozenset[str]:
    """The accounts that a page shows: a finding may also miss one that the books do not have yet, such as 8999."""
    ledger = found.ledger
    used = (each["account"].drop_nulls().unique() for each in (ledger.accounts, ledger.rows, ledger.balances))
    return frozenset(account for each in used for account in each)


def _voucher_names(found: Analysis, whole: str) -> dict[int, str]:
    """Series and number of the vouchers that the shown findings concern."""
    shown = [
        (each.findings if each.id == whole else each.findings.head(SHOWN)).select(pl.col("vouchers").explode())
        for each in found.results
    ]
    keys = pl.concat(shown).drop_nulls().unique()
    named = found.ledger.vouchers.join(keys, left_on="voucher", right_on="vouchers", how="semi")
    return {
        key: f"{series or ''} {number or ''}".strip() or "–"
        for key, series, number in named.select("voucher", "series", "number").iter_rows()
    }
