"""The control that the books are the right company's: I09 (P 7.1)."""

from typing import Final

from closing_host.api.ledger import Finding, Ledger
from closing_host.ledgers import organisation
from closing_host.ledgers.controls.result import PASSED, Answer, Context, could_not_run, found

NOTHING_EXPECTED: Final = "control-no-expected-number"


def other_company(ledger: Ledger, context: Context) -> Answer:
    """I09: the ledger's organisation number is not the engagement's. This stops: nothing may be stored.

    A missing number, or one that cannot be right, is a warning. Only the normalised digits are compared.
    """
    stated = ledger.company.organisation_number
    expected = context.expected_organisation_number or ""
    problem = organisation.check(stated)
    if problem == organisation.MISSING:
        return found([Finding("i09-number-missing", "warning")], 1)
    if expected and organisation.normalise(stated) != organisation.normalise(expected):
        parameters = {
            "stated": organisation.display(stated),
            "expected": organisation.display(expected),
            "company": ledger.company.name,
        }
        return found([Finding("i09-number-differs", "error", parameters=parameters)], 1, stops=True)
    if problem:
        return found([Finding(problem, "warning", parameters={"number": organisation.display(stated)})], 1)
    return PASSED if expected else could_not_run(NOTHING_EXPECTED)
