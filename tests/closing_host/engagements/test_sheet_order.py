"""Which accounts of a sheet are asked for, and in which order."""

from datetime import UTC, datetime

import pytest

from closing_host.closing.standing import AccountRecord, SignOff, figures_of
from closing_host.engagements.reconciling import AccountLine
from closing_host.engagements.sheet_order import KEYS, WANTED, Only, Sort


def line(account: str, name: str, closing: int, typed: int | None = None, signed: int | None = None) -> AccountLine:
    sign_off = None if signed is None else SignOff("asa", datetime(2026, 1, 10, tzinfo=UTC), "ab", signed, typed)
    record = AccountRecord(typed, "", sign_off)
    return AccountLine(
        account, name, closing, 0, 0, closing, True, figures_of(closing, record, None), record, 1, 0, False, 0
    )


LINES = (
    line("2440", "Leverantör", -300, -250, signed=-200),
    line("2081", "Aktiekapital", -1_200),
    line("1930", "Bank", 900, 890),
    line("1510", "kund", 500, 500, signed=500),
)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("account", ["1510", "1930", "2081", "2440"]),
        ("name", ["2081", "1930", "1510", "2440"]),
        ("closing", ["2081", "1930", "1510", "2440"]),
        ("difference", ["2440", "1930", "1510", "2081"]),
        ("status", ["2440", "2081", "1930", "1510"]),
    ],
)
def test_p_7_2_the_largest_and_what_wants_work_first(sort: Sort, expected: list[str]) -> None:
    assert [each.account for each in sorted(LINES, key=KEYS[sort])] == expected


@pytest.mark.parametrize(
    ("only", "expected"),
    [("differences", ["2440", "1930"]), ("open", ["2440", "2081", "1930"]), ("changed", ["2440"])],
)
def test_p_7_2_differences_what_is_not_done_and_what_changed(only: Only, expected: list[str]) -> None:
    assert [each.account for each in LINES if WANTED[only](each)] == expected
