"""What of a sheet is shown, in which order and with which sums, and what a browser's form says of its rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.standing import UNTOUCHED, AccountRecord, Figures, Review, SignOff, figures_of
from closing_host.engagements.reconciling import AccountLine
from closing_host.web.reconciliation_form import Shown, TypedLine, shown_done, typed_lines
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


def row(shown: AccountLine, **fields: str) -> TypedLine:
    """What a browser sends of the row that showed the line, with these fields changed."""
    record, account = shown.record, shown.account
    sent = {"shown": str(Shown.of(shown)), "version": str(shown.version), "comment": record.comment}
    sent |= {"typed": "" if record.typed is None else f"{record.typed / 100:.2f}"}
    if shown.standing == "done":
        said = {} if record.review == "not-reviewed" else {"review-comment": record.review_comment}
        sent |= {"done": "1", "review": str(record.review), **said}
    sent |= {name.replace("_", "-"): value for name, value in fields.items()}
    return typed_lines({f"{name}-{account}": value for name, value in sent.items()})[account]


def test_a_form_says_what_of_its_rows_was_changed() -> None:
    form = {"shown-1930": "started 90000 -", "version-1930": "1", "version-2440": "1", "shown-1510": "open 1 1"}
    assert typed_lines(form).keys() == {"1930"}
    assert typed_lines({**form, "version-1930": "x"})["1930"].version == 0
    for each in LINES:
        assert not row(each).changes(each)
    assert row(BANK, typed="").retyped(BANK)
    assert row(BANK, typed="=").amount == 900_00
    assert row(BANK, comment="Rad\r\nrad").comment == "Rad\nrad"
    assert row(BANK, done="1").decides(BANK)
    assert row(CASH, review="rejected", review_comment="Sen").reviews(CASH)
    seen = line("1910", 5_00, replace(CASH.record, review=Review.REJECTED, review_comment="Sen"))
    assert not row(seen).changes(seen)
    with pytest.raises(DataError, match="reconciled-unread"):
        row(BANK, typed="12,000").changes(BANK)


def test_a_box_that_stands_as_it_was_shown_decides_nothing_though_the_account_moved() -> None:
    moved = line("1910", 6_00, CASH.record)
    assert moved.standing == "changed"
    assert not row(CASH).changes(moved)
    assert not row(MOVED).decides(MOVED)
    assert row(MOVED, done="1").decides(MOVED)
    opened = replace(row(CASH), done=False)
    assert opened.decides(CASH)
    assert opened.decides(moved)


def test_what_is_pressed_while_the_press_before_is_kept_is_done_once() -> None:
    bank = line("1930", 900_00, signed(900_00))
    waiting = row(line("1930", 900_00, AccountRecord(900_00)), done="1")
    assert not waiting.decides(bank)
    assert waiting.decides(line("1930", 901_00, replace(signed(901_00), typed=901_00)))  # which nobody saw


def test_a_press_signs_the_balance_that_was_shown_and_the_amount_that_was_typed() -> None:
    assert row(BANK, typed="=", done="1").amount == 900_00
    assert row(BANK, typed="1", done="1").seen == Figures(900_00, 1_00)
    attached = typed_lines({"shown-1930": "started 90000 89000", "done-1930": "1"})["1930"]
    assert attached.seen == Figures(900_00, 890_00)


@pytest.mark.parametrize(
    ("typed", "now", "code", "ticked"),
    [
        (row(BANK, done="1"), BANK, "reconciled-unread", True),
        (row(BANK, done="1"), BANK, "sign-off-wants-comment", False),
        (row(BANK, done="1"), BANK, "sign-off-closing-moved", False),
        (row(BANK, done="1"), line("1930", 600_00), "reconciled-unread", False),
        (replace(row(CASH), done=False), CASH, "reconciled-unread", False),
        (row(CASH), CASH, "review-by-the-same", True),
        (row(CASH), line("1910", 6_00, CASH.record), "review-not-done", False),
    ],
)
def test_a_press_beside_what_is_refused_stays_and_one_that_is_refused_is_to_be_made_again(
    typed: TypedLine, now: AccountLine, code: str, ticked: bool
) -> None:
    assert shown_done(now, typed, ClosingError(code)) == ticked
    assert shown_done(CASH, None, None)
