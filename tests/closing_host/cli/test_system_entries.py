"""`closing system`: what the rules compute, choosing and making, in words and as JSON."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from system_books import example_books

from .conftest import Closing

CHOICE = ("--allocation", "203 637", "--non-deductible", "12345", "--non-taxable", "345,00")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imported")
    example_books(folder)
    return folder


@pytest.fixture(autouse=True)
def books(closing: Closing, imported: Path) -> None:
    shutil.copytree(imported, Path.cwd(), dirs_exist_ok=True)


def rules(data: dict[str, Any]) -> dict[str, Any]:
    return {each["rule"]: each for each in data["rules"]}


def test_p_7_5_3_the_example_from_choice_to_entry(closing: Closing) -> None:
    chosen = closing("system", "choose", "1/2026", *CHOICE, "--json").data
    assert (chosen["chosen"], chosen["in_step"], rules(chosen)["S-c"]["state"]) == (True, False, "proposed")
    tax = {each["name"]: each["amount"] or each["percent"] for each in rules(chosen)["S-c"]["figures"]}
    assert (tax["surplus"], tax["tax-base"], tax["tax-rate"]) == ("814550.00", "610910.00", "20.6")
    made = closing("system", "make", "1/2026", "--json").data
    assert rules(made)["S-c"]["rows"] == [
        {"account": "8910", "amount": "125847.00"},
        {"account": "2512", "amount": "-125847.00"},
    ]
    assert rules(made)["S-e"]["rows"][0] == {"account": "8999", "amount": "470516.00"}
    assert [each["entry"] for each in made["rules"]] == ["S1", "S2", "S3"]
    assert closing("system", "make", "1/2026", "--json").data == made


def test_words_tell_the_computation_with_the_law_and_what_to_do_next(closing: Closing) -> None:
    said = closing("system", "1/2026", "--lang", "sv").words
    assert "S-c Skatt på årets resultat – Inte skapad än" in said
    assert "Sats för schablonintäkt: 2,55\u00a0% (IL 30 kap. 6 a §)".replace("\u00a0", " ") in said
    assert "Nu: closing system make." in said
    done = closing("system", "make", "1/2026").words
    assert "S-e Result of the year – Made and up to date: S2" in done
    assert "Now:" not in done
    assert "S2 " in closing("entries", "list", "1/2026").words


def test_what_is_not_stated_stays_and_none_takes_a_choice_back(closing: Closing) -> None:
    closing("system", "choose", "1/2026", *CHOICE, "--tax-summary")
    again = closing("system", "choose", "1/2026", "--reversal", "2123=25000", "--rate", "22", "--json").data
    assert list(rules(again)) == ["S-b", "S-c", "S-d", "S-e"]
    assert {each["account"]: each["amount"] for each in rules(again)["S-b"]["rows"]} == {
        "2123": "25000.00",
        "8819": "-25000.00",
        "8811": "203637.00",
        "2126": "-203637.00",
    }
    back = closing("system", "choose", "1/2026", "--reversal", "2123=none", "--allocation", "none", "--no-tax-summary")
    assert back.code == 0
    assert "S-b" not in back.words
    assert "Tax rate: 22%" in back.words


def test_nothing_to_reverse_is_a_choice_of_its_own(closing: Closing) -> None:
    stated = closing("system", "choose", "1/2026", "--reversal", "2123=0", "--json").data
    assert rules(stated)["S-b"]["state"] == "nothing"
    assert "S-b" not in rules(closing("system", "choose", "1/2026", "--reversal", "2123=none", "--json").data)


def test_what_cannot_be_chosen_says_why_and_keeps_nothing(closing: Closing) -> None:
    for stated, words in (
        (("--allocation", "400000"), "at most 200,637.00 this year"),
        (("--allocation", "mycket"), "mycket is no amount"),
        (("--rate", "tio"), "tio is no rate"),
        (("--reversal", "2129=1"), "Those that did: 2123"),
        (("--reversal", "2123"), "2123 is no amount"),
        (("--result-account", "1930"), "cannot take the result"),
    ):
        said = closing("system", "choose", "1/2026", *stated)
        assert said.code == 5
        assert words in said.words
    assert closing("system", "1/2026", "--json").data["chosen"] is False
