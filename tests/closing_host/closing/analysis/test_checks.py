"""Each check of P 7.3 on books that trigger it, on books that just do not, and on books on which it cannot run."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from analysis_books import (
    END,
    FIGURES,
    MARCH,
    START,
    YEAR_END,
    books,
    facts,
    sale,
    supplier,
    vouchers_then,
    without_year,
)
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.closing.analysis import CHECKS, AnalysisFacts, CheckResult, SignedOff, analyse, own_check

MONTHS = ("2025-01-15", "2025-02-14", "2024-12-16")
QUIET = [sale("2025-01-10", 1), sale("2025-02-10", 2), sale("2025-03-10", 3)]
"""A sale each month, of nothing that any check should say a word about."""


def usual(amounts: list[float], year: int = 2025) -> list[str]:
    """Rows on 5010 spread over January and February 2025 and, in last year's books, December."""
    days = ("2024-12-12",) if year == 2024 else ("2025-01-13", "2025-02-13")
    return [
        f"{days[at % len(days)]} A {at + 1} Rent | 5010 {amount} | 1930 {-amount}" for at, amount in enumerate(amounts)
    ]


LAST_YEAR = books(*usual([100] * 4, 2024), year=2024)
FIVE_MORE = [f"2025-03-{day:02} A {100 + day} Rent | 5010 100 | 1930 -100" for day in range(3, 8)]
DIGITS = [f"2025-03-03 A {n} Cost | 5410 {n % 9 + 1} | 1930 -{n % 9 + 1}" for n in range(1, 301)]
BENFORD = [
    f"2025-03-03 A {n} Cost | 5410 {digit} | 1930 -{digit}"
    for n, digit in enumerate(
        [d for d, share in zip(range(1, 10), (91, 53, 38, 29, 24, 20, 17, 15, 14), strict=True) for _ in range(share)],
        1,
    )
]
SALARIES = "2025-03-25 A 1 Salaries | 7210 1000 | 1930 -1000"
SOLD = "2025-03-10 A 1 Sale | 1930 1250 | 3010 -1000 | 2610 -250"
RESULT = ["2025-06-10 A 1 Sale | 1930 100 | 3010 -100"]
TAKEN = "2025-12-31 A 2 Result | 8999 100 | 2099 -100"
LAST_RESULT = {"2099": -500, "1930": 500}
MOVED = "2025-03-11 A 4 Moved | 2099 500 | 2091 -500"

CASES: dict[str, tuple[Any, Any, Any]] = {
    # id: (triggers, just not, cannot run or None)
    "TA01": (
        books("2025-03-10 A 1 Sale | 1930 100 | 3010 -99.99"),
        books("2025-03-10 A 1 Sale | 1930 100 | 3010 -100", "2025-04-10 A 2 Sale | 1930 100 | 3010 -99.99"),
        FIGURES,
    ),
    "TA02": (
        books("2025-03-10 A 1 Sale | 1930 0 | 3010 0 | 3010 5"),
        books("2025-03-10 A 1 Sale | 1930 0 | 3010 -0.01 | 3020 0.01"),
        FIGURES,
    ),
    "TA03": (
        books(sale("2025-01-10", 1), sale("2025-03-10", 3)),
        books(sale("2025-01-10", 1), sale("2025-03-10", 2), sale("2025-04-10", 4)),
        books("2025-03-10 A - Sale | 1930 100 | 3010 -100"),
    ),
    "TA04": (
        books(sale("2025-01-10", 1), sale("2025-03-10", 1)),
        books(sale("2025-01-10", 1), sale("2025-03-10", 1, series="B")),
        books("2025-03-10 A - Sale | 1930 100 | 3010 -100"),
    ),
    "TA05": (
        books(sale("2026-01-01", 1)),
        books(sale("2025-12-31", 1), sale("2025-01-01", 2)),
        without_year(books(sale("2025-03-10", 1))),
    ),
    "TA06": (
        books(sale("2025-04-02", 1), sale("2025-03-01", 2)),
        books(sale("2025-04-01", 1), sale("2025-03-01", 2)),
        books("2025-03-10 A - Sale | 1930 100 | 3010 -100"),
    ),
    "TA07": (
        books("2025-03-10 A 1 registered=2025-05-21 Sale | 1930 100 | 3010 -100"),
        books("2025-03-10 A 1 registered=2025-05-20 Sale | 1930 100 | 3010 -100"),
        books(sale("2025-03-10", 1)),
    ),
    "TA08": (
        facts(books(*QUIET), signed_off=[SignedOff(*MARCH, vouchers_then("1", "2"))]),
        facts(books(*QUIET), signed_off=[SignedOff(*MARCH, vouchers_then("1", "2", "3"))]),
        FIGURES,
    ),
    "TA09": (
        facts(books(sale("2025-03-15", 1)), manual_series=frozenset("A")),
        facts(books(sale("2025-03-15", 1, series="B"), sale("2025-03-14", 1)), manual_series=frozenset("A")),
        books(sale("2025-03-15", 1)),
    ),
    "TA10": (
        facts(books(sale("2025-03-15", 1)), imported_on=date(2025, 3, 14)),
        facts(books(sale("2025-03-14", 1)), imported_on=date(2025, 3, 14)),
        books(sale("2025-03-15", 1)),
    ),
    "TA11": (
        facts(books(*usual([100, 200] * 5), "2025-03-10 A 90 Rent | 5010 300.01 | 1930 -300.01"), previous=LAST_YEAR),
        facts(books(*usual([100, 100] * 3), "2025-03-10 A 90 Rent | 5010 100 | 1930 -100"), previous=LAST_YEAR),
        books(*QUIET),
    ),
    "TA12": (
        facts(books(*usual([100] * 8), *FIVE_MORE), previous=LAST_YEAR),
        facts(books(*usual([100] * 8), *FIVE_MORE[:4]), previous=LAST_YEAR),
        books(*QUIET),
    ),
    "TA13": (
        facts(books(*FIVE_MORE), previous=books(sale("2024-03-10", 1), year=2024)),
        facts(books(*FIVE_MORE[:4]), previous=books(sale("2024-03-10", 1), year=2024)),
        books(*FIVE_MORE),
    ),
    "TA14": (
        books("2025-03-10 A 1 Paid | 1510 -0.01 | 3010 0.01"),
        books("2025-03-10 A 1 Paid | 1510 0 | 1229 -5 | 2641 5", opening={"1630": -5}),
        None,
    ),
    "TA15": (
        facts(books(sale("2025-03-14", 1, 10_000)), manual_series=frozenset("A")),
        facts(books(sale("2025-03-14", 1, 10_500), sale("2025-03-14", 2, 9_000)), manual_series=frozenset("A")),
        books(sale("2025-03-14", 1, 10_000)),
    ),
    "TA16": (
        books(sale("2025-03-03", 1, 100), sale("2025-03-10", 2, 100)),
        books(
            sale("2025-03-03", 1, 100),
            sale("2025-03-11", 2, 100),
            sale("2025-03-04", 3, 99.99),
            sale("2025-03-05", 4, 99.99),
        ),
        FIGURES,
    ),
    "TA17": (
        facts(books(*QUIET), **supplier(("1", "7", "F-1", 500, ""), ("2", "7", "F-1", 600, ""))),
        facts(
            books(*QUIET),
            **supplier(("1", "7", "F-1", 500, ""), ("2", "8", "F-1", 500, ""), ("3", "7", "F-2", 501, "")),
        ),
        books(*QUIET),
    ),
    "TA18": (
        facts(books(*QUIET, sale("2025-03-11", 4, account="3040")), previous=books(sale("2024-03-01", 1), year=2024)),
        facts(
            books(*QUIET, sale("2025-03-11", 4, account="3040")),
            previous=books(sale("2024-03-01", 1, account="3040"), year=2024),
        ),
        books(*QUIET),
    ),
    "TA19": (
        books("2025-03-10 A 1 OBS | 2999 5 | 1930 -5", "2025-03-11 A 2 OBS | 2999 -5 | 1930 5"),
        books(*QUIET, "2025-04-11 A 4 OBS | 2999 -5 | 1930 5"),
        None,
    ),
    "TA20": (
        facts(books("2025-03-10 B 2 Invoice | 4010 100 | 2440 -100"), **supplier(("1", "7", "F-1", 100, "B 1"))),
        facts(
            books(
                "2025-03-10 B 1 Invoice | 4010 100 | 2440 -100",
                "2025-03-11 C 1 Paid | 2440 100 | 1930 -100",
                "2025-03-11 A 1 Other | 4010 100 | 1930 -100",
            ),
            **supplier(("1", "7", "F-1", 100, "B 1"), payments=(("1", "C 1"),)),
        ),
        books(*QUIET),
    ),
    "TA21": (
        books("2025-03-10 A 1 Sale | 1930 1000 | 3010 -743.70 | 2610 -256.30"),
        books(
            SOLD,
            "2025-03-11 A 2 Reverse | 2614 -250 | 2645 250",
            "2025-03-12 A 3 Sale | 1930 125.5 | 3010 -100.25 | 2610 -25.25",
        ),
        FIGURES,
    ),
    "TA22": (
        books(SALARIES, "2025-03-25 A 2 Fees | 7510 284.1 | 2731 -284.1"),
        books(SALARIES, "2025-03-25 A 2 Fees | 7510 284.2 | 2731 -284.2"),
        books(*QUIET),
    ),
    "TA23": (books(*DIGITS), books(*BENFORD), books(*DIGITS[:299])),
    "TA24": (
        books("2025-03-10 A 1 Cents | 3740 1.01 | 1930 -1.01"),
        books(*[f"2025-03-10 A {n} Cents | 3740 1 | 1930 -1" for n in range(1, 101)]),
        FIGURES,
    ),
    "TA25": (
        facts(books(*QUIET, opening={"1930": 99}), previous=books(year=2024, opening={"1930": 100, "2081": -100})),
        facts(
            books(*QUIET, opening={"1930": 200}),
            previous=books(sale("2024-03-10", 1), year=2024, opening={"1930": 100}),
        ),
        books(*QUIET, opening={"1930": 100}),
    ),
    "TA26": (
        books("2025-03-10 A 1 Moved | 1930 300 | 1940 -300", stated={"1930": 299, "1940": -300}),
        books("2025-03-10 A 1 Moved | 1930 300 | 1940 -300", stated={"1930": 300, "1940": -300}),
        books(*QUIET),
    ),
    "TA27": (
        books(*QUIET, opening=LAST_RESULT),
        books(*QUIET, MOVED, opening=LAST_RESULT),
        books(*QUIET),
    ),
    "TA28": (
        facts(books(*RESULT), YEAR_END, year_end=True),
        facts(books(*RESULT, TAKEN, MOVED, opening=LAST_RESULT), YEAR_END, year_end=True),
        facts(books(*RESULT), YEAR_END),
    ),
    "TA29": (
        books(
            "2025-03-10 A 1 Till | 1910 -100.01 | 4010 100.01",
            "2025-03-11 A 2 Till | 1910 100 | 1930 -100",
            opening={"1910": 100},
        ),
        books(
            "2025-03-10 A 1 Till | 1910 -200 | 4010 200",
            "2025-03-10 A 2 Till | 1910 100 | 1930 -100",
            opening={"1910": 100},
        ),
        FIGURES,
    ),
    "TA30": (
        books(opening={"2128": -5}, names={"2128": "Periodiseringsfond 2018"}),
        books(opening={"2129": -5, "2125": -5, "2131": -5}, names={"2129": "Periodiseringsfond 2019"}),
        None,
    ),
    "TA31": (
        books("2025-03-10 A 1 Sale | 1930 100 | 3010 -100 | -3010 -90"),
        books("2025-03-10 A 1 Sale | 1930 100 | 3010 -100", "2025-04-10 A 2 Sale | 1930 100 | 3010 -100 | -3010 -90"),
        facts(books(*QUIET), cannot_hold=frozenset({"rows.history"})),
    ),
}


def result(id: str, given: Any) -> CheckResult:
    check = next(each for each in CHECKS if each.id == id)
    [found] = analyse(given if isinstance(given, AnalysisFacts) else facts(given), [check])
    return found


def test_every_check_has_its_cases() -> None:
    assert list(CASES) == [each.id for each in CHECKS]


@pytest.mark.parametrize("id", CASES)
def test_a_check_finds_what_its_rule_says(id: str) -> None:
    found = result(id, CASES[id][0])
    both_sides = id in ("TA11", "TA12", "TA25")
    assert (found.outcome, found.findings.height) == ("found", 2 if both_sides else 1), found.findings
    assert found.findings["identity"][0].startswith(id + "|")


@pytest.mark.parametrize("id", CASES)
def test_a_check_finds_nothing_where_its_rule_just_holds(id: str) -> None:
    found = result(id, CASES[id][1])
    assert (found.outcome, found.reason) == ("passed", ""), found.findings


@pytest.mark.parametrize("id", [id for id, case in CASES.items() if case[2] is not None])
def test_a_check_says_why_it_cannot_run(id: str) -> None:
    found = result(id, CASES[id][2])
    assert found.outcome == "could_not_run"
    assert found.reason
    assert found.findings.height == 0


@pytest.mark.parametrize("id", CASES)
def test_a_check_runs_on_books_without_anything(id: str) -> None:
    assert result(id, books()).outcome in ("passed", "could_not_run")


def test_a_finding_keeps_its_identity_when_the_file_brings_its_vouchers_in_another_order() -> None:
    lines = [sale("2025-03-03", 1), sale("2025-03-05", 2), "2025-03-06 A 3 Sale | 1930 7 | 3010 -6"]
    one, other = (analyse(facts(books(*each))) for each in (lines, lines[::-1]))
    assert [set(each.findings["identity"]) for each in one] == [set(each.findings["identity"]) for each in other]
    assert any(each.findings.height for each in one)


def test_a_finding_gets_another_identity_when_its_amount_changes() -> None:
    before = result("TA01", books("2025-03-10 A 1 Sale | 1930 100 | 3010 -99"))
    after = result("TA01", books("2025-03-10 A 1 Sale | 1930 100 | 3010 -98"))
    assert before.findings["identity"][0] != after.findings["identity"][0]


def test_a_series_that_begins_late_is_only_told_and_a_gap_inside_it_is_a_deviation() -> None:
    late = books(sale("2025-01-10", 7), sale("2025-01-11", 8))
    assert (result("TA03", late).outcome, result("TA03", late).mark) == ("found", "info")
    gap = result("TA03", books(sale("2025-01-10", 7), sale("2025-01-11", 9)))
    assert (gap.mark, gap.findings["mark"].to_list()) == ("red", ["info", "red"])


def test_a_number_dated_after_the_period_is_no_gap_in_it() -> None:
    later = books(sale("2025-03-01", 1), sale("2025-04-02", 2), sale("2025-03-31", 3), sale("2025-04-03", 5))
    assert result("TA03", later).outcome == "passed"
    whole = result("TA03", facts(later, (START, END))).findings
    assert whole.select("first", "last", "date").rows() == [(4, 4, date(2025, 4, 3))]
    twice = books(sale("2025-03-01", 1), sale("2025-04-03", 3), sale("2025-03-31", 3))
    assert result("TA03", twice).findings.select("first", "last", "date").rows() == [(2, 2, date(2025, 3, 31))]


def test_recurring_amounts_are_no_duplicates() -> None:
    rent = [
        f"2025-{month:02}-{day:02} A {month}{day} Rent | 5010 500 | 1930 -500" for month in (1, 2, 3) for day in (2, 5)
    ]
    december = [f"2024-12-{day:02} A {day} Rent | 5010 500 | 1930 -500" for day in (2, 5)]
    assert result("TA16", books(*rent)).outcome == "found"
    assert result("TA16", facts(books(*rent), previous=books(*december, year=2024))).outcome == "passed"


def test_a_duplicate_is_told_once_and_names_both_vouchers() -> None:
    found = result("TA16", books(sale("2025-03-03", 1), sale("2025-03-04", 2, text="Other"))).findings
    assert found["vouchers"].to_list() == [[0, 1]]
    assert found.select("account", "amount", "other").row(0) == ("1930", 10_000, "A 1")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2025-04-18", "Långfredagen"),
        ("2025-06-20", "Midsommarafton"),
        ("2025-12-24", "Julafton"),
        ("2025-12-31", "Nyårsafton"),
        ("2025-06-06", "Nationaldagen"),
        ("2025-05-29", "Kristi himmelsfärdsdag"),
    ],
)
def test_swedish_holidays_are_known_by_name(day: str, name: str) -> None:
    given = facts(books(sale(day, 1)), (START, END), manual_series=frozenset("A"))
    found = result("TA09", given).findings
    assert name in found["holiday"][0]


@pytest.mark.parametrize(("vouchers", "lacking"), [((TAKEN,), []), ((MOVED,), ["8999"]), ((), ["8999"])])
def test_last_years_result_is_no_part_of_what_this_years_is_taken_by(
    vouchers: tuple[str, ...], lacking: list[str]
) -> None:
    found = result("TA28", facts(books(*RESULT, *vouchers, opening=LAST_RESULT), YEAR_END, year_end=True))
    assert found.findings["account"].to_list() == lacking


def at_the_end(ledger: Ledger, accounts: str = "") -> list[tuple[str, int]]:
    standard = next(each for each in CHECKS if each.id == "TA28")
    check = own_check(standard, "own-1", {"accounts": accounts}) if accounts else standard
    [found] = analyse(facts(ledger, YEAR_END, year_end=True), [check])
    return found.findings.select("account", "amount").rows()


def test_the_result_is_booked_on_any_account_that_closes_the_income_statement() -> None:
    for account in ("8990", "8999", "8995"):
        assert at_the_end(books(*RESULT, TAKEN.replace("8999", account))) == []


def test_an_own_check_knows_the_equity_account_of_an_association() -> None:
    association = books(*RESULT, TAKEN.replace("2099", "2069"), form="I")
    assert at_the_end(association) == [("2099", 10_000)]
    assert at_the_end(association, "2069") == []
    assert at_the_end(books(*RESULT, TAKEN, form="I"), "2060-2069") == [("2060", 10_000)]


@pytest.mark.parametrize(("form", "lacking"), [("E", []), ("EF", []), ("AB", [("2099", 10_000)])])
def test_a_sole_traders_result_may_be_taken_by_the_owners_account(form: str, lacking: list[tuple[str, int]]) -> None:
    assert at_the_end(books(*RESULT, TAKEN.replace("2099", "2019"), form=form)) == lacking


def test_this_years_result_booked_does_not_move_last_years() -> None:
    taken = result("TA27", facts(books(*RESULT, TAKEN, opening=LAST_RESULT), YEAR_END))
    assert taken.findings.select("account", "amount").rows() == [("2099", -50_000)]
    closed_by_8990 = TAKEN.replace("8999", "8990")
    assert result("TA27", facts(books(*RESULT, closed_by_8990, opening=LAST_RESULT), YEAR_END)).outcome == "found"
    assert result("TA27", facts(books(*RESULT, TAKEN, MOVED, opening=LAST_RESULT), YEAR_END)).outcome == "passed"


def test_an_overdraft_is_only_told() -> None:
    overdrawn = books("2025-03-10 A 1 Paid | 1930 -100000 | 194001 -5 | 6110 100005")
    found = result("TA14", overdrawn)
    assert (found.mark, found.findings["account"].to_list()) == ("info", ["1930", "194001"])
    both = result("TA14", books("2025-03-10 A 1 Paid | 1930 -5 | 1920 -5 | 6110 10"))
    assert (both.mark, both.findings["mark"].to_list()) == ("red", ["red", "info"])


def test_a_write_down_is_known_by_its_fourth_digit() -> None:
    written_down = books("2025-03-10 A 1 Down | 12290 -5 | 122900 -5 | 1078 -5 | 1389 -5 | 7830 20")
    assert result("TA14", written_down).outcome == "passed"
    below = books("2025-03-10 A 1 Sold | 12218 -5 | 121009 -5 | 3970 10")
    assert result("TA14", below).findings["account"].to_list() == ["121009", "12218"]


def stretches(given: AnalysisFacts) -> list[tuple[Any, ...]]:
    return result("TA29", given).findings.select("account", "first", "last", "amount").rows()


def test_cash_stays_below_zero_until_the_day_before_it_is_not() -> None:
    till = books(
        "2025-01-20 A 1 Till | 1910 -100 | 6110 100",
        "2025-02-10 A 2 Till | 1910 -50 | 6110 50",
        "2025-04-05 A 3 Till | 1910 150 | 1930 -150",
        "2025-05-05 A 4 Till | 1910 -1 | 6110 1",
    )
    assert stretches(facts(till)) == [("1910", date(2025, 1, 20), date(2025, 3, 31), -15_000)]
    assert stretches(facts(till, (date(2025, 4, 5), date(2025, 4, 30)))) == []
    assert stretches(facts(till, (START, END))) == [
        ("1910", date(2025, 1, 20), date(2025, 4, 4), -15_000),
        ("1910", date(2025, 5, 5), END, -100),
    ]


def test_cash_that_opens_below_zero_is_so_from_the_first_day() -> None:
    untouched = books(*QUIET, opening={"1910": -100, "1911": 0, "2081": 100})
    assert stretches(facts(untouched)) == [("1910", START, MARCH[1], -10_000)]
    filled = books(*QUIET, "2025-02-01 A 4 Till | 1910 100 | 1930 -100", opening={"1910": -100, "1930": 100})
    assert stretches(facts(filled)) == []
    assert stretches(facts(filled, (START, END))) == [("1910", START, date(2025, 1, 31), -10_000)]


def test_an_own_check_is_a_copy_with_other_parameters() -> None:
    standard = next(each for each in CHECKS if each.id == "TA19")
    own = own_check(standard, "own-1", {"accounts": "1930, 4000-4999"})
    [found] = analyse(facts(books(*QUIET)), [own])
    assert (found.id, found.code, found.findings["account"].to_list()) == ("own-1", "analysis-ta19", ["1930"])
    with pytest.raises(KeyError, match="nonsense"):
        own_check(standard, "own-2", {"nonsense": "1"})


def test_statistics_want_three_earlier_months_and_ten_rows() -> None:
    high = "2025-03-10 A 90 Rent | 5010 9000 | 1930 -9000"
    few = facts(books(*usual([100] * 5), high), previous=LAST_YEAR)
    enough = facts(books(*usual([100] * 6), high), previous=LAST_YEAR)
    assert result("TA11", few).findings.filter(pl.col("account") == "5010").height == 0
    assert result("TA11", enough).findings.filter(pl.col("account") == "5010").height == 1


@pytest.mark.parametrize(
    ("month", "outcome"), [(3, "could_not_run"), (8, "could_not_run"), (9, "passed"), (10, "found")]
)
def test_last_years_numbers_are_not_those_of_days_that_its_books_do_not_reach(month: int, outcome: str) -> None:
    autumn = books(*[sale(f"2024-10-{day:02}", day) for day in range(1, 8)], year=2024)
    autumn = replace(autumn, years=(FinancialYear(0, date(2024, 9, 1), date(2024, 12, 31)),))
    now = books(sale(f"2025-{month:02}-03", 1))
    found = result("TA13", facts(now, (date(2025, month, 1), date(2025, month, 28)), previous=autumn))
    assert (found.outcome, found.reason) == (outcome, "analysis-no-year-before" if month < 9 else "")


def test_findings_are_worded_in_kronor() -> None:
    found = result("TA01", CASES["TA01"][0])
    said = found.wording_of(found.findings.row(0, named=True))
    assert {name: str(said[name]) for name in ("amount", "series", "number")} == {
        "amount": "0.01",
        "series": "A",
        "number": "1",
    }
