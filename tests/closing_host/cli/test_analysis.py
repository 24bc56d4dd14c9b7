from pathlib import Path

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
    assert check["findings"] == [{"identity": "TA01|A 2||100", "text": "Voucher A 2 of 2025-03-11 is off by 1.00."}]


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
