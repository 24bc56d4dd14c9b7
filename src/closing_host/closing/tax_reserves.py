"""Tax allocation reserves (*periodiseringsfonder*): which accounts they are, and of which year (P 4.3)."""

import re
from typing import Final

FIRST, LAST = "2110", "2139"

JOINT: Final = "2110"
"""The account of reserves of all years together: its last digit is of no year."""

YEARS: Final = 6
"""Tax years after that of the allocation by which a reserve must have been reversed (IL 30 kap. 7 §)."""

_YEAR: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_BROKEN: Final = re.compile(r"(?<![0-9])(20[0-9]{2})\s*[/–-]\s*((?:20)?[0-9]{2})(?![0-9])")
_ASSESSED: Final = (
    re.compile(r"\btax[a-zåäö]*\.?\s*(20[0-9]{2})(?![0-9])", re.IGNORECASE),
    re.compile(r"(?<![0-9])(20[0-9]{2})\s+års\s+tax", re.IGNORECASE),
)


def is_reserve(account: str) -> bool:
    """Whether it is a tax allocation reserve: 2110-2139."""
    return FIRST <= account[:4] <= LAST


def vintage(account: str, name: str, tax_year: int) -> int | None:
    """A reserve's tax year, by the calendar year in which it ends; None where neither name nor account says one.

    The name goes first: `2019/2020` is 2020, and the year of an assessment (*vid 2020 års taxering*) is the one after
    the tax year. Else it is the latest year that ends as the account's fourth digit does, which is how BAS numbers
    them. A name of several years, and 2110 without a year, are reserves of several years together.
    """
    for pattern in _ASSESSED:
        if assessed := pattern.search(name):
            return int(assessed[1]) - 1
    stated = {int(year) for year in _YEAR.findall(_BROKEN.sub(_last_year, name))}
    if stated:
        return stated.pop() if len(stated) == 1 else None
    return None if account[:4] == JOINT else tax_year - (tax_year - int(account[3])) % 10


def is_due(account: str, name: str, tax_year: int) -> bool:
    """Whether the law reverses all of it in `tax_year` at the latest; not for a reserve of no known year."""
    of_year = vintage(account, name, tax_year)
    return of_year is not None and tax_year - of_year >= YEARS


def new_reserve(tax_year: int) -> str:
    """The account of a year's new reserve."""
    return f"212{tax_year % 10}"


def _last_year(broken: re.Match[str]) -> str:
    """The year in which `2019/2020` or `2019/20` ends; anything else between such signs, as in a date, stays."""
    after = str(int(broken[1]) + 1)
    return after if broken[2] in (after, after[2:]) else broken[0]
