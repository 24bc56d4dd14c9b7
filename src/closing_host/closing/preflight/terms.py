"""Checks of the entry against what the source takes: E03-E09."""

from collections.abc import Iterator, Mapping

from closing_host.api.ledger import Severity
from closing_host.api.vouchers import ExportTerms, SeriesTerms
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.preflight.result import PreflightFacts, PreflightFinding


def unknown_account(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E03: an account that the year's chart has not."""
    known = {each.account for each in terms.accounts}
    for number, row in enumerate(entry.content.rows, 1):
        if row.account not in known:
            yield _found("e03-account-unknown", entry, facts, number, parameters={"account": row.account})


def inactive_account(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E04: an account that the chart has but that is not active."""
    inactive = {each.account: each.name for each in terms.accounts if not each.active}
    for number, row in enumerate(entry.content.rows, 1):
        if row.account in inactive:
            account = f"{row.account} {inactive[row.account]}".strip()
            yield _found("e04-account-inactive", entry, facts, number, parameters={"account": account})


def unknown_series(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E05: no series chosen for the entry's kind, or one that the year has not."""
    code = facts.series.get(entry.kind, "")
    if not code:
        yield _found("e05-series-not-chosen", entry, facts, parameters={"kind": entry.kind})
    elif _series(entry, terms, facts) is None:
        year = f"{terms.year_start} – {terms.year_end}"
        yield _found("e05-series-unknown", entry, facts, parameters={"series": code, "year": year})


def not_manual(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E06: a series that takes no vouchers by hand or integration."""
    series = _series(entry, terms, facts)
    if series is not None and not series.manual:
        name = f"{series.code} {series.description}".strip()
        yield _found("e06-series-not-manual", entry, facts, parameters={"series": name})


def outside_year(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E07: dated before the first or after the last day of the source's year, or of another year than the terms'."""
    day = entry.content.date
    if not terms.year_start <= day <= terms.year_end or entry.year_start != terms.year_start:
        year = f"{terms.year_start} – {terms.year_end}"
        yield _found("e07-outside-year", entry, facts, parameters={"date": day.isoformat(), "year": year})


def locked(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E08: dated on or before the last locked day. A warning in a series that the user says locks nothing."""
    day, through = entry.content.date, terms.locked_through
    if through is None or day > through:
        return
    code = facts.series.get(entry.kind, "")
    where = {"date": day.isoformat(), "through": through.isoformat(), "series": code}
    if code in facts.unlockable_series:
        yield _found("e08-locked-series-open", entry, facts, severity="warning", parameters=where)
    else:
        yield _found("e08-locked", entry, facts, parameters=where)


def unknown_object(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E09: a cost centre or project that the source has not, or that is not active."""
    known = {(each.dimension, each.code): each for each in terms.objects}
    for number, row in enumerate(entry.content.rows, 1):
        for dimension, code in row.objects:
            place = {"dimension": dimension, "object": code, "account": row.account}
            match known.get((dimension, code)):
                case None:
                    yield _found("e09-object-unknown", entry, facts, number, parameters=place)
                case each if not each.active:
                    yield _found("e09-object-inactive", entry, facts, number, parameters={**place, "name": each.name})


def _series(entry: ClosingEntry, terms: ExportTerms, facts: PreflightFacts) -> SeriesTerms | None:
    code = facts.series.get(entry.kind, "")
    return next((each for each in terms.series if each.code == code), None)


def _found(
    code: str,
    entry: ClosingEntry,
    facts: PreflightFacts,
    row: int | None = None,
    *,
    severity: Severity = "error",
    parameters: Mapping[str, object],
) -> PreflightFinding:
    place: dict[str, object] = {"entry": entry.label, "source": facts.source}
    if row is not None:
        place["row"] = row
    return PreflightFinding(code, severity, {**place, **parameters}, entry.id, row)
