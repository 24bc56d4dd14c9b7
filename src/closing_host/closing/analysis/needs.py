"""What a check needs: each function answers "" when it is there, else the message code of what is missing."""

from typing import Final

from closing_host.closing.analysis.facts import AnalysisFacts, a_year_before
from closing_host.closing.analysis.parameters import Values

ENOUGH_MONTHS: Final = 3
"""Earlier months that statistics want (P 7.3, TA11 and TA12)."""


def vouchers(facts: AnalysisFacts, values: Values) -> str:
    """Vouchers: figures alone (SIE 1-3) show nothing of how they came about."""
    return "" if facts.ledger.vouchers.height else "analysis-no-vouchers"


def year(facts: AnalysisFacts, values: Values) -> str:
    """Vouchers, and a financial year to hold them against."""
    return vouchers(facts, values) or ("" if facts.ledger.year else "analysis-no-year")


def numbers(facts: AnalysisFacts, values: Values) -> str:
    """Vouchers with numbers."""
    numbered = (facts.ledger.vouchers["number"] != "").any()
    return vouchers(facts, values) or ("" if numbered else "analysis-no-numbers")


def registration_dates(facts: AnalysisFacts, values: Values) -> str:
    """Dates of registration."""
    stated = facts.ledger.vouchers["registered_on"].is_not_null().any()
    return vouchers(facts, values) or ("" if stated else "analysis-no-registration-dates")


def import_day(facts: AnalysisFacts, values: Values) -> str:
    """The day of the import."""
    return vouchers(facts, values) or ("" if facts.imported_on else "analysis-no-import-day")


def manual_series(facts: AnalysisFacts, values: Values) -> str:
    """Which series people post in by hand: as the check's parameter says, else as the source does."""
    known = bool(values.words("series")) or facts.manual_series is not None
    return vouchers(facts, values) or ("" if known else "analysis-no-manual-series")


def three_months(facts: AnalysisFacts, values: Values) -> str:
    """Rows in three months before the period."""
    months = facts.earlier["month"].n_unique()
    return vouchers(facts, values) or ("" if months >= ENOUGH_MONTHS else "analysis-no-earlier-months")


def year_before(facts: AnalysisFacts, values: Values) -> str:
    """The year before, with its vouchers, from the day a year before the period begins: it may be a short year."""
    if missing := vouchers(facts, values):
        return missing
    before = facts.previous
    if before is None or before.year is None or not before.vouchers.height:
        return "analysis-no-year-before"
    return "" if before.year.start <= a_year_before(facts.start) else "analysis-no-year-before"


def twelve_months(facts: AnalysisFacts, values: Values) -> str:
    """Books of the twelve months before the period."""
    if missing := vouchers(facts, values):
        return missing
    years = [each.year for each in (facts.previous, facts.ledger) if each is not None and each.year is not None]
    first = min((each.start for each in years), default=facts.start)
    return "" if first <= facts.start.replace(day=1, year=facts.start.year - 1) else "analysis-no-twelve-months"


def payables(facts: AnalysisFacts, values: Values) -> str:
    """The suppliers' sub-ledger."""
    return "" if "payables" in facts.documents else "analysis-no-payables"


def sub_ledgers(facts: AnalysisFacts, values: Values) -> str:
    """Any sub-ledger with documents and payments."""
    return vouchers(facts, values) or ("" if facts.documents else "analysis-no-sub-ledger")


def salaries(facts: AnalysisFacts, values: Values) -> str:
    """Salaries booked this year."""
    paid = facts.year.filter(values.accounts("salaries"))
    return vouchers(facts, values) or ("" if paid.height else "analysis-no-salaries")


def opening(facts: AnalysisFacts, values: Values) -> str:
    """Opening balances."""
    return "" if (facts.closing["opening"] != 0).any() else "analysis-no-opening"


def year_end(facts: AnalysisFacts, values: Values) -> str:
    """The year-end period."""
    return "" if facts.year_end else "analysis-not-year-end"


def history(facts: AnalysisFacts, values: Values) -> str:
    """A source that can tell which rows were struck and added."""
    return vouchers(facts, values) or ("analysis-no-history" if "rows.history" in facts.cannot_hold else "")


def nothing(facts: AnalysisFacts, values: Values) -> str:
    """The check runs on any books."""
    return ""
