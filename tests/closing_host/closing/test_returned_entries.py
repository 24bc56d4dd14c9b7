"""A year-end entry that an import brings back is in Årsavslut still, and moves nothing in any period."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booked_entries import ledger, voucher
from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow
from closing_host.closing.effect import counted, movements
from closing_host.closing.entries import ClosingEntry, EntryContent, Status
from closing_host.closing.period_balances import FIGURES, period_figures
from closing_host.closing.periods import periods_of
from closing_host.closing.recognition import recognise
from closing_host.closing.returned_entries import in_year_end, places_of, returned
from made_entries import END, SALARIES, START, made_entry

PERIODS = periods_of(START, END)


def figures(books: Ledger, *entries: ClosingEntry) -> list[list[tuple[object, ...]]]:
    """Every period's accounts that have anything, without the part that entries make and without names."""
    apart, moves = in_year_end(books, movements(entries), returned(entries))
    found = [period_figures(apart, moves, each) for each in PERIODS]
    assert all(list(each.columns) == list(FIGURES) for each in found)
    used = pl.col("opening", "change", "closing") != 0
    return [each.filter(pl.any_horizontal(used)).drop("entries", "used", "name").rows() for each in found]


@pytest.mark.parametrize("period", ["year-end", "2025-12"])
def test_no_period_moves_when_the_entry_comes_back(period: str) -> None:
    content = EntryContent(END, "Upplupna löner", SALARIES, period)
    sent = made_entry(content=content, status=Status.TRANSFERRED, at=("I", "14"))
    back = made_entry(content=content, status=Status.EXCLUDED, at=("I", "14"), seen=True)
    assert counted([back]) == ()
    before, after = ledger([]), ledger([voucher(sent, "14")])
    assert figures(after, back) == figures(before, sent)
    december, year_end = figures(after, back)[-2:]
    opened = ("2910", -5_000_000, -1_200_000, -6_200_000)
    assert (opened in december, opened in year_end) == (period == "2025-12", period == "year-end")


@st.composite
def sent_entries(draw: st.DrawFn) -> list[ClosingEntry]:
    """Entries of any month and of the year's end that were sent, on few accounts."""
    made = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        month = draw(st.sampled_from([6, 11, 12]))
        period = draw(st.sampled_from(["year-end", "2025-12"])) if month == 12 else f"2025-{month:02}"
        day = {6: date(2025, 6, 30), 11: date(2025, 11, 30), 12: END}[month]
        amount = draw(st.sampled_from([100, 1_200_000]))
        rows = (DraftRow(draw(st.sampled_from(["1930", "7010"])), amount), DraftRow("2910", -amount))
        content = EntryContent(day, "Bokslut", rows, period)
        made.append(
            made_entry(id=number, number=number, content=content, status=Status.TRANSFERRED, at=("I", str(number)))
        )
    return made


@settings(max_examples=8, deadline=None)
@given(sent=sent_entries(), back=st.sets(st.integers(1, 4)))
def test_effective_balances_of_every_period_are_the_same_before_and_after_a_recognised_import(
    sent: list[ClosingEntry], back: set[int]
) -> None:
    """Whichever of them the import brings: as recognised at the import, none counts twice or in another period."""
    books = ledger([voucher(each, str(each.number)) for each in sent if each.number in back])
    found = recognise(sent, books, None, as_of=date(2026, 3, 1))
    after = [replace(each.entry, status=each.status, seen=each.seen) for each in found]
    assert {each.number for each in returned(after)} == back & {each.number for each in sent}
    assert figures(books, *after) == figures(ledger([]), *sent)


def test_what_was_changed_in_the_source_is_in_year_end_as_it_is_there() -> None:
    sent = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
    rows = (DraftRow("7010", 1_100_000), DraftRow("2910", -1_100_000))
    changed = made_entry(status=Status.CHANGED, at=("I", "14"), seen=True)
    now = figures(ledger([voucher(sent, "14", rows=rows)]), changed)
    assert now[:-1] == figures(ledger([]), sent)[:-1]
    assert ("2910", -5_000_000, -1_100_000, -6_100_000) in now[-1]
    moved = figures(ledger([voucher(sent, "14", rows=rows, day=date(2025, 11, 30))]), changed)
    assert ("2910", -5_000_000, -1_100_000, -6_100_000) in moved[10], "another day is another period"


def test_a_double_entry_that_was_seen_is_in_year_end_with_each_voucher() -> None:
    sent = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
    double = made_entry(status=Status.DOUBLE, at=("I", "14"), seen=True, reason="I 14, I 15")
    assert places_of(double) == {("I", "14"), ("I", "15")}
    both = figures(ledger([voucher(sent, "14"), voucher(sent, "15")]), double)
    assert ("2910", -5_000_000, -2_400_000, -7_400_000) in both[-1]
    assert returned([made_entry(status=Status.DOUBLE, at=("I", "14"), reason="I 14, I 15")]) == ()


def test_without_such_entries_nothing_is_laid_apart() -> None:
    books, moves = ledger([]), movements([made_entry()])
    for entries in ([], [made_entry()], [made_entry(status=Status.EXCLUDED, at=("", ""), seen=True)]):
        assert in_year_end(books, moves, entries) == (books, moves)
