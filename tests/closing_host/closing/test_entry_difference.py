"""An entry from a reconciliation difference."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry, Origin, Status
from closing_host.closing.entry_difference import counter_account, difference_rows

from .test_entries import entry

ORE = st.integers(-(10**16), 10**16)
KNOWN = dict.fromkeys(("2910", "7010", "7090", "4010", "1930"), "")


@settings(deadline=None)
@given(ORE, ORE)
def test_after_the_entry_the_difference_is_zero(balance: int, reconciled: int) -> None:
    assume(balance != reconciled)
    rows = difference_rows("2910", balance, reconciled, "7010")
    moved = {row.account: row.amount for row in rows}
    assert balance + moved["2910"] == reconciled
    assert sum(moved.values()) == 0


def test_without_difference_there_is_no_entry() -> None:
    with pytest.raises(DataError, match="entry-no-difference"):
        difference_rows("2910", 5, 5, "7010")


def used(id_: int, *accounts: str, origin: str = "hand", status: Status = Status.READY) -> ClosingEntry:
    made = entry(status)
    rows = tuple(DraftRow(account, 1) for account in accounts)
    return replace(made, id=id_, content=replace(made.content, rows=rows), origin=Origin(origin))  # type: ignore[arg-type]


def test_the_last_used_counter_account_is_proposed() -> None:
    made = [used(3, "2910", "4010"), used(2, "2910", "1930"), used(4, "2920", "1930")]
    assert counter_account("2910", made, KNOWN) == "4010"
    assert counter_account("4010", made, KNOWN) == "2910"


@pytest.mark.parametrize(
    "last",
    [
        used(9, "2910", "4010", status=Status.DELETED),
        used(9, "2910", "4010", origin="reversal"),
        used(9, "2910", "4010", "1930"),
        used(9, "2910", "9999"),
        used(9, "2910"),
    ],
)
def test_what_says_nothing_about_the_counter_account_is_passed_over(last: ClosingEntry) -> None:
    assert counter_account("2910", [last, used(1, "2910", "1930")], KNOWN) == "1930"


def test_the_usual_counter_account_is_proposed_when_the_company_has_it() -> None:
    assert counter_account("2910", [], KNOWN) == "7010"
    assert counter_account("2920", [], KNOWN) == "7090"
    assert counter_account("1400", [], KNOWN) is None
    assert counter_account("1930", [], KNOWN) is None
