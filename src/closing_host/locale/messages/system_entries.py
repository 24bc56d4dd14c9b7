"""Words of system entries: their rules, what these compute, where each stands, and what cannot be chosen."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "tax-rate-unknown": "No tax rate is known for financial years that begin {year_start}. State the rate yourself.",
    "standard-income-rate-unknown": (
        "The rate of the standard income on tax allocation reserves is not known for financial years that end "
        "{year_end}. State it yourself: the government borrowing rate of 30 November the year before."
    ),
    "allocation-too-large": (
        "{allocation} is more than may be allocated to a tax allocation reserve: at most {limit} this year. "
        "Allocate less."
    ),
    "reversal-too-large": "{amount} cannot be reversed of {account}, which holds {held}. Reverse less.",
    "reserve-account-of-another-year": (
        "Account {account}, which takes the reserve of {year}, is called {name} in the books, so a later closing would "
        "take the new reserve for an older one. Rename the account to Periodiseringsfond {year} in the source, and "
        "import again."
    ),
    "system-amount-refused": "{amount} cannot be chosen. State an amount of 0 or more.",
    "system-amount-unreadable": "{amount} is no amount. State kronor, such as 100 000 or 100000,50.",
    "system-rate-refused": "{rate} percent cannot be chosen. State a rate from 0 to 100.",
    "system-rate-unreadable": "{rate} is no rate. State percent, such as 20,6.",
    "system-reserve-unknown": (
        "Account {account} held no tax allocation reserve when the year began. Those that did: {reserves}."
    ),
    "system-account-refused": "Account {account} cannot take the result of the year. State an equity account (20xx).",
    "system-form-unknown": (
        "The form of company is not known, so nobody can tell which rules hold. State it in the start guide."
    ),
    "system-year-end-locked": (
        "The year-end closing is locked, so its system entries cannot be changed. Unlock it first."
    ),
    "system-rule-s-a": "Change of excess depreciation",
    "system-rule-s-b": "Tax allocation reserves",
    "system-rule-s-c": "Income tax of the year",
    "system-rule-s-d": "Summary of the year's tax liability",
    "system-rule-s-e": "Result of the year",
    "system-rule-s-f": "The owner's equity in the new year",
    "system-state-nothing": "Nothing to book",
    "system-state-proposed": "Not made yet",
    "system-state-current": "Made and up to date",
    "system-state-outdated": "Out of date",
    "system-state-booked": "Transferred, nothing more to book",
    "system-state-further": "Transferred, and more to book",
    "system-state-to-come": "Comes with the next financial year",
    "system-figure-excess-target": "Excess depreciation to hold",
    "system-figure-excess-held": "Held already",
    "system-figure-excess-change": "Change of excess depreciation",
    "system-figure-result-before-reserve": "Result before tax and changes of reserves",
    "system-figure-reversals": "Reversed of tax allocation reserves",
    "system-figure-reversal-rate": "What is reversed of {account} is taken up at",
    "system-figure-reversal-uplift": "Uplift of what is reversed of {account}, in the tax alone",
    "system-figure-non-deductible": "Costs that are not deductible",
    "system-figure-non-taxable": "Income that is not taxable",
    "system-figure-standard-income-rate": "Rate of the standard income",
    "system-figure-standard-income": "Standard income on tax allocation reserves",
    "system-figure-losses": "Losses carried forward",
    "system-figure-surplus": "Surplus before allocation",
    "system-figure-allocation-limit": "Most that may be allocated, 25 %",
    "system-figure-allocation": "Allocation to a tax allocation reserve",
    "system-figure-reserve-year-unknown": (
        "Note: the name of {account} does not state one year, so nothing of it is reversed by itself. State what to "
        "reverse of it, or put its year into the name"
    ),
    "system-figure-reserve-too-old": (
        "Note: by its name or number {account} is six years old or more and should be reversed as a whole. "
        "Left by choice"
    ),
    "system-figure-tax-base": "Taxable result, in whole tens of kronor",
    "system-figure-tax-rate": "Tax rate",
    "system-figure-tax": "Tax, in whole kronor",
    "system-figure-tax-booked": "Tax booked already",
    "system-figure-account": "Account {account}",
    "system-figure-to-account": "To account {account}",
    "system-figure-result": "Result of the year",
    "system-figure-result-booked": "Result booked already",
}
