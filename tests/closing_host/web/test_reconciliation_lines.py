"""What of a sheet is shown, in which order and with which sums, and what a browser's form says of its rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from closing_host.api.errors import DataError
from closing_host.closing.standing import UNTOUCHED, AccountRecord, Review, SignOff, figures_of
from closing_host.engagements.reconciling import AccountLine
from closing_host.web.reconciliation_form import typed_lines
from closing_host.web.reconciliation_lines import Wanted, in_the_way, shown_groups, side_sums, to_sign_off, wanted_of

THEN = datetime(2026, 1, 10, tzinfo=UTC)


def line(account: str, closing: int, record: AccountRecord = UNTOUCHED) -> AccountLine:
    return AccountLine(
        account,
        f"Konto {account}",
        closing,
        0,
        0,
        closing,
        True,
        figures_of(closing, record, None),
        record,
        1,
        0,
        False,
        0,
    )


def signed(closing: int) -> AccountRecord:
    return AccountRecord(closing, "", SignOff("asa", THEN, "ab", closing, closing))


BANK = line("1930", 900_00, AccountRecord(890_00))
CASH = line("1910", 5_00, signed(5_00))
DEBT = line("2440", -300_00, AccountRecord(-250_00))
MOVED = line("1510", 500_00, signed(400_00))
ODD = line("2", -1_00)
LINES = (BANK, CASH, DEBT, MOVED, ODD)


def accounts(wanted: Wanted) -> list[str]:
    return [each.account for group in shown_groups(LINES, wanted) for each in group.lines]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["1510", "1910", "1930", "2", "2440"]),
        (Wanted(only="differences"), ["1510", "1930", "2440"]),
        (Wanted(only="open"), ["1510", "1930", "2", "2440"]),
        (Wanted(only="changed"), ["1510"]),
        (Wanted(search="KONTO 19"), ["1910", "1930"]),
        (Wanted(sort="difference"), ["1510", "2440", "1930", "1910", "2"]),
        (Wanted(sort="status"), ["1510", "2", "1930", "2440", "1910"]),
    ],
)
def test_lines_are_filtered_and_ordered(wanted: Wanted, expected: list[str]) -> None:
    assert accounts(wanted) == expected


def test_accounts_stand_in_groups_with_their_sums_unless_they_are_sorted_otherwise() -> None:
    groups = shown_groups(LINES, Wanted())
    assert [(group.code, group.done, len(group.lines)) for group in groups] == [
        ("15", 0, 1),
        ("19", 1, 2),
        ("", 0, 1),
        ("24", 0, 1),
    ]
    assert (groups[1].sums.closing, groups[1].sums.reconciled, groups[1].sums.difference) == (905_00, 895_00, 10_00)
    assets, debts = side_sums(groups)
    assert (assets.closing, debts.closing, debts.unreconciled) == (1405_00, -301_00, -1_00)
    assert [group.code for group in shown_groups(LINES, Wanted(sort="status"))] == [None]
    assert shown_groups(LINES, Wanted(search="saknas", sort="status")) == ()


def test_done_for_several_takes_those_shown_and_names_those_that_lack_a_comment() -> None:
    groups = shown_groups(LINES, Wanted())
    assert [each.account for each in to_sign_off(groups)] == ["1510", "1930", "2", "2440"]
    assert [each.account for each in to_sign_off(groups, "19")] == ["1930"]
    commented = replace(BANK, record=replace(BANK.record, comment="Ränta"))
    assert in_the_way([BANK, commented, CASH, ODD]) == (BANK, ODD)


def test_an_address_says_what_is_wanted_and_nothing_else() -> None:
    wanted = wanted_of("open", " 19 ", "1", "status")
    assert wanted == Wanted("open", "19", True, "status")
    assert wanted_of(**{"only": "", "search": "", "zero": "", "sort": ""}).stated == {}
    assert wanted_of("none", "x" * 200, "yes", "name") == Wanted("", "x" * 100, False, "")
    assert wanted.stated == {"only": "open", "q": "19", "zero": "1", "sort": "status"}


def test_a_form_says_what_of_its_rows_was_changed() -> None:
    form = {"version-1930": "1", "typed-1930": "890,00", "comment-1930": "", "version-2440": "x", "typed-1510": "1"}
    typed = typed_lines(form)
    assert typed.keys() == {"1930", "2440"}
    assert not typed["1930"].changes(BANK)
    assert typed["2440"].version == 0
    assert typed_lines({**form, "typed-1930": ""})["1930"].retyped(BANK)
    assert typed_lines({**form, "typed-1930": "="})["1930"].amount(BANK) == 900_00
    assert typed_lines({**form, "comment-1930": "Rad\r\nrad"})["1930"].comment == "Rad\nrad"
    assert typed_lines({**form, "done-1930": "1"})["1930"].decides(BANK)
    assert not typed_lines({"version-1510": "1"})["1510"].decides(MOVED)  # which is not done until it is pressed again
    assert typed_lines({"version-1910": "1"})["1910"].decides(CASH)
    review = {"version-1910": "1", "done-1910": "1", "review-1910": "rejected", "review-comment-1910": "Sen"}
    assert typed_lines(review)["1910"].reviews(CASH)
    seen = line("1910", 5_00, replace(CASH.record, review=Review.REJECTED, review_comment="Sen"))
    assert not typed_lines(review)["1910"].changes(seen)
    with pytest.raises(DataError, match="reconciled-unread"):
        typed_lines({**form, "typed-1930": "12,000"})["1930"].changes(BANK)
