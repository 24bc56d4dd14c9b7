"""Checks of the connection, the company and the imported books, once for the whole export: E11, E12, E14."""

from collections.abc import Iterator

from closing_host.api.vouchers import ExportTerms
from closing_host.closing.preflight.result import PreflightFacts, PreflightFinding
from closing_host.ledgers import organisation


def stale(terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E11: vouchers of the year changed in the source after the imported books."""
    if terms.changed_vouchers:
        yield PreflightFinding("e11-books-stale", "warning", {"count": terms.changed_vouchers, "source": facts.source})


def other_company(terms: ExportTerms, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E12: the login reaches another company, by organisation number or by the source's own id (T B25)."""
    stated, expected = terms.organisation_number, facts.organisation_number or ""
    if organisation.normalise(stated) != organisation.normalise(expected):
        numbers = {"stated": organisation.display(stated), "expected": organisation.display(expected)}
        yield PreflightFinding("e12-other-company", "error", {**numbers, "source": facts.source})
    elif facts.account_id is not None and terms.account_id != facts.account_id:
        accounts = {"stated": terms.account_id, "expected": facts.account_id}
        yield PreflightFinding("e12-other-account", "error", {**accounts, "source": facts.source})


def not_connected(terms: ExportTerms | None, facts: PreflightFacts) -> Iterator[PreflightFinding]:
    """E14: the connection cannot be used; in the words of what is wrong with it."""
    problem = facts.connection_problem
    if problem is not None:
        yield PreflightFinding(problem.code, "error", {"source": facts.source, **problem.parameters})
