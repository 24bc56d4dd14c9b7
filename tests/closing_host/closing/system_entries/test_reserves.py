"""S-b: what is reversed of which reserve, what may be allocated, and what it says beside it (P 7.5.3)."""

from dataclasses import replace

from closing_host.closing.system_entries import Choices
from system_rules import books, kronor, made

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
