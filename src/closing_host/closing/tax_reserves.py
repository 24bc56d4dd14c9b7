"""Tax allocation reserves (*periodiseringsfonder*): of which year they are (P 4.3)."""

import re
from typing import Final

YEARS: Final = 6
"""Tax years after that of the allocation by which a reserve must have been reversed (IL 30 kap. 7 §)."""

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


def vintage(account: str, name: str, tax_year: int) -> int:
    """A reserve's tax year: the year in its name, else the latest one that ends as the account's fourth digit does,
    which is how BAS numbers them."""
    stated = _YEAR.search(name)
    if stated:
        return int(stated[0])
    return tax_year - (tax_year - int(account[3])) % 10
