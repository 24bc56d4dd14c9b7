"""Main schedules: account groups whose sums are those of their accounts (P 2.3, P 7.2)."""

from hypothesis import given
from hypothesis import strategies as st

from closing_host.closing.main_schedules import Behind, SubSchedule, Sums, group_of, main_schedules, sums_of
from period_lines import BANK, CASH, LINES, MadeLine, line


def test_each_group_has_a_schedule_with_its_accounts_by_number() -> None:
    made = main_schedules(LINES, {})
    assert [(each.group, [one.account for one, _ in each.accounts]) for each in made] == [
        ("19", ["1910", "1930"]),
        ("24", ["2440"]),
        ("25", ["2510"]),
    ]


def test_a_group_sums_its_accounts_and_counts_those_done() -> None:
    cash_and_bank = main_schedules(LINES, {})[0]
    assert cash_and_bank.sums == Sums(105_00, 25_00, 130_00, 129_50, 50, 0)
    assert cash_and_bank.done == 1


def test_what_nothing_reconciles_is_summed_apart() -> None:
    assert sums_of([line("2510", -7_00, 0)]) == Sums(-7_00, 0, -7_00, None, None, -7_00)
    assert sums_of([line("2510", -7_00, 0), line("2512", 1_00, 0, 0)]) == Sums(-6_00, 0, -6_00, 0, 1_00, -7_00)


def test_what_stands_behind_an_account_comes_with_it() -> None:
    behind = Behind((SubSchedule("own", 1, "Kassa", 4_50),), ("Kassabok.pdf",))
    (made,) = main_schedules((BANK, CASH), {"1910": behind})
    assert made.accounts == ((CASH, behind), (BANK, Behind()))


def test_numbers_of_any_length_have_a_group_by_two_digits() -> None:
    assert [group_of(each) for each in ("1930", "193001", "19", "1", "2", "2999")] == ["19", "19", "19", "", "", "29"]
    assert [each.group for each in main_schedules([line("1", 1, 0), line("2099", 1, 0)], {})] == ["20", ""]


accounts = st.from_regex(r"[12][0-9]{0,5}", fullmatch=True)
amounts = st.integers(-(10**14), 10**14)
lines = st.lists(st.builds(line, accounts, amounts, amounts, st.none() | amounts), unique_by=lambda each: each.account)


@given(lines)
def test_no_account_is_lost_and_sums_hold(some: list[MadeLine]) -> None:
    made = main_schedules(some, {})
    assert sorted(one.account for each in made for one, _ in each.accounts) == sorted(each.account for each in some)
    for each in made:
        sums = each.sums
        known = (sums.reconciled or 0) + (sums.difference or 0)
        assert sums.closing == sums.opening + sums.change == known + sums.unreconciled
