"""`closing changes`, the line after an import, and the analysis of a locked period, as typed."""

from pathlib import Path

import pytest

from small_sie import sie, voucher

from .conftest import Closing

LATE = voucher(4, "1.00", "20250331")


@pytest.fixture(autouse=True)
def books(closing: Closing) -> None:
    """The first quarter is locked."""
    Path("books.se").write_bytes(sie(voucher(1)))
    Path("later.se").write_bytes(sie(voucher(1), LATE))
    assert closing("import", "--new", "books.se").code == 0
    assert closing("periods", "divide", "1", "quarter").code == 0
    assert closing("periods", "lock", "1", "2025-03", "--reason", "Mall").code == 0


def test_an_import_that_changes_a_locked_period_says_so_and_changes_tells_all(closing: Closing) -> None:
    nothing = closing("changes", "1")
    assert (nothing.code, nothing.words) == (0, "Nothing that is signed off, locked or exported has changed.")
    said = closing("import", "later.se").words
    assert "1 locked period has changed. What changed: closing changes 1/2025" in said
    told = closing("changes", "1/2025")
    assert told.code == 1
    assert "2025-03 is locked, and has changed since in the books:" in told.words
    assert "new: A 4 2025-03-31 Köp 4" in told.words
    assert "1930 Konto 1930: 900.00 → 899.00" in told.words
    undone = closing("history", "1", "--use", "previous").words
    assert "locked period" not in undone
    assert "1 locked period has changed." in closing("history", "1", "--use", "2").words


def test_an_account_that_was_done_is_told_with_its_vouchers(closing: Closing) -> None:
    assert closing("reconcile", "set", "1", "1930", "--period", "2025-06", "--amount", "900").code == 0
    assert closing("reconcile", "done", "1", "1930", "--period", "2025-06").code == 0
    assert closing("import", "later.se", "--json").data[0]["signed_off_changed"]["accounts"] == 1
    data = closing("changes", "1", "--json").data
    assert data["counts"] == {"locked": 1, "done": 0, "accounts": 1, "entries": 0}
    [account] = data["accounts"]
    assert (account["period"], account["moved"]) == (
        "2025-06",
        [{"figure": "closing", "before": "900.00", "after": "899.00"}],
    )
    assert [(each["number"], each["after"]) for each in account["vouchers"]] == [("4", "-1.00")]
    said = closing("--lang", "sv", "changes", "1").words
    assert "1 låst period har ändrats. 1 konto har ändrats efter klarmarkeringen." in said
    assert "A 4 2025-03-31" in said


def test_both_figures_that_moved_are_told(closing: Closing) -> None:
    at = ("1930", "--period", "2025-06")
    assert closing("reconcile", "set", "1", *at, "--amount", "900").code == 0
    assert closing("reconcile", "done", "1", *at).code == 0
    assert closing("attachments", "add", "1", "1930", "--row", "Bank=895", "--as-at", "2025-06-30").code == 0
    closing("import", "later.se")
    said = closing("changes", "1").words
    assert "2025-06 1930 Konto 1930 Closing balance 900.00 899.00 A 4 2025-03-31" in said
    assert "2025-06 1930 Konto 1930 Reconciled amount 900.00 895.00" in said


def test_no_check_runs_in_a_locked_period(closing: Closing) -> None:
    said = closing("analysis", "1", "--period", "2025-02")
    assert (said.code, "2025-03 is locked, so no check runs." in said.words) == (0, True)
    data = closing("analysis", "1", "--period", "2025-03", "--checks", "ta01,TA10", "--json").data
    assert [each["id"] for each in data["checks"]] == ["TA01", "TA10"]
    assert data["locked"]["period"] == "2025-03"
    assert "TA17 There is no payables ledger." in said.words
    [unable] = closing("analysis", "1", "--period", "2025-03", "--checks", "TA17", "--json").data["checks"]
    assert (unable["state"], unable["reason"].split(".")[0]) == ("could_not_run", "There is no payables ledger")
    unknown = closing("analysis", "1", "--period", "2025-03", "--checks", "TA01,TA99")
    assert (unknown.code, "There is no check TA99" in unknown.err, "TA31" in unknown.err) == (5, True, True)
    refused = closing("analysis", "done", "1", "0000", "--period", "2025-03")
    assert "Period 2025-03 is locked" in refused.err
