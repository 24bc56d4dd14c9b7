from pathlib import Path
from typing import Any

import pytest

from closing_host.closing.analysis import CHECKS
from small_sie import sie, voucher

from .conftest import Closing

LOPSIDED = ("A", "2", "20250311", [("4010", "5.00"), ("1930", "-4.00")])


@pytest.fixture(autouse=True)
def file(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1), LOPSIDED))


def test_every_check_is_listed_with_its_result(closing: Closing) -> None:
    said = closing("analysis", "books.se")
    assert said.code == 1
    assert all(each.id in said.out for each in CHECKS)
    assert "Voucher A 2 of 2025-03-11 is off by 1.00." in said.words


def test_a_check_that_could_not_run_says_what_it_lacks(closing: Closing) -> None:
    assert "TA17 There is no payables ledger." in closing("analysis", "books.se").words


def test_chosen_checks_alone_decide_the_exit_code(closing: Closing) -> None:
    assert closing("analysis", "books.se", "--checks", "ta04, ta31").code == 0
    assert closing("analysis", "books.se", "--checks", "TA01").code == 1


def test_a_check_that_there_is_not_is_refused_with_those_that_there_are(closing: Closing) -> None:
    said = closing("analysis", "books.se", "--checks", "TA99")
    assert said.code == 5
    assert "TA99" in said.err
    assert "TA31" in said.err


def test_json_gives_every_finding_with_its_identity(closing: Closing) -> None:
    data = closing("analysis", "books.se", "--checks", "TA01", "--json").data
    [check] = data["checks"]
    assert (data["start"], data["end"], check["outcome"], check["count"]) == ("2025-01-01", "2025-12-31", "found", 1)
    [finding] = check["findings"]
    assert (finding["identity"], finding["done"]) == ("TA01|A 2||100", False)
    assert finding["text"] == "Voucher A 2 of 2025-03-11 is off by 1.00."


def test_swedish_is_spoken(closing: Closing) -> None:
    said = closing("--lang", "sv", "analysis", "books.se", "--period", "2025-03", "--manual-series", "A")
    assert "Obalanserad verifikation" in said.out
    assert "differens på 1,00" in said.words
    assert "TA09 Det är inte känt" not in said.words


def test_long_lists_are_cut_and_say_so(closing: Closing) -> None:
    Path("many.se").write_bytes(
        sie(*[("A", "7", "20250310", [("4010", "1.00"), ("1930", f"-{n}.00")]) for n in range(2, 20)])
    )
    assert "8 more: --all" in closing("analysis", "many.se", "--checks", "TA01").words
    assert "more" not in closing("analysis", "many.se", "--checks", "TA01", "--all").words


@pytest.fixture
def imported(closing: Closing) -> None:
    assert closing("import", "--new", "books.se").code == 0


def finding(closing: Closing, check: str = "TA01") -> dict[str, Any]:
    [result] = closing("analysis", "1", "--checks", check, "--json").data["checks"]
    [found] = result["findings"]
    return {**found, "state": result["state"]}


@pytest.mark.usefixtures("imported")
def test_what_is_marked_done_stays_done_through_the_next_import_and_can_be_opened_again(closing: Closing) -> None:
    assert closing("analysis", "1", "--checks", "TA01").code == 1
    assert closing("analysis", "done", "1", finding(closing)["code"], "--comment", "Asked Åke").code == 0
    Path("later.se").write_bytes(sie(voucher(1), LOPSIDED, voucher(3)))
    closing("import", "later.se")
    said = closing("analysis", "1", "--checks", "TA01")
    assert said.code == 0
    assert "Marked done" in said.out
    assert "Asked Åke" in said.words
    closing("analysis", "reopen", "1", finding(closing)["code"])
    assert finding(closing)["state"] == "red"


def test_what_only_a_period_or_stated_series_show_is_marked_done_with_the_same_options(closing: Closing) -> None:
    many = [voucher(n, "10.00", f"2025-{n:02}-03") for n in (1, 2, 3)]
    many += [voucher(10 + n, f"{n}.00", "2025-04-04") for n in range(6)]  # a Friday; the 5th is a Saturday
    Path("many.se").write_bytes(sie(*many, voucher(30, "7.00", "2025-04-05")))
    closing("import", "--new", "many.se")
    for check, options in (("TA12", ["--period", "2025-04"]), ("TA09", ["--manual-series", "A"])):
        shown = ("analysis", "1", "--checks", check, *options, "--json")
        [result] = closing(*shown).data["checks"]
        codes = [each["code"] for each in result["findings"]]
        assert codes
        assert closing("analysis", "done", "1", *codes).code == 5
        assert closing("analysis", "done", "1", *codes, *options).code == 0
        [result] = closing(*shown).data["checks"]
        assert result["state"] == "done"


@pytest.mark.usefixtures("imported")
def test_another_amount_is_another_finding(closing: Closing) -> None:
    closing("analysis", "done", "1", finding(closing)["code"])
    worse = ("A", "2", "20250311", [("4010", "5.00"), ("1930", "-3.00")])
    Path("later.se").write_bytes(sie(voucher(1), worse))
    closing("import", "later.se")
    assert finding(closing)["state"] == "red"


@pytest.mark.usefixtures("imported")
def test_a_finding_that_there_is_not_is_refused(closing: Closing) -> None:
    for code in ("zz", ""):
        said = closing("analysis", "done", "1", code)
        assert said.code == 5, code
        assert "finding" in said.words


@pytest.mark.usefixtures("imported")
def test_a_check_is_switched_off_with_a_reason_and_on_again(closing: Closing) -> None:
    assert "Say why TA01" in closing("analysis", "off", "1", "TA01", "--reason", " ").words
    assert closing("analysis", "off", "1", "TA01", "--reason", "Known").code == 0
    assert closing("analysis", "1", "--checks", "TA01").code == 5
    assert "Off: Known" in closing("analysis", "checks", "1").words
    closing("analysis", "on", "1", "TA01")
    assert finding(closing)["state"] == "red"


@pytest.mark.usefixtures("imported")
def test_a_check_of_ones_own_runs_beside_the_standard_ones(closing: Closing) -> None:
    added = closing(
        "analysis", "add", "1", "TA19", "--name", "Bankkonton", "--parameter", "accounts=1930-1949", "--json"
    )
    assert added.data == {"id": "own-1"}
    said = closing("analysis", "1", "--checks", "own-1")
    assert "Bankkonton" in said.words
    assert "1930" in said.words
    assert "accounts=1930-1949" in closing("analysis", "checks", "1").words
    closing("analysis", "off", "1", "own-1", "--reason", "Not now")
    assert "Off: Not now" in closing("analysis", "checks", "1").words
    closing("analysis", "on", "1", "own-1")
    closing("analysis", "remove", "1", "own-1")
    assert "Bankkonton" not in closing("analysis", "checks", "1").words
    # What was marked done of the removed one is not taken over by the next.
    assert closing("analysis", "add", "1", "TA24", "--name", "Ören", "--json").data == {"id": "own-2"}


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "1", "TA19", "--name", "X", "--parameter", "accounts=abc"], "abc cannot be the value of accounts"),
        (["add", "1", "TA19", "--name", "X", "--parameter", "nonsense=1"], "TA19 has no parameter nonsense"),
        (["add", "1", "TA24", "--name", "X", "--parameter", "row=-5"], "-5 cannot be the value of row"),
        (["add", "1", "TA01", "--name", "X"], "TA01 has no parameters"),
        (["add", "1", "TA19", "--name", " "], "needs a name"),
        (["remove", "1", "TA01"], "TA01 is not a check of your own"),
        (["off", "1", "TA99", "--reason", "x"], "There is no check TA99"),
    ],
)
def test_what_cannot_be_chosen_is_refused_in_words(closing: Closing, arguments: list[str], said: str) -> None:
    refused = closing("analysis", *arguments)
    assert refused.code == 5
    assert said in refused.words
