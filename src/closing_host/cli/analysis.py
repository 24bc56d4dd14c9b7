"""`closing analysis`: the checks of the transaction analysis over an engagement's books or a SIE file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import App, Parameter

from closing_host.cli import output
from closing_host.cli.analysis_choices import add, checks, done, off, on, remove, reopen
from closing_host.cli.entry_input import parse_labels
from closing_host.cli.frozen_analysis import frozen_of, outcome_name, show_frozen
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.analysis import CheckResult
    from closing_host.engagements.analysing import Analysis

app = App(name="analysis", help="Transaction analysis: BOOKS, done, reopen, checks, off, on, add, remove.")
for command in (done, reopen, checks, off, on, add, remove):
    app.command(command)

SHOWN: Final = 10
"""Findings of a check that are worded out."""

CODE: Final = 8
"""Characters of a finding's hash by which a person names it."""

DEVIATIONS: Final = 1
"""Exit code when a red check found something that is not done with."""


@app.default
def analysis(
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A month such as 2025-03, or year-end; by default the whole year.")] = "",
    only: Annotated[str | None, Parameter(name="--checks", help="Only these, such as TA01,TA16.")] = None,
    manual_series: Annotated[str | None, Parameter(help="The series that people post in by hand, such as A,M.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every finding.")] = False,
) -> int:
    """Run the checks of the transaction analysis: what each found, and why one could not run. In a locked period none
    runs: what they said when it was locked is shown.

    Exit code: 0 no deviation, 1 a red check found something that is not marked done.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT] or a SIE file.
    """
    if (frozen := frozen_of(books, period)) is not None:
        return DEVIATIONS if show_frozen(frozen, _wanted(only, [each.check_id for each in frozen.checks])) else 0
    series = None if manual_series is None else parse_labels(manual_series)
    found = _analysed(books, period, series)
    wanted = _wanted(only, [each.id for each in found.results])
    results = [each for each in found.results if each.id in wanted]
    data = {"start": found.start, "end": found.end, "checks": [_data(found, each) for each in results]}
    output.result(data, lambda: _show(found, results, None if everything else SHOWN))
    return DEVIATIONS if any(found.state(each) == "red" for each in results) else 0


def _analysed(books: str, period: str, series: list[str] | None) -> "Analysis":
    if Path(books).is_file():
        from closing_host.engagements.analysing import analyse_file
        from closing_host.sie import read

        with output.progress(Path(books).name) as report:
            ledger = read(books, progress=lambda done, total: report("", done, total))
        return analyse_file(ledger, period=period, manual_series=series)
    from closing_host.engagements.analysing import analyse_books

    with house() as host:
        return analyse_books(host, books, period=period, manual_series=series)


def _show(found: "Analysis", results: "list[CheckResult]", limit: int | None) -> None:
    words = session().words
    output.line(words.text("Transaction analysis {start} – {end}", start=found.start, end=found.end), style="bold")
    titles = words.texts("Check", "Rule", "Result", "Findings")
    rows = [(each.id, _name(found, each), outcome_name(found.state(each)), _count(found, each)) for each in results]
    output.table("", titles, rows)
    for each in results:
        if each.outcome == "could_not_run":
            output.line(f"{each.id} {words.message(each.reason, each.parameters)}", style="dim")
    for each in (one for one in results if one.outcome == "found"):
        rule = found.name(each) or words.message(f"{each.code}-rule", {})
        output.line(f"{each.id} {rule}", style="bold")
        for said in _worded(found, each, limit):
            output.line(f"  {said}")
        if limit is not None and (more := each.findings.height - limit) > 0:
            output.line("  " + words.plural("{count} more: --all", "{count} more: --all", more))


def _wanted(only: str | None, there: list[str]) -> set[str]:
    """The checks that are asked for; all that are `there` for None. Raises `DataError` `analysis-check-unknown`."""
    if only is None:
        return set(there)
    wanted = {_spelled(each) for each in parse_labels(only)}
    if unknown := wanted.difference(there):
        from closing_host.api.errors import DataError

        raise DataError("analysis-check-unknown", check=min(unknown), checks=", ".join(there))
    return wanted


def _spelled(check: str) -> str:
    return check.upper() if check.lower().startswith("ta") else check.lower()


def _worded(found: "Analysis", each: "CheckResult", limit: int | None) -> Iterator[str]:
    from closing_host.closing.analysis.choices import hash_of

    words = session().words
    shown = each.findings if limit is None else each.findings.head(limit)
    for row in shown.iter_rows(named=True):
        code = hash_of(row["identity"])
        mark = found.marks.get(code)
        said = words.message(each.wording, each.wording_of(row))
        yield f"{code[:CODE]} {said}" if mark is None else f"{code[:CODE]} ✓ {said} ({mark.marked_by}) {mark.comment}"


def _name(found: "Analysis", each: "CheckResult") -> str:
    return found.name(each) or session().words.message(each.code, {})


def _count(found: "Analysis", each: "CheckResult") -> int | str:
    return found.left(each) if each.outcome == "found" else ""


def _data(found: "Analysis", each: "CheckResult") -> dict[str, Any]:
    from closing_host.closing.analysis.choices import hash_of

    words = session().words
    return {
        "id": each.id,
        "name": _name(found, each),
        "severity": each.mark,
        "outcome": each.outcome,
        "state": found.state(each),
        "reason": words.message(each.reason, each.parameters) if each.reason else "",
        "count": each.findings.height,
        "findings": [
            {
                "identity": row["identity"],
                "code": hash_of(row["identity"])[:CODE],
                "done": hash_of(row["identity"]) in found.marks,
                "text": words.message(each.wording, each.wording_of(row)),
            }
            for row in each.findings.iter_rows(named=True)
        ],
    }
