"""What a field's text means: dates, amounts, quantities, accounts, year indices, periods (SIE 1.3, 2)."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from closing_host.api.money import parse_local, parse_ore

_DATE: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
_AMOUNT_AS_TYPED: Final = re.compile(
    r"[+\-\u2212]?(?:[0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[.,][0-9]{0,2})?"
)
_TOO_PRECISE: Final = re.compile(r"[+\-]?[0-9]*[.,][0-9]{3,}")
_QUANTITY: Final = re.compile(r"[+-]?(?=[.,]?[0-9])0*([0-9]{0,32})(?:[.,]([0-9]{0,6})0*)?")
_YEAR_INDEX: Final = re.compile(r"-?[0-9]{1,4}")
_PERIOD: Final = re.compile(r"[0-9]{4}(?:0[1-9]|1[0-2])")
_INTEGER: Final = re.compile(r"[0-9]{1,9}")


def parse_date(text: str) -> tuple[date | None, bool]:
    """YYYYMMDD or, not quite right, YYYY-MM-DD; the second value tells whether it had hyphens. None: no such day."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None, False
    try:
        return date(int(match[1]), int(match[3]), int(match[4])), bool(match[2])
    except ValueError:
        return None, False


def parse_amount(text: str) -> tuple[int | None, str]:
    """Öre, and the code of the finding to make ("" when there is none). Never rounds.

    Besides what SIE allows it accepts, with a finding, what can mean one thing only: a plus sign, a decimal comma,
    blanks between groups of three digits.
    """
    try:
        return parse_ore(text), ""
    except ValueError:
        pass
    if not text:
        return None, "sie-amount-missing"
    if _TOO_PRECISE.fullmatch(text):
        return None, "sie-amount-too-precise"
    if not _AMOUNT_AS_TYPED.fullmatch(text):
        return None, "sie-amount-unreadable"
    try:
        return parse_local(text.removeprefix("+")), "sie-amount-form"
    except ValueError:
        return None, "sie-amount-too-large"


def parse_quantity(text: str) -> Decimal | None:
    """A quantity with at most 32 digits before and six after the point (or comma), or None."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    return Decimal(f"{'-' if text[0] == '-' else ''}{match[1] or 0}.{match[2] or 0}")


def parse_year_index(text: str) -> int | None:
    """0 this year, -1 the one before; None when it is no such number."""
    return int(text) if _YEAR_INDEX.fullmatch(text) else None


def parse_period(text: str) -> int | None:
    """YYYYMM as a number, or None when it is no month."""
    return int(text) if _PERIOD.fullmatch(text) else None


def parse_integer(text: str) -> int | None:
    """A dimension number, or None."""
    return int(text) if _INTEGER.fullmatch(text) else None


def account_fault(account: str) -> str:
    """The code of the finding that an account number deserves, "" when it is three to six digits."""
    if not (account.isascii() and account.isdecimal()):
        return "sie-account-not-numeric"
    return "" if 3 <= len(account) <= 6 else "sie-account-unusual"
