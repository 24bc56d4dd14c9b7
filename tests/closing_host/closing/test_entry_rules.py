"""What a closing entry must be: each thing that is wrong is named, with its row."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from closing_host.api.errors import DataError
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.money import MAX_ORE
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent
from closing_host.closing.entry_rules import LONGEST_TEXT, chart_of, check, check_not_for_transfer, problems

from .test_entries import entry

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
ROWS = (DraftRow("7010", 1_200_000, ((1, "N"), (6, "P1")), "december"), DraftRow("2910", -1_200_000))
GOOD = EntryContent(YEAR.end, "Upplupna löner", ROWS, YEAR_END)


def chart() -> Any:
    builder = LedgerBuilder(Company(), [YEAR])
    for account, name in (("7010", "Löner"), ("7010", "Löner igen"), ("2910", "Upplupna löner"), ("2990", "Övriga")):
        builder.add_account(account, name)
    builder.add_object(1, "N", "Norr")
    builder.add_voucher("A", "1", date(2025, 3, 1))
    builder.add_row("1930", 5, objects=[(6, "P1")])
    builder.add_row("2911", -5)
    return chart_of(builder.build(), YEAR.start, YEAR.end)


def codes(**changes: Any) -> list[tuple[str, int | None]]:
    return [(each.code, each.row) for each in problems(replace(GOOD, **changes), chart())]


def first_row(**changes: Any) -> dict[str, Any]:
    return {"rows": (replace(ROWS[0], **changes), ROWS[1])}


def test_an_account_that_only_opens_with_a_balance_can_be_booked_on() -> None:
    builder = LedgerBuilder(Company(), [YEAR])
    builder.add_balance("IB", "2081", -100)
    builder.add_balance("UB", "1119", 100, year=-1)
    assert dict(chart_of(builder.build(), YEAR.start, YEAR.end).accounts) == {"2081": "(saknas)"}


def test_a_whole_entry_has_no_problem() -> None:
    assert problems(GOOD, chart()) == ()
    check(GOOD, chart(), draft=False)


def test_accounts_and_objects_are_those_declared_or_used() -> None:
    known = chart()
    assert known.accounts == {
        "7010": "Löner",
        "2910": "Upplupna löner",
        "2990": "Övriga",
        "1930": "(saknas)",
        "2911": "(saknas)",
    }
    assert known.objects == {(1, "N"), (6, "P1")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": " "}, [("entry-text-missing", None)]),
        ({"text": "x" * (LONGEST_TEXT + 1)}, [("entry-text-too-long", None)]),
        ({"text": "se https://x · y"}, [("entry-text-characters", None)]),
        ({"rows": ()}, [("entry-rows-missing", None)]),
        ({"rows": ROWS[:1]}, [("entry-rows-missing", None), ("entry-unbalanced", None)]),
        ({"rows": (*ROWS, DraftRow("2910", 0))}, [("entry-row-zero", 3)]),
        (first_row(amount=1), [("entry-unbalanced", None)]),
        (first_row(account="7011"), [("entry-account-unknown", 1)]),
        (first_row(account=""), [("entry-account-missing", 1)]),
        (first_row(objects=((1, "S"), (6, "P1"))), [("entry-object-unknown", 1)]),
        (first_row(text="x" * 101), [("entry-row-text-too-long", 1)]),
        (first_row(text="–"), [("entry-row-text-characters", 1)]),
        (
            {"rows": (DraftRow("7010", MAX_ORE + 1), DraftRow("2910", -MAX_ORE - 1))},
            [("entry-amount-large", 1), ("entry-amount-large", 2)],
        ),
        ({"date": date(2026, 1, 1)}, [("entry-date-outside-year", None)]),
        ({"date": date(2024, 12, 31), "period": "2024-12"}, [("entry-date-outside-year", None)]),
        ({"date": date(2025, 12, 30)}, [("entry-date-not-last", None)]),
        ({"date": date(2025, 11, 30), "period": "2025-10"}, [("entry-period-unknown", None)]),
        ({"date": date(2025, 11, 30), "period": "2025-11"}, []),
        ({"date": YEAR.end, "period": "2025-12"}, []),
    ],
)
def test_each_problem_is_named(changes: dict[str, Any], expected: list[tuple[str, int | None]]) -> None:
    assert codes(**changes) == expected


def test_the_longest_text_fits_with_its_number() -> None:
    sent = replace(entry(send=999), number=9999, content=replace(GOOD, text="x" * LONGEST_TEXT)).draft
    assert len(sent.text) == 200


@pytest.mark.parametrize(
    ("account", "nearest"),
    [
        ("2912", "2911 (saknas), 2910 Upplupna löner, 2990 Övriga"),
        ("70", "7010 Löner, 1930 (saknas), 2910 Upplupna löner"),
    ],
)
def test_the_nearest_accounts_are_proposed(account: str, nearest: str) -> None:
    (problem,) = problems(replace(GOOD, **first_row(account=account)), chart())
    assert problem.parameters == {"row": 1, "account": account, "nearest": nearest}


def test_a_draft_may_lack_all_but_a_place_in_the_year() -> None:
    check(EntryContent(date(2025, 5, 5), "", (DraftRow("", 7),), "2025-05"), chart(), draft=True)
    for changes in ({"date": date(2026, 1, 1)}, {"text": "x" * 200}, first_row(amount=MAX_ORE * 2)):
        with pytest.raises(DataError):
            check(replace(GOOD, **changes), chart(), draft=True)


def test_the_first_problem_is_raised() -> None:
    with pytest.raises(DataError, match="entry-text-missing"):
        check(replace(GOOD, text="", rows=()), chart(), draft=False)


def test_not_for_transfer_is_for_the_year_end_and_has_a_reason() -> None:
    check_not_for_transfer(entry(), "bokförs i källan")
    with pytest.raises(DataError, match="entry-reason-missing"):
        check_not_for_transfer(entry(), " ")
    month = replace(entry(), content=replace(GOOD, period="2025-12"))
    with pytest.raises(DataError, match="entry-not-year-end"):
        check_not_for_transfer(month, "x")
