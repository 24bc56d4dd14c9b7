"""What the user chooses for the system entries of a year (P 7.5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from closing_host.api.errors import DataError
from closing_host.api.money import MAX_ORE, decimal_from_ore
from closing_host.closing.system_entries.year_books import YearBooks
from closing_host.closing.tax_reserves import is_reserve

HIGHEST_RATE = 100
"""Percent that a stated rate may have."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Amounts in öre, 0 or more. None leaves the rule out.

    `excess_depreciation`: what account 2153 shall hold. `allocation`: to a new tax allocation reserve. `reversals`: of
    each reserve account beyond what the law demands; one that is not in it stays as it is booked, 0 takes back what is.
    `non_deductible`, `non_taxable`, `losses`: adjustments of the taxable result. `income_tax`: whether to book tax at
    all. `tax_summary`: gather the tax accounts on 2510. `tax_rate` and `standard_income_rate`: percent, instead of the
    law's. `result_account`: where the year's result goes, instead of the form's own account.
    """

    excess_depreciation: int | None = None
    allocation: int | None = None
    reversals: Mapping[str, int] = field(default_factory=dict)
    non_deductible: int = 0
    non_taxable: int = 0
    losses: int = 0
    income_tax: bool = True
    tax_summary: bool = False
    tax_rate: Decimal | None = None
    standard_income_rate: Decimal | None = None
    result_account: str = ""


def check(choices: Choices, books: YearBooks) -> None:
    """Whether this can be chosen for the year, before anything is computed.

    Raises `DataError` `system-amount-refused`, `system-rate-refused`, `system-reserve-unknown` with the reserves that
    there are, `system-account-refused` for a result account that is no equity account (20xx).
    """
    amounts = (
        choices.excess_depreciation or 0,
        choices.allocation or 0,
        choices.non_deductible,
        choices.non_taxable,
        choices.losses,
        *choices.reversals.values(),
    )
    for amount in amounts:
        if not 0 <= amount <= MAX_ORE:
            raise DataError("system-amount-refused", amount=decimal_from_ore(amount))
    for rate in (choices.tax_rate, choices.standard_income_rate):
        if rate is not None and not 0 <= rate <= HIGHEST_RATE:
            raise DataError("system-rate-refused", rate=rate)
    reserves = sorted(account for account, amount in books.opening.items() if amount < 0 and is_reserve(account))
    for account in choices.reversals:
        if account not in reserves:
            raise DataError("system-reserve-unknown", account=account, reserves=", ".join(reserves) or "–")
    account = choices.result_account
    if account and not (account.isascii() and account.isdecimal() and account[:2] == "20" and 4 <= len(account) <= 6):
        raise DataError("system-account-refused", account=account)
