"""The transaction analysis of a period as a document and as tables (P 7.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import polars as pl

from closing_host.closing.analysis.choices import State
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.report import Column, Line, Report, Section, Table
from closing_host.locale import Words

MOST_PRINTED: Final = 200
"""Findings of a check that the PDF lists. The workbook has all."""


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """A finding in words, the names of its vouchers, and the mark of one that is done with."""

    text: str
    vouchers: tuple[str, ...]
    marked_by: str = ""
    marked_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What a check said. `count`: its findings, `left`: those not done with. `reason`: why it could not run.

    `findings` is empty for a locked period: how many there were is frozen, and checks are not run there (P 7.3).
    """

    id: str
    name: str
    rule: str
    state: State
    count: int
    left: int
    reason: str = ""
    findings: tuple[FindingAnswer, ...] = ()


def analysis_report(words: Words, answers: Sequence[CheckAnswer], imprint: PeriodImprint) -> Report:
    """All checks, then the findings of each that has any."""
    sections: list[Section] = [_checks(words, answers)]
    sections += [_findings(words, each) for each in answers if each.findings]
    return imprint.report(words, analysis_kind(words), tuple(sections), wide=False)


def analysis_tables(words: Words, answers: Sequence[CheckAnswer], imprint: PeriodImprint) -> dict[str, pl.DataFrame]:
    """A table for each sheet, by its name: checks, findings, and what the document says of itself."""
    check, name, rule, result, count, left, reason = words.texts(
        "Check", "Name", "Rule", "Result", "Findings", "Not done with", "Reason"
    )
    checks = [(e.id, e.name, e.rule, _result(words, e), e.count, e.left, e.reason) for e in answers]
    schema = {
        **dict.fromkeys((check, name, rule, result), pl.String),
        count: pl.UInt32,
        left: pl.UInt32,
        reason: pl.String,
    }
    finding, vouchers, by, at, comment = words.texts("Finding", "Vouchers", "Marked by", "Marked", "Comment")
    found = [
        (answer.id, answer.name, each.text, ", ".join(each.vouchers), each.marked_by, _moment(each), each.comment)
        for answer in answers
        for each in answer.findings
    ]
    columns = (check, name, finding, vouchers, by, at, comment)
    return {
        words.text("Checks"): pl.DataFrame(checks, schema=schema, orient="row"),
        words.text("Findings"): pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String), orient="row"),
        words.text("About the report"): imprint.about(words, analysis_kind(words)),
    }


def analysis_kind(words: Words) -> str:
    """*Transaktionsanalys*."""
    return words.text("Transaction analysis")


def _checks(words: Words, answers: Sequence[CheckAnswer]) -> Table:
    check, name, result, count, left = words.texts("Check", "Name", "Result", "Findings", "Not done with")
    texts = (Column(check), Column(name, share=3), Column(result, share=2))
    columns = (*texts, Column(count, right=True), Column(left, right=True))
    lines = []
    for each in answers:
        found = each.state in ("red", "info", "done")
        counts = (words.count(each.count), words.count(each.left)) if found else ("", "")
        lines.append(Line("row", (each.id, each.name, _result(words, each), *counts)))
        if each.reason:
            lines.append(Line("note", (each.reason,)))
    open_ = sum(each.state == "red" for each in answers)
    lead = words.text("No deviation is left.")
    if open_:
        lead = words.plural("{count} check found deviations.", "{count} checks found deviations.", open_)
    return Table(words.text("Checks"), columns, tuple(lines), lead=lead)


def _findings(words: Words, answer: CheckAnswer) -> Table:
    columns = (Column(words.text("Finding"), share=5), Column(words.text("Vouchers"), share=2))
    lines = []
    for each in answer.findings[:MOST_PRINTED]:
        lines.append(Line("row", (each.text, ", ".join(each.vouchers))))
        if each.marked_by:
            lines.append(Line("note", (" · ".join(_mark(words, each)),)))
    if (more := len(answer.findings) - MOST_PRINTED) > 0:
        said = words.plural("{count} more stands in the workbook.", "{count} more stand in the workbook.", more)
        lines.append(Line("note", (said,)))
    return Table(f"{answer.id} {answer.name}", columns, tuple(lines), lead=answer.rule)


def _mark(words: Words, each: FindingAnswer) -> Iterator[str]:
    yield words.text("Marked done")
    yield f"{each.marked_by} {_moment(each)}"
    if each.comment:
        yield " ".join(each.comment.split())


def _moment(each: FindingAnswer) -> str:
    return "" if each.marked_at is None else f"{each.marked_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _result(words: Words, each: CheckAnswer) -> str:
    said = words.texts("Deviation", "Remark", "Marked done", "Could not run", "No deviation")
    return dict(zip(("red", "info", "done", "could_not_run", "passed"), said, strict=True))[each.state]
