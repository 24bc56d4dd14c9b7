from datetime import date
from decimal import Decimal

import pytest

from closing_host.sie.values import (
    account_fault,
    parse_amount,
    parse_date,
    parse_integer,
    parse_period,
    parse_quantity,
    parse_year_index,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20240229", (date(2024, 2, 29), False)),
        ("2018-05-01", (date(2018, 5, 1), True)),
        ("00010101", (date(1, 1, 1), False)),
        ("20230229", (None, False)),
        ("00000000", (None, False)),
        ("2018-0501", (None, False)),
        ("201805", (None, False)),
        ("٢٠٢٤٠١٠١", (None, False)),
        ("", (None, False)),
    ],
)
def test_dates(text: str, expected: tuple[date | None, bool]) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", (0, "")),
        ("-0.00", (0, "")),
        ("12.", (1200, "")),
        (".5", (50, "")),
        ("-.05", (-5, "")),
        ("100000000000000.00", (10**16, "")),
        ("100000000000000.01", (None, "sie-amount-too-large")),
        ("9" * 5000, (None, "sie-amount-too-large")),
        ("1.005", (None, "sie-amount-too-precise")),
        ("1.000", (None, "sie-amount-too-precise")),
        ("1,000", (None, "sie-amount-too-precise")),
        ("+5", (500, "sie-amount-form")),
        ("5,25", (525, "sie-amount-form")),
        ("-1 234,5", (-123450, "sie-amount-form")),
        ("\u22125.00", (-500, "sie-amount-form")),
        ("", (None, "sie-amount-missing")),
        ("1 2", (None, "sie-amount-unreadable")),
        ("1.2.3", (None, "sie-amount-unreadable")),
        ("1e9", (None, "sie-amount-unreadable")),
        ("--5", (None, "sie-amount-unreadable")),
        ("+-5", (None, "sie-amount-unreadable")),
        (".", (None, "sie-amount-unreadable")),
        ("NaN", (None, "sie-amount-unreadable")),
        ("٥", (None, "sie-amount-unreadable")),
    ],
)
def test_amounts_are_exact_or_named(text: str, expected: tuple[int | None, str]) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", Decimal(5)),
        ("-25", Decimal(-25)),
        ("-0.5", Decimal("-0.5")),
        (".25", Decimal("0.25")),
        ("1,5", Decimal("1.5")),
        ("0.123456", Decimal("0.123456")),
        ("0.1234560", Decimal("0.123456")),
        ("0.1234567", None),
        ("9" * 32, Decimal("9" * 32)),
        ("0" * 40 + "1", Decimal(1)),
        ("9" * 33, None),
        ("", None),
        (".", None),
        ("st", None),
        ("1 000", None),
    ],
)
def test_quantities(text: str, expected: Decimal | None) -> None:
    assert parse_quantity(text) == expected


def test_year_indices_periods_and_integers() -> None:
    assert [parse_year_index(text) for text in ("0", "-1", "-12", "x", "", "12345")] == [0, -1, -12, None, None, None]
    assert [parse_period(text) for text in ("202501", "202512", "202513", "202500", "2025")] == [
        202501,
        202512,
        None,
        None,
        None,
    ]
    assert [parse_integer(text) for text in ("6", "-6", "A", "9" * 10)] == [6, None, None, None]


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ("193", ""),
        ("1930", ""),
        ("193001", ""),
        ("19", "sie-account-unusual"),
        ("11100111", "sie-account-unusual"),
        ("DIFF", "sie-account-not-numeric"),
        ("11AF", "sie-account-not-numeric"),
        ("١٩٣٠", "sie-account-not-numeric"),
    ],
)
def test_accounts(account: str, code: str) -> None:
    assert account_fault(account) == code
