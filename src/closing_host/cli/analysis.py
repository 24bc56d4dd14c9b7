"""`closing analysis`: the checks of the transaction analysis over an engagement's books or a SIE file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.entry_input import parse_labels
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.analysis import CheckResult
    from closing_host.engagements.analysing import Analysis

SHOWN: Final = 10
"""Findings of a check that are worded out."""

DEVIATIONS: Final = 1
"""Exit code when a red check found something."""


def analysis(
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A month such as 2025-03, or year-end; by default the whole year.")] = "",
    checks: Annotated[str | None, Parameter(help="Only these, such as TA01,TA16.")] = None,
    manual_series: Annotated[str | None, Parameter(help="The series that people post in by hand, such as A,M.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every finding.")] = False,
) -> int:
    """Run the checks of the transaction analysis: what each found, and why one could not run.

    Exit code: 0 no deviation, 1 a red check found something.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT] or a SIE file.
    """
    from closing_host.api.errors import DataError

    series = None if manual_series is None else parse_labels(manual_series)
    found = _analysed(books, period, series)
    wanted = None if checks is None else {each.upper() for each in parse_labels(checks)}
    if wanted is not None and (unknown := wanted - {each.id for each in found.results}):
        raise DataError("analysis-check-unknown", check=min(unknown), checks=", ".join(e.id for e in found.results))
    results = [each for each in found.results if wanted is None or each.id in wanted]
    data = {"start": found.start, "end": found.end, "checks": [_data(each) for each in results]}
    output.result(data, lambda: _show(found, results, None if everything else SHOWN))
    return DEVIATIONS if any(each.outcome == "found" and each.mark == "red" for each in results) else 0


def _analysed(books: str, period: str, series: list[str] | None) -> "Analysis":
    if Path(books).is_file():
        from closing_host.engagements.analysing import analyse_ledger
        from closing_host.sie import read

        with output.progress(Path(books).name) as report:
            ledger = read(books, progress=lambda done, total: report("", done, total))
        return analyse_ledger(ledger, period=period, manual_series=series)
    from closing_host.engagements.analysing import analyse_books

    with house() as host:
        return analyse_books(host, books, period=period, manual_series=series)


def _show(found: "Analysis", results: "list[CheckResult]", limit: int | None) -> None:
    words = session().words
    output.line(words.text("Transaction analysis {start} – {end}", start=found.start, end=found.end), style="bold")
    titles = words.texts("Check", "Rule", "Result", "Findings")
    output.table(
        "", titles, [(each.id, words.message(each.code, {}), _outcome(each), _count(each)) for each in results]
    )
    for each in results:
        if each.outcome == "could_not_run":
            output.line(f"{each.id} {words.message(each.reason, each.parameters)}", style="dim")
    for each in (one for one in results if one.outcome == "found"):
        output.line(f"{each.id} {words.message(f'{each.code}-rule', {})}", style="bold")
        for said in _worded(each, limit):
            output.line(f"  {said}")
        if limit is not None and (more := each.findings.height - limit) > 0:
            output.line("  " + words.plural("{count} more: --all", "{count} more: --all", more))


def _worded(each: "CheckResult", limit: int | None) -> Iterator[str]:
    shown = each.findings if limit is None else each.findings.head(limit)
    for row in shown.iter_rows(named=True):
        yield session().words.message(each.wording, each.wording_of(row))


def _outcome(each: "CheckResult") -> str:
    red, info, passed, not_run = session().words.texts("Deviation", "Remark", "No deviation", "Could not run")
    if each.outcome == "found":
        return red if each.mark == "red" else info
    return passed if each.outcome == "passed" else not_run


def _count(each: "CheckResult") -> int | str:
    return each.findings.height if each.outcome == "found" else ""


def _data(each: "CheckResult") -> dict[str, Any]:
    words = session().words
    return {
        "id": each.id,
        "name": words.message(each.code, {}),
        "severity": each.mark,
        "outcome": each.outcome,
        "reason": words.message(each.reason, each.parameters) if each.reason else "",
        "count": each.findings.height,
        "findings": [
            {"identity": row["identity"], "text": words.message(each.wording, each.wording_of(row))}
            for row in each.findings.iter_rows(named=True)
        ],
    }
