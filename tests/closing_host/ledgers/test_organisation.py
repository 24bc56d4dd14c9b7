import pytest

from closing_host.ledgers.organisation import (
    BIRTH_DATE,
    CENTURY,
    CHECK_DIGIT,
    LENGTH,
    MISSING,
    check,
    display,
    kind,
    normalise,
)
from closing_host.locale import english_by_code

VALID = [
    "556677-8899",
    "559900-1004",
    "556000-0001",
    "559123-4561",
    "802400-0005",
    "969600-0000",
    "900101-1239",
]


@pytest.mark.parametrize("number", VALID)
def test_valid_numbers_have_no_problem(number: str) -> None:
    assert check(number) is None
    assert check(number.replace("-", "")) is None
    assert display(number.replace("-", "")) == number


@pytest.mark.parametrize("number", VALID)
@pytest.mark.parametrize("place", range(10))
def test_every_single_wrong_digit_is_seen(number: str, place: int) -> None:
    digits = normalise(number)
    for digit in set("0123456789") - {digits[place]}:
        assert check(digits[:place] + digit + digits[place + 1 :]) is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", MISSING),
        ("–", MISSING),
        ("55667788", LENGTH),
        ("556677-88991", LENGTH),
        ("NO 987 654 321 MVA", LENGTH),
        ("16556677-8899", None),
        ("20556677-8899", CENTURY),
        ("17556677-8899", CENTURY),
        ("19900101-1239", None),
        ("16900101-1239", CENTURY),
        ("900230-1230", BIRTH_DATE),
        ("901301-1230", BIRTH_DATE),
        ("900100-1230", BIRTH_DATE),
        ("556677-8898", CHECK_DIGIT),
        ("900161-1236", None),
        ("900192-1230", BIRTH_DATE),
        ("19010229-1236", BIRTH_DATE),
    ],
)
def test_problems_are_told_apart(text: str, problem: str | None) -> None:
    assert check(text) == problem


def test_leap_day_needs_a_century_that_had_one() -> None:
    assert check("000229-1235") is None
    assert check("20000229-1235") is None
    assert check("19000229-1235") == BIRTH_DATE


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("556677-8899", "5566778899"),
        (" 16 556677-8899 ", "5566778899"),
        ("SE5566778899", "5566778899"),
        ("556677889901", "6677889901"),
        ("987 654 321", "987654321"),
        ("٥٥٦٦٧٧", ""),
    ],
)
def test_numbers_are_compared_by_ten_ascii_digits(text: str, digits: str) -> None:
    assert normalise(text) == digits


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("556677-8899", "legal-person"),
        ("900101-1239", "person"),
        ("900161-1236", "coordination"),
        ("123", None),
    ],
)
def test_third_digit_and_day_tell_whose_number_it_is(text: str, whose: str | None) -> None:
    assert kind(text) == whose


def test_what_has_not_ten_digits_is_shown_as_stated() -> None:
    assert display(" NO 987 654 321 MVA ") == "NO 987 654 321 MVA"


def test_every_problem_has_words() -> None:
    assert {MISSING, LENGTH, CENTURY, BIRTH_DATE, CHECK_DIGIT} <= set(english_by_code("closing_host"))
