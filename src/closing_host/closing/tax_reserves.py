"""Tax allocation reserves (*periodiseringsfonder*): which accounts they are, and of which year (P 4.3)."""

import re
from typing import Final

FIRST, LAST = "2110", "2139"

YEARS: Final = 6
"""Tax years after that of the allocation by which a reserve must have been reversed (IL 30 kap. 7 §)."""

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def is_reserve(account: str) -> bool:
    """Whether it is a tax allocation reserve: 2110-2139."""
    return FIRST <= account[:4] <= LAST


def vintage(account: str, name: str, tax_year: int) -> int:
    """A reserve's tax year: the year in its name, else the latest one that ends as the account's fourth digit does,
    which is how BAS numbers them."""
    stated = _YEAR.search(name)
    if stated:
        return int(stated[0])
    return tax_year - (tax_year - int(account[3])) % 10


def new_reserve(tax_year: int) -> str:
    """The account of a year's new reserve."""
    return f"212{tax_year % 10}"
