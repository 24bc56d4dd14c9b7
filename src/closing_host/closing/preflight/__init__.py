"""Pre-flight checks (*Förhandskontroll*): E01-E15 of P 7.6.3 and E16, the same for every source, from its facts alone.

Pure: the caller asks the source for its terms and hands them over, in the dry run and again at execution.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from closing_host.api.ledger import Severity
from closing_host.api.vouchers import ExportTerms
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.preflight import company, content, needs, terms
from closing_host.closing.preflight.result import (
    CheckId,
    CheckResult,
    EntryResult,
    Preflight,
    PreflightFacts,
    PreflightFinding,
    SeriesChoice,
    State,
)

__all__ = [
    "CHECKS",
    "Check",
    "CheckResult",
    "EntryResult",
    "Preflight",
    "PreflightFacts",
    "PreflightFinding",
    "SeriesChoice",
    "preflight",
    "series_choices",
]


@dataclass(frozen=True, slots=True)
class Check:
    """One check; its name stands in the catalogue as `code`. `severity` is the gravest that it can find.

    `needs` says what is missing, as a message code. Without it the check could not run, which is told with the
    severity `unknown`; one that is `partly` runs all the same on what there is. `each(entry, terms, facts)` looks at
    one entry, `once(terms, facts)` at the whole; a check has one of them.
    """

    id: CheckId
    severity: Severity
    code: str
    needs: Callable[[ExportTerms | None, PreflightFacts], str]
    each: Callable[[ClosingEntry, Any, PreflightFacts], Iterable[PreflightFinding]] | None = None
    once: Callable[[Any, PreflightFacts], Iterable[PreflightFinding]] | None = None
    unknown: Severity = "warning"
    partly: bool = False


CHECKS: Final[tuple[Check, ...]] = (
    Check("E01", "error", "preflight-e01", needs.nothing, content.unbalanced),
    Check("E02", "error", "preflight-e02", needs.nothing, content.too_few_rows),
    Check("E03", "error", "preflight-e03", needs.chart, terms.unknown_account),
    Check("E04", "error", "preflight-e04", needs.chart, terms.inactive_account),
    Check("E05", "error", "preflight-e05", needs.series_list, terms.unknown_series),
    Check("E06", "error", "preflight-e06", needs.series_list, terms.not_manual),
    Check("E07", "error", "preflight-e07", needs.terms_read, terms.outside_year),
    Check("E08", "error", "preflight-e08", needs.terms_read, terms.locked),
    Check("E09", "error", "preflight-e09", needs.terms_read, terms.unknown_object),
    Check("E10", "error", "preflight-e10", needs.nothing, content.wrong_text),
    Check("E11", "warning", "preflight-e11", needs.change_count, once=company.stale),
    Check("E12", "error", "preflight-e12", needs.organisation_numbers, once=company.other_company),
    # The export looks for the markers before it sends, so not having looked yet wants no tick.
    Check("E13", "error", "preflight-e13", needs.marker_search, content.transferred, unknown="info", partly=True),
    Check("E14", "error", "preflight-e14", needs.nothing, once=company.not_connected),
    # Without books nobody can have signed anything off.
    Check("E15", "warning", "preflight-e15", needs.books, content.changed_after, unknown="info"),
    Check("E16", "warning", "preflight-e16", needs.nothing, content.out_of_date),
)


def preflight(entries: Collection[ClosingEntry], terms: ExportTerms | None, facts: PreflightFacts) -> Preflight:
    """What stands in the way of sending `entries`. `terms` None: the source could not be asked (E14 says why)."""
    checks = tuple(_result(check, entries, terms, facts) for check in CHECKS)
    found = [finding for each in checks for finding in each.findings]
    general = tuple(each for each in found if each.entry is None)
    stopped = any(each.severity == "error" for each in general)
    results = []
    for entry in entries:
        own = tuple(each for each in found if each.entry == entry.id)
        results.append(EntryResult(entry.id, entry.label, "blocked" if stopped else _state(own), own))
    general += _not_run(checks, facts)
    return Preflight(checks, tuple(results), general, series_choices(terms, facts.source))


def series_choices(terms: ExportTerms | None, source: str) -> tuple[SeriesChoice, ...]:
    """The year's series in the order of their codes, the usable ones first; the others with the reason (P 7.6.2)."""
    choices = [
        SeriesChoice(each.code, each.description, each.next_number, each.manual)
        if each.manual
        else SeriesChoice(
            each.code,
            each.description,
            each.next_number,
            usable=False,
            reason="series-not-manual",
            parameters={"series": each.code, "source": source},
        )
        for each in (terms.series if terms else ())
    ]
    return tuple(sorted(choices, key=lambda each: (not each.usable, each.code)))


def _result(
    check: Check, entries: Collection[ClosingEntry], terms: ExportTerms | None, facts: PreflightFacts
) -> CheckResult:
    reason = check.needs(terms, facts)
    findings: tuple[PreflightFinding, ...] = ()
    if not reason or check.partly:
        if check.each is not None:
            findings = tuple(finding for entry in entries for finding in check.each(entry, terms, facts))
        if check.once is not None:
            findings = tuple(check.once(terms, facts))
    outcome: Any = "found" if findings else "could_not_run" if reason else "passed"
    return CheckResult(check.id, check.code, outcome, findings, reason)


def _not_run(results: tuple[CheckResult, ...], facts: PreflightFacts) -> tuple[PreflightFinding, ...]:
    """One finding for each thing that is missing, naming the checks that needed it."""
    checks: dict[tuple[str, Severity], list[str]] = {}
    for check, result in zip(CHECKS, results, strict=True):
        if result.reason:
            checks.setdefault((result.reason, check.unknown), []).append(check.id)
    return tuple(
        PreflightFinding(reason, severity, {"checks": ", ".join(ids), "source": facts.source})
        for (reason, severity), ids in checks.items()
    )


def _state(findings: tuple[PreflightFinding, ...]) -> State:
    severities = {each.severity for each in findings}
    return "blocked" if "error" in severities else "tick" if "warning" in severities else "ok"
