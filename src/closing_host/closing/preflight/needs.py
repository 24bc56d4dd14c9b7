"""What a check needs: each function answers "" when it is there, else the message code of what is missing."""

from typing import Final

from closing_host.api.vouchers import ExportTerms
from closing_host.closing.preflight.result import PreflightFacts
from closing_host.ledgers import organisation

NO_TERMS: Final = "preflight-no-terms"


def nothing(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """The check runs on the entry alone."""
    return ""


def terms_read(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """The source has stated its terms."""
    return NO_TERMS if terms is None else ""


def chart(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """A chart of accounts; no company's is empty, so an empty one says nothing."""
    return NO_TERMS if terms is None else "" if terms.accounts else "preflight-no-chart"


def series_list(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """The year's series; an empty list says nothing."""
    return NO_TERMS if terms is None else "" if terms.series else "preflight-no-series"


def change_count(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """How many vouchers changed since the import."""
    return NO_TERMS if terms is None else "" if terms.changed_vouchers is not None else "preflight-no-changes"


def organisation_numbers(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """The engagement's organisation number and the connected company's."""
    if terms is None:
        return NO_TERMS
    if not organisation.normalise(facts.organisation_number or ""):
        return "preflight-no-expected-number"
    return "" if organisation.normalise(terms.organisation_number) else "preflight-no-stated-number"


def books(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """Imported books of the year, by which a sign-off holds or not."""
    return "preflight-no-books" if facts.changed is None else ""


def marker_search(terms: ExportTerms | None, facts: PreflightFacts) -> str:
    """The source's answer to which vouchers carry the entries' markers."""
    return "preflight-no-marker-search" if facts.found is None else ""
