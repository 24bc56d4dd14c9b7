"""S-b: what is reversed of which reserve, what may be allocated, and what it says beside it (P 7.5.3)."""

from dataclasses import replace

import pytest

from closing_host.api.errors import DataError
from closing_host.closing.system_entries import Choices
from system_rules import books, figure, kronor, made

TRANSFERRED = books({"3010": -800_000, "2123": -75_000, "8819": -25_000}, {"2123": -100_000})
"""25 000 of 2123 is reversed by an entry that is transferred."""


def test_a_reversal_that_is_transferred_is_lowered_and_taken_back_to_nothing() -> None:
    lowered = made(TRANSFERRED, Choices(reversals={"2123": 1_000_000}))["S-b"]
    assert kronor(lowered) == {"2123": -15_000, "8819": 15_000}
    nothing = made(TRANSFERRED, Choices(reversals={"2123": 0}))["S-b"]
    assert kronor(nothing) == {"2123": -25_000, "8819": 25_000}


def test_a_reversal_that_nobody_chose_stays_as_it_is_booked() -> None:
    assert "S-b" not in made(TRANSFERRED, Choices())
    other = {"2124": -500_000}
    both = replace(TRANSFERRED, opening={**TRANSFERRED.opening, **other}, closing={**TRANSFERRED.closing, **other})
    assert kronor(made(both, Choices(reversals={"2124": 500_000}))["S-b"]) == {"2124": 5_000, "8819": -5_000}


def test_reserves_of_no_known_year_are_not_reversed_by_themselves_and_the_rule_says_so() -> None:
    joint = replace(books({"3010": -800_000, "2110": -300_000}, {"2110": -300_000}), names={"2110": "P-fonder"})
    found = made(joint, Choices())["S-b"]
    assert (found.rows, figure(found, "reserve-year-unknown"), figure(found, "reversals")) == ((), 300_000, 0)
    chosen = made(joint, Choices(reversals={"2110": 1_000_000}))["S-b"]
    assert kronor(chosen) == {"2110": 10_000, "8819": -10_000}
    assert figure(chosen, "reserve-year-unknown") == 300_000


def test_a_choice_goes_before_what_is_due_and_the_rule_says_what_should_not_be_left() -> None:
    due = replace(books({"3010": -800_000, "2126": -60_000}, {"2126": -60_000}), names={"2126": "P-fond 2016"})
    assert kronor(made(due, Choices())["S-b"]) == {"2126": 60_000, "8819": -60_000}
    kept = made(due, Choices(reversals={"2126": 1_000_000}))["S-b"]
    assert kronor(kept) == {"2126": 10_000, "8819": -10_000}
    assert figure(kept, "reserve-too-old") == 50_000
    assert made(due, Choices(reversals={"2126": 0}))["S-b"].rows == ()
    whole = made(due, Choices(reversals={"2126": 6_000_000}))["S-b"]
    assert "reserve-too-old" not in {each.name for each in whole.figures}


@pytest.mark.parametrize("name", ["Periodiseringsfond 2016", "Periodiseringsfonder 2016 och 2026"])
def test_no_reserve_goes_to_an_account_that_is_named_after_another_year(name: str) -> None:
    named = replace(books({"3010": -800_000}), names={"2126": name})
    with pytest.raises(DataError) as refused:
        made(named, Choices(allocation=20_000_000))
    assert refused.value.code == "reserve-account-of-another-year"
    assert refused.value.parameters == {"account": "2126", "name": name, "year": 2026}
    assert made(named, Choices(allocation=0))["S-b"].rows == ()
    own = replace(named, names={"2126": "Periodiseringsfond 2025/2026"})
    assert kronor(made(own, Choices(allocation=20_000_000))["S-b"]) == {"8811": 200_000, "2126": -200_000}
