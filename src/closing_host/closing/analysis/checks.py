"""The table of the checks (P 7.3)."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from closing_host.closing.analysis import balances, dates, duplicates, needs, relations, unusual, vouchers
from closing_host.closing.analysis.facts import AnalysisFacts
from closing_host.closing.analysis.parameters import Parameter, Values
from closing_host.closing.analysis.result import Found, Mark


@dataclass(frozen=True, slots=True)
class Check:
    """One check. Its name, its rule in words and the words of a finding stand in the catalogues under `code`,
    `{code}-rule` and `{code}-found`.

    `needs` says what is missing, as a message code; with one the check could not run. `expression` finds; `values`
    are the parameters' defaults, or an own check's choices.
    """

    id: str
    mark: Mark
    needs: Callable[[AnalysisFacts, Values], str]
    expression: Callable[[AnalysisFacts, Values], Found]
    parameters: tuple[Parameter, ...] = ()
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    standard: str = ""

    @property
    def code(self) -> str:
        """The message code of its name; an own check has that of the standard one that it is a copy of."""
        return f"analysis-{(self.standard or self.id).lower()}"

    @property
    def chosen(self) -> Values:
        """Its parameters, each as chosen, else as it is by default."""
        return Values({each.name: self.values.get(each.name, each.default) for each in self.parameters})


_LEAST_ROUND = Parameter("least", "ore", "1000000")

CHECKS: Final[tuple[Check, ...]] = (
    Check("TA01", "red", needs.vouchers, vouchers.unbalanced),
    Check("TA02", "red", needs.vouchers, vouchers.nearly_empty),
    Check("TA03", "red", needs.numbers, vouchers.gaps),
    Check("TA04", "red", needs.numbers, vouchers.repeated_numbers),
    Check("TA05", "red", needs.year, vouchers.outside_year),
    Check("TA06", "info", needs.numbers, dates.out_of_order, (Parameter("days", "days", "31"),)),
    Check("TA07", "info", needs.registration_dates, dates.late, (Parameter("days", "days", "50"),)),
    Check("TA08", "red", needs.vouchers, dates.in_signed_off),
    Check("TA09", "info", needs.manual_series, dates.on_holidays, (Parameter("series", "series", ""),)),
    Check("TA10", "red", needs.import_day, dates.in_the_future),
    Check(
        "TA11",
        "red",
        needs.three_months,
        unusual.large,
        (Parameter("deviations", "count", "3"), Parameter("rows", "count", "10")),
    ),
    Check("TA12", "red", needs.three_months, unusual.many, (Parameter("deviations", "count", "2"),)),
    Check(
        "TA13",
        "info",
        needs.year_before,
        unusual.against_last_year,
        (Parameter("percent", "percent", "50"), Parameter("rows", "count", "5")),
    ),
    Check("TA14", "red", needs.nothing, balances.wrong_side, (Parameter("except", "accounts", ""),)),
    Check(
        "TA15",
        "info",
        needs.manual_series,
        unusual.round_amounts,
        (_LEAST_ROUND, Parameter("multiple", "ore", "100000"), Parameter("series", "series", "")),
    ),
    Check(
        "TA16",
        "red",
        needs.vouchers,
        duplicates.possible_duplicates,
        (Parameter("least", "ore", "10000"), Parameter("days", "days", "7"), Parameter("months", "count", "3")),
    ),
    Check("TA17", "red", needs.payables, duplicates.double_documents),
    Check("TA18", "info", needs.twelve_months, unusual.idle_accounts),
    Check("TA19", "red", needs.nothing, balances.not_empty, (Parameter("accounts", "accounts", "2999,1999,9999"),)),
    Check("TA20", "red", needs.sub_ledgers, relations.posted_by_hand),
    Check(
        "TA21",
        "info",
        needs.vouchers,
        relations.vat_too_high,
        (Parameter("least", "ore", "100"), Parameter("percent", "percent", "0.5")),
    ),
    Check(
        "TA22",
        "info",
        needs.salaries,
        relations.social_fees,
        (
            Parameter("rate", "percent", "31.42"),
            Parameter("points", "percent", "3"),
            Parameter("salaries", "accounts", "7010-7399"),
            Parameter("fees", "accounts", "7510-7519"),
        ),
    ),
    Check(
        "TA23",
        "info",
        needs.vouchers,
        unusual.benford,
        (
            Parameter("accounts", "accounts", "4000-6999"),
            Parameter("rows", "count", "300"),
            Parameter("chi_square", "count", "15.51"),
        ),
    ),
    Check(
        "TA24",
        "info",
        needs.vouchers,
        unusual.rounding,
        (Parameter("accounts", "accounts", "3740"), Parameter("row", "ore", "100"), Parameter("sum", "ore", "10000")),
    ),
    Check("TA25", "red", needs.nothing, balances.opening_differs),
    Check("TA26", "red", needs.nothing, balances.stated_otherwise),
    Check("TA27", "red", needs.opening, balances.result_not_moved, (Parameter("accounts", "accounts", "2099"),)),
    Check("TA28", "red", needs.year_end, balances.result_and_balance, (Parameter("accounts", "accounts", "2099"),)),
    Check("TA29", "red", needs.vouchers, balances.cash_below_zero, (Parameter("accounts", "accounts", "1910-1919"),)),
    Check("TA30", "red", needs.nothing, balances.old_reserves, (Parameter("accounts", "accounts", "2110-2139"),)),
    Check("TA31", "info", needs.history, vouchers.changed),
)
"""The standard checks, in the order in which they are listed."""


def own_check(standard: Check, id: str, values: Mapping[str, str]) -> Check:
    """A copy of `standard` with other parameters (P 7.3). Raises `KeyError` for one that it does not have."""
    known = {each.name for each in standard.parameters}
    if unknown := values.keys() - known:
        raise KeyError(min(unknown))
    return dataclasses.replace(standard, id=id, values=dict(values), standard=standard.standard or standard.id)
