"""Swedish organisation numbers: normalised, checked and written (P 5).

Ten digits `NNNNNN-NNNC`; the last is Luhn's check digit. A legal person's third digit is at least 2. Sole traders
use their personal identity number (a date of birth) or a coordination number (the day plus 60). Twelve digits
carry a century in front: 16 for legal persons, 18, 19 or 20 for people.
"""

import re
from datetime import date
from typing import Final, Literal

Kind = Literal["legal-person", "person", "coordination"]

MISSING: Final = "organisation-number-missing"
LENGTH: Final = "organisation-number-length"
CENTURY: Final = "organisation-number-century"
BIRTH_DATE: Final = "organisation-number-birth-date"
CHECK_DIGIT: Final = "organisation-number-check-digit"

_LEGAL_PERSON_CENTURY: Final = "16"
_PERSON_CENTURIES: Final = ("18", "19", "20")
_COORDINATION_DAYS: Final = 60


def normalise(text: str) -> str:
    """The digits of `text` without the century of a twelve-digit number: what two numbers are compared by.

    A well-formed number gives ten digits. Anything else gives the digits that it has, so that foreign numbers
    still compare; `check` says what is wrong with them.
    """
    digits = _digits(text)
    return digits[2:] if len(digits) == 12 else digits


def check(text: str) -> str | None:
    """What is wrong with `text` as a Swedish organisation number, as a message code; None when it holds.

    Looks for absence, length, century, date of birth and check digit, in this order.
    """
    digits = _digits(text)
    number = normalise(text)
    if not digits:
        return MISSING
    if len(number) != 10:
        return LENGTH
    century = digits[:-10]
    if century and century not in ((_LEGAL_PERSON_CENTURY,) if kind(number) == "legal-person" else _PERSON_CENTURIES):
        return CENTURY
    if kind(number) != "legal-person" and not _is_birth_date(century, number):
        return BIRTH_DATE
    return None if _luhn(number) else CHECK_DIGIT


def kind(text: str) -> Kind | None:
    """Whose number it is, by its third digit and day; None when it has not ten digits. Says nothing of its validity."""
    number = normalise(text)
    if len(number) != 10:
        return None
    if number[2] >= "2":
        return "legal-person"
    return "coordination" if int(number[4:6]) > _COORDINATION_DAYS else "person"


def display(text: str) -> str:
    """`NNNNNN-NNNN`; a text without ten digits is shown as stated, without blanks around it."""
    number = normalise(text)
    return f"{number[:6]}-{number[6:]}" if len(number) == 10 else text.strip()


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_birth_date(century: str, number: str) -> bool:
    """Without a century any that makes the date real will do: 29 February needs a leap year."""
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    if day > _COORDINATION_DAYS:
        day -= _COORDINATION_DAYS
    for each in (century,) if century else _PERSON_CENTURIES:
        try:
            date(int(each) * 100 + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _luhn(number: str) -> bool:
    """Weights 2, 1, 2 … from the left over ten digits; two-digit products count digit by digit."""
    products = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(number))
    return sum(product // 10 + product % 10 for product in products) % 10 == 0
