"""The rules S-a to S-f of P 7.5.3, each on figures that a person can follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.closing.system_entries import (
    Choices,
    NextYear,
    Transfer,
    YearBooks,
    check,
    rules,
)
from system_rules import YEAR, books, figure, kronor, made

EXAMPLE = books({"3010": -800_000, "1930": 900_000, "2123": -100_000}, {"2123": -100_000, "1930": 100_000})
EXAMPLE_CHOICES = Choices(allocation=20_363_700, non_deductible=1_234_500, non_taxable=34_500)


def test_p_7_5_3_the_example_comes_out_to_the_krona() -> None:
    found = made(EXAMPLE, EXAMPLE_CHOICES)
    tax = found["S-c"]
    assert figure(tax, "standard-income") == 2_550
    assert figure(tax, "surplus") == 814_550
    assert figure(found["S-b"], "allocation-limit") == 203_637
    assert figure(tax, "tax-base") == 610_910
    assert kronor(tax) == {"8910": 125_847, "2512": -125_847}
    assert kronor(found["S-b"]) == {"8811": 203_637, "2126": -203_637}
    assert kronor(found["S-e"]) == {"8999": 470_516, "2099": -470_516}


def test_s_a_books_what_excess_depreciation_lacks_to_its_target() -> None:
    given_books = books({"2153": -40_000, "3010": -100_000})
    assert kronor(made(given_books, Choices(excess_depreciation=5_000_000))["S-a"]) == {"8853": 10_000, "2153": -10_000}
    assert kronor(made(given_books, Choices(excess_depreciation=0))["S-a"]) == {"8853": -40_000, "2153": 40_000}
    assert "S-a" not in made(given_books, Choices())


def test_s_b_reverses_a_reserve_in_its_sixth_year_without_being_asked() -> None:
    found = made(books({"2120": -60_000, "3010": -100}, {"2120": -60_000}), Choices())["S-b"]
    assert kronor(found) == {"2120": 60_000, "8819": -60_000}
    assert figure(found, "reversals") == 60_000


def test_s_b_leaves_a_younger_reserve_unless_the_user_reverses_of_it() -> None:
    given_books = books({"2121": -60_000, "3010": -100}, {"2121": -60_000})
    assert "S-b" not in made(given_books, Choices())
    found = made(given_books, Choices(reversals={"2121": 2_500_000}))["S-b"]
    assert kronor(found) == {"2121": 25_000, "8819": -25_000}


def test_s_b_refuses_more_than_a_quarter_of_the_surplus_and_more_than_there_is() -> None:
    given_books = books({"3010": -100_000, "2121": -10}, {"2121": -10})
    with pytest.raises(DataError) as refused:
        made(given_books, Choices(allocation=2_500_100, standard_income_rate=Decimal(0)))
    assert (refused.value.code, refused.value.parameters["limit"]) == ("allocation-too-large", 25_000)
    with pytest.raises(DataError) as refused:
        made(given_books, Choices(reversals={"2121": 1_001}))
    assert refused.value.code == "reversal-too-large"


def test_s_c_a_loss_bears_no_tax() -> None:
    assert made(books({"5010": 100_000}), Choices())["S-c"].rows == ()


def test_s_c_the_year_decides_the_rate_and_the_user_may_state_another() -> None:
    in_2020 = replace(books({"3010": -100_000}), start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert kronor(made(in_2020, Choices())["S-c"])["8910"] == 21_400
    assert kronor(made(in_2020, Choices(tax_rate=Decimal("10")))["S-c"])["8910"] == 10_000
    with pytest.raises(DataError, match="tax-rate-unknown"):
        made(replace(in_2020, start=date(2010, 1, 1), end=date(2010, 12, 31)), Choices())


def test_s_c_the_rate_is_that_of_the_day_on_which_the_year_begins() -> None:
    thirteen_months = replace(books({"3010": -100_000}), start=date(2020, 12, 1), end=date(2021, 12, 31))
    assert kronor(made(thirteen_months, Choices())["S-c"])["8910"] == 21_400
    short = replace(thirteen_months, start=date(2021, 3, 1), end=date(2021, 8, 31))
    assert kronor(made(short, Choices())["S-c"])["8910"] == 20_600


def test_s_c_no_standard_income_is_guessed_for_a_year_whose_rate_is_not_known() -> None:
    later = replace(EXAMPLE, start=date(2027, 1, 1), end=date(2027, 12, 31))
    with pytest.raises(DataError, match="standard-income-rate-unknown"):
        made(later, Choices())
    for year, income in ((2020, 500), (2023, 1_940), (2024, 2_620), (2025, 1_960)):
        then = replace(EXAMPLE, start=date(year, 1, 1), end=date(year, 12, 31))
        assert figure(made(then, Choices())["S-c"], "standard-income") == income
    stated = made(later, Choices(standard_income_rate=Decimal("2")))["S-c"]
    assert figure(stated, "standard-income") == 2_000
    assert "S-c" in made(replace(books({"3010": -1}), start=later.start, end=later.end), Choices())


def test_s_c_tax_booked_by_hand_counts_whatever_the_account_is_called() -> None:
    by_hand = {"3010": -100_000, "8910": 20_000, "8920": 700, "2512": -20_700}
    assert kronor(made(books(by_hand), Choices())["S-c"]) == {"8910": 600, "2512": -600}
    six_digits = {"301000": -100_000, "891000": 20_000, "251200": -20_000}
    assert kronor(made(books(six_digits), Choices())["S-c"]) == {"891000": 600, "251200": -600}


def test_s_c_reserves_changed_by_hand_are_taxed_as_they_are_booked() -> None:
    booked = books({"3010": -100_000, "2121": -30_000, "8819": -10_000, "8811": 20_000}, {"2121": -40_000})
    tax = made(booked, Choices(standard_income_rate=Decimal(0)))
    assert "S-b" not in tax
    assert figure(tax["S-c"], "tax-base") == 90_000
    together = books({"3010": -100_000, "2121": -30_000, "8810": -10_000}, {"2121": -40_000})
    assert figure(made(together, Choices(standard_income_rate=Decimal(0)))["S-c"], "tax-base") == 110_000


def test_s_b_what_is_allocated_by_hand_counts_towards_the_target() -> None:
    booked = books({"3010": -100_000, "2126": -5_000, "8811": 5_000})
    found = made(booked, Choices(allocation=1_000_000))
    assert kronor(found["S-b"]) == {"8811": 5_000, "2126": -5_000}
    assert figure(found["S-c"], "tax-base") == 90_000


def test_s_d_gathers_the_tax_accounts() -> None:
    found = made(books({"2518": 90_000, "2514": -5_000, "3010": -100_000}), Choices(tax_summary=True))["S-d"]
    assert kronor(found) == {"2510": 64_400, "2512": 20_600, "2514": 5_000, "2518": -90_000}
    assert len(found.rows) == 4, "an account stands once in an entry"
    foreign = made(books({"2517": -700, "3010": -1}), Choices(tax_summary=True))["S-d"]
    assert kronor(foreign) == {"2510": -700, "2517": 700}


def test_s_e_a_loss_is_booked_the_other_way_round() -> None:
    assert kronor(made(books({"5010": 70_000}), Choices())["S-e"]) == {"8999": -70_000, "2099": 70_000}


def test_s_e_books_what_the_booked_result_lacks_whichever_account_it_stands_on() -> None:
    for account in ("8999", "8990"):
        by_hand = books({"5010": 70_000, account: -60_000, "2099": 60_000})
        assert kronor(made(by_hand, Choices())["S-e"]) == {"8999": -10_000, "2099": 10_000}
    right = books({"5010": 70_000, "8999": -70_000, "2099": 70_000})
    assert made(right, Choices())["S-e"].rows == ()


def test_s_e_the_result_goes_where_the_user_says() -> None:
    found = made(books({"3010": -100}, form="HB"), Choices(result_account="2019"))
    assert kronor(found["S-e"]) == {"8999": 100, "2019": -100}


def test_s_f_a_sole_traders_accounts_go_to_2010_on_the_next_years_first_day() -> None:
    given_books = books({"3010": -50_000, "2013": 20_000, "2018": -3_000, "1930": 33_000}, form="E")
    found = made(given_books, Choices(allocation=100, excess_depreciation=100))
    assert list(found) == ["S-e", "S-f"]
    assert kronor(found["S-e"]) == {"8999": 50_000, "2019": -50_000}
    assert kronor(found["S-f"]) == {"2010": -33_000, "2013": -20_000, "2018": 3_000, "2019": 50_000}
    assert (found["S-f"].date, found["S-f"].to_come) == (date(2027, 1, 1), True)


FIRST = date(2027, 1, 1)
OWNER = books({"3010": -50_000, "2010": -80_000, "2013": 20_000, "1930": 110_000}, form="E")


def gathered(opening: Mapping[str, int] | None, *transfers: tuple[date, Mapping[str, int]]) -> dict[str, float]:
    moved = tuple(Transfer(day, {a: n * 100 for a, n in amounts.items()}) for day, amounts in transfers)
    stated = None if opening is None else {a: n * 100 for a, n in opening.items()}
    return kronor(made(replace(OWNER, next=NextYear(stated, moved)), Choices())["S-f"])


def test_s_f_what_the_next_year_holds_already_is_not_booked_again() -> None:
    whole = {"2010": -30_000, "2013": -20_000, "2019": 50_000}
    assert gathered(None) == whole
    assert gathered(None, (FIRST, whole)) == {}
    assert gathered(None, (date(2027, 1, 31), whole)) == {}
    assert gathered(None, (FIRST, {"2013": -25_000, "2010": 25_000})) == {
        "2010": -55_000,
        "2013": 5_000,
        "2019": 50_000,
    }


def test_s_f_leaves_the_new_years_own_withdrawals_alone() -> None:
    at_its_end = (date(2027, 12, 31), {"2013": -70_000, "2010": 70_000})
    assert gathered(None, (FIRST, {"2010": -30_000, "2013": -20_000, "2019": 50_000}), at_its_end) == {}


def test_s_f_is_done_where_the_source_brings_equity_forward_gathered() -> None:
    assert gathered({"2010": -110_000, "1930": 110_000}) == {}
    assert gathered({"2010": -80_000, "2013": 20_000, "1930": 110_000}) != {}


def test_other_forms_book_their_result_and_no_tax() -> None:
    assert list(made(books({"3010": -100}, form="HB"), Choices(income_tax=True))) == ["S-e"]


def test_nothing_is_computed_for_a_company_whose_form_is_not_known() -> None:
    with pytest.raises(DataError, match="system-form-unknown"):
        made(books({"3010": -100}, form=""), Choices())


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        (Choices(allocation=-1), "system-amount-refused"),
        (Choices(losses=10**17), "system-amount-refused"),
        (Choices(tax_rate=Decimal(101)), "system-rate-refused"),
        (Choices(reversals={"2129": 1}), "system-reserve-unknown"),
        (Choices(result_account="1930"), "system-account-refused"),
    ],
)
def test_choices_that_cannot_be_are_refused(choices: Choices, code: str) -> None:
    check(Choices(reversals={"2123": 1}, result_account="2099"), EXAMPLE)
    with pytest.raises(DataError, match=code):
        check(choices, EXAMPLE)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "3010",
                "4010",
                "5010",
                "8310",
                "8853",
                "8811",
                "8819",
                "8910",
                "8990",
                "8999",
                "2153",
                "2512",
                "2518",
                "2013",
            ]
        ),
        st.integers(-(10**9), 10**9),
    ),
    st.dictionaries(st.sampled_from(["2120", "2121", "2126"]), st.integers(-(10**8), -1)),
    st.sampled_from(["AB", "E", "HB"]),
    st.none() | st.integers(0, 10**8),
    st.booleans(),
)
def test_every_entry_balances_and_running_any_rule_twice_adds_nothing(
    closing: dict[str, int], reserves: dict[str, int], form: str, excess: int | None, summary: bool
) -> None:
    given_books = YearBooks(*YEAR, form, {**closing, **reserves}, reserves, next=NextYear())
    choices = Choices(excess_depreciation=excess, allocation=0, tax_summary=summary)
    computations = list(rules(given_books, choices))
    booked, transfers = dict(given_books.closing), []
    for each in computations:
        assert sum(row.amount for row in each.rows) == 0
        assert len({row.account for row in each.rows}) == len(each.rows)
        assert all(row.amount for row in each.rows)
        for row in each.rows if each.date <= given_books.end else ():
            booked[row.account] = booked.get(row.account, 0) + row.amount
        if each.date > given_books.end:
            transfers.append(Transfer(each.date, {row.account: row.amount for row in each.rows}))
    after = replace(given_books, closing=booked, next=NextYear(transfers=tuple(transfers)))
    assert [each.rule for each in rules(after, choices) if each.rows] == []
