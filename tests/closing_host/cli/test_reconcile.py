"""`closing periods` and `closing reconcile`: a month from the sheet to the lock, as typed."""

import csv
from pathlib import Path

import pytest

from small_sie import sie, voucher

from .conftest import Closing

MARCH = ("--period", "2025-03")


@pytest.fixture(autouse=True)
def books(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1), voucher(2, "50.00", "20250410")))
    assert closing("import", "--new", "books.se").code == 0
    assert closing("periods", "divide", "1", "quarter").code == 0


def account(closing: Closing, number: str = "1930", *options: str) -> dict[str, object]:
    [found] = [
        each for each in closing("reconcile", "1", "--json", *options).data["accounts"] if each["account"] == number
    ]
    return dict(found)


def states(closing: Closing) -> dict[str, str]:
    return {each["period"]: each["state"] for each in closing("periods", "1", "--json").data["periods"]}


def test_an_account_is_reconciled_booked_signed_reviewed_and_its_quarter_locked(closing: Closing) -> None:
    said = closing("reconcile", "set", "1", "1930", "--amount", "890,00", "--json").data
    assert (said["closing"], said["reconciled"], said["difference"], said["status"]) == (
        "900.00",
        "890.00",
        "10.00",
        "started",
    )
    assert [
        each["account"] for each in closing("reconcile", "1", "--only", "differences", "--json").data["accounts"]
    ] == ["1930"]
    said = closing("reconcile", "entry", "1", "1930", "--counter", "4010", "--text", "Bankavgift", "--json")
    assert (said.data["entry"], said.data["date"], said.data["period"]) == ("V1", "2025-03-31", "2025-03")
    assert account(closing)["difference"] == "0.00"
    said = closing("reconcile", "done", "1", "--all")
    assert said.code == 1
    assert "These want a comment first: 2081." in said.words
    closing("reconcile", "set", "1", "2081", "--comment", "Registrerat")
    assert closing("reconcile", "done", "1", "2081").code == 0
    assert closing("reconcile", "review", "1", "--all", "--approve", "--comment", "Sett").code == 0
    assert (account(closing)["review"], account(closing)["review_comment"]) == ("approved", "Sett")
    assert "2025-03: Locked" in closing("periods", "lock", "1", "2025-03").words
    [first, second, *_] = closing("periods", "1", "--json").data["periods"]
    assert (first["state"], first["done"], first["total"], first["differences"]) == ("locked", 2, 2, 0)
    assert (first["locked_by"], second["state"]) == ("asa", "started")
    assert "Period 2025-03 is locked" in closing("reconcile", "set", "1", "1930", "--clear", *MARCH).words
    assert "cannot be divided otherwise" in closing("periods", "divide", "1", "month").words
    assert closing("periods", "divide", "1", "quarter").code == 0


def test_a_lock_tells_what_is_not_done_and_takes_a_reason_and_unlocking_pauses(closing: Closing) -> None:
    said = closing("periods", "lock", "1", "2025-03")
    assert said.code == 1
    assert "2 accounts of 2025-03 are not done: 1930, 2081." in said.words
    assert closing("periods", "lock", "1", "2025-03", "--reason", "Vi väntar").code == 0
    assert "Vi väntar" in closing("periods", "1").words
    assert "when it was locked. Vi väntar" in closing("reconcile", "1", *MARCH).words
    assert closing("periods", "unlock", "1", "2025-03").code == 2
    assert closing("periods", "unlock", "1", "2025-03", "--reason", "Ny faktura").code == 0
    assert states(closing) == {
        "2025-03": "started",
        "2025-06": "paused",
        "2025-09": "not-started",
        "2025-12": "not-started",
        "year-end": "not-started",
    }
    assert "paused" in closing("periods", "start", "1", "2025-06").words
    assert closing("periods", "lock", "1", "2025-09", "--through", "--reason", "Bara årsavslut").code == 0
    assert list(states(closing).values()) == ["locked", "locked", "locked", "started", "not-started"]


def test_what_moved_after_done_is_shown_old_and_new(closing: Closing) -> None:
    closing("reconcile", "set", "1", "1930", "--amount", "900", *MARCH)
    closing("reconcile", "done", "1", "1930", *MARCH)
    Path("later.se").write_bytes(sie(voucher(1), voucher(2, "50.00", "20250410"), voucher(3, "7.00")))
    closing("import", "later.se")
    assert "1930: Closing balance was 900.00, is 893.00" in closing("reconcile", "1", "--only", "changed").words
    assert account(closing)["moved"] == [{"figure": "closing", "before": "900.00", "after": "893.00"}]
    assert closing("periods", "1", "--json").data["periods"][0]["changed"] == 1


def test_a_locked_period_that_an_import_changed_is_told_with_the_list(closing: Closing) -> None:
    closing("periods", "lock", "1", "2025-03", "--reason", "Klart")
    Path("later.se").write_bytes(sie(voucher(1), voucher(2, "50.00", "20250410"), voucher(3, "7.00")))
    closing("import", "later.se")
    said = closing("periods", "1").words
    assert "2025-03 is locked, and has changed since in the books:" in said
    assert "new: A 3 2025-03-10 Köp 3" in said
    assert "1930 Konto 1930: 900.00 → 893.00" in said
    [change] = closing("periods", "1", "--json").data["changed_since_locked"]
    assert (change["period"], len(change["vouchers"])) == ("2025-03", 1)
    assert {each["account"]: each["after"] for each in change["accounts"]} == {"1930": "893.00", "4010": "107.00"}
    assert account(closing, "1930", *MARCH)["closing"] == "900.00"


def test_the_sheet_is_filtered_sorted_and_written(closing: Closing) -> None:
    closing("reconcile", "set", "1", "1930", "--comment", "=1+1", *MARCH)
    rows = closing("reconcile", "1", "--sort", "status", "--json").data["accounts"]
    assert [each["account"] for each in rows] == ["2081", "1930"]
    assert closing("reconcile", "1", "--sort", "name", "--only", "changed", "--json").data["accounts"] == []
    assert closing("reconcile", "1", "--output", "sheet.csv").code == 0
    [head, *lines] = csv.reader(Path("sheet.csv").read_text("utf-8").splitlines())
    assert [each[:5] for each in lines] == [
        ["1930", "Konto 1930", "1000.00", "-100.00", "900.00"],
        ["2081", "Konto 2081", "-1000.00", "0.00", "-1000.00"],
    ]
    assert lines[0][head.index("Comment")] == "'=1+1"
    assert closing("reconcile", "1", "--sort", "status", "--output", "by-status.csv").code == 0
    assert [each[:4] for each in Path("by-status.csv").read_text("utf-8").splitlines()[1:]] == ["2081", "1930"]
    assert "is there already" in closing("reconcile", "1", "--output", "sheet.csv").words
    assert "neither CSV nor XLSX" in closing("reconcile", "1", "--output", "sheet.txt").words
    assert closing("reconcile", "1", "--output", "sheet.xlsx").code == 0
    assert Path("sheet.xlsx").read_bytes()[:2] == b"PK"


REFUSED = (
    (("set", "1", "1930"), "It is not said what account 1930"),
    (("set", "1", "1930", "--amount", "1", "--clear"), "It is not said what account 1930"),
    (("set", "1", "1930", "--amount", "1,2,3"), "1,2,3 on account 1930 is not an amount"),
    (("set", "1", "9999", "--amount", "1"), "9999"),
    (("entry", "1", "1930"), "Nothing reconciles account 1930"),
    (("entry", "1", "9999"), "There is no account 9999"),
    (("done", "1"), "No account is stated"),
    (("done", "1", "1930", "--all"), "No account is stated"),
    (("review", "1", "1930"), "how the review went"),
    (("review", "1", "1930", "--approve"), "is not done"),
)


def test_what_cannot_be_done_says_so(closing: Closing) -> None:
    for arguments, said in REFUSED:
        refused = closing("reconcile", *arguments)
        assert (refused.code, said in refused.words) == (5, True), (arguments, refused.words)


def test_another_may_be_demanded_to_review(closing: Closing) -> None:
    assert "Anyone may review" in closing("reconcile", "reviewers", "1").words
    closing("reconcile", "reviewers", "1", "--others")
    closing("reconcile", "set", "1", "1930", "--amount", "900")
    closing("reconcile", "done", "1", "1930")
    assert "Ask somebody else" in closing("reconcile", "review", "1", "1930", "--reject").words
    assert closing("reconcile", "reviewers", "1", "--anyone", "--json").data == {"others": False}
    closing("reconcile", "review", "1", "1930", "--reject")
    assert account(closing)["review"] == "rejected"
    assert "1 account is open again." in closing("reconcile", "reopen", "1", "--all").words
    assert account(closing)["review"] == "not-reviewed"


def test_swedish_is_spoken(closing: Closing) -> None:
    closing("reconcile", "set", "1", "1930", "--amount", "900")
    said = closing("--lang", "sv", "reconcile", "1").words
    for word in ("Balansavstämning 2025-03", "Avstämningsbelopp", "Pågår", "Kvalitetssäkring", "0 av 2 konton klara."):
        assert word in said, word
    assert "Årsavslut" in closing("--lang", "sv", "periods", "1").words
