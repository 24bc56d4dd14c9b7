"""What the user chooses for the system entries of a year, and what the books say for them (P 7.5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

COMPANY: Final = frozenset({"AB", "EK", "BAB", "FAB"})
"""Legal forms (#FTYP) that pay income tax themselves by the rules here."""

SOLE_TRADER: Final = frozenset({"E", "EF"})


@dataclass(frozen=True, slots=True)
class Choices:
    """Amounts in öre, positive. None leaves the rule out.

    `excess_depreciation`: what account 2153 shall hold. `allocation`: to a new tax allocation reserve. `reversals`: of
    each reserve account beyond what the law demands. `non_deductible`, `non_taxable`, `losses`: adjustments of the
    taxable result. `income_tax`: whether to book tax at all. `tax_summary`: gather the tax accounts on 2510.
    `tax_rate` and `standard_income_rate`: percent, instead of the law's.
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


@dataclass(frozen=True, slots=True)
class YearBooks:
    """The year's accounts as the rules see them: the ledger with the entries that count, without the system entries
    that are not transferred, which are made anew.

    `closing` and `opening`: öre by account, debit positive. `names`: the chart's. `form`: legal form as #FTYP.
    """

    start: date
    end: date
    form: str
    closing: Mapping[str, int]
    opening: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
